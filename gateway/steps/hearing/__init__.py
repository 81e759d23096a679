"""What customs says finds the declaration it is about, and says where that stands."""
