"""Formats: pure functions without I/O, clock or configuration, found through the entry points `gateway.formats`."""
