"""What goes on, what is wrong, and who is told of it."""
