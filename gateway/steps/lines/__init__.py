"""Of partners' servers: what they can do, what came and went there, how many talks they bear at once."""
