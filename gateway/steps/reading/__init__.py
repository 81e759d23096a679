"""Received files become interchanges and items; what cannot be read is refused with its reason."""
