"""Commands: what a person types, and how it is said back, as text or as JSON."""
