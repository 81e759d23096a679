"""Rows of cells: CSV and XLSX cut into items of one or several rows, every value with its place.

`SYNTAX` is what the mapping language takes (`gateway.mapping.protocols.Syntax` and `Scribe`).
"""

from adapters.syntax.tabular.syntax import Tabular
from gateway.mapping.protocols import Syntax

__all__ = ["SYNTAX"]

SYNTAX: Syntax = Tabular()
