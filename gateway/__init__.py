"""The open postal-customs EDI interoperability gateway."""

__version__ = "0.1.0"
