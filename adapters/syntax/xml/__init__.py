"""XML: files cut at bytes, units parsed a hundred at a time, every value with its place.

`SYNTAX` is what the mapping language takes (`gateway.mapping.protocols.Syntax`).
"""

from adapters.syntax.xml.syntax import Xml
from gateway.mapping.protocols import Syntax

__all__ = ["SYNTAX"]

SYNTAX: Syntax = Xml()
