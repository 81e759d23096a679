"""What the standard library raises on archives that are broken, encrypted, or made up by somebody."""

import struct
import zipfile
import zlib

UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, RuntimeError)
"""Encrypted members and unknown compressions are a `RuntimeError`."""
