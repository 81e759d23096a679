"""XML: files cut at bytes, units parsed a hundred at a time, every value with its place.

`SYNTAX` is what the mapping language takes (`gateway.mapping.protocols.Syntax`).
"""

from adapters.syntax.xml.syntax import Xml

__all__ = ["SYNTAX"]

SYNTAX = Xml()
