"""Formats of the Universal Postal Union."""
