"""The demonstration: a post, a simulated customs and a gateway on one machine."""
