"""JSON: files cut at bytes, units with exact numbers, every value with its place, records written back.

`SYNTAX` is what the mapping language takes (`gateway.mapping.protocols.Syntax`). A document has no name in JSON: the
first step of a table's `root` gives it one, for traces, and its predicates tell the format
(`root: "shipment[parcels/items]"`); further steps are names of members on the way to the list of units.
"""

from adapters.syntax.json.syntax import Json
from gateway.mapping.protocols import Syntax

__all__ = ["SYNTAX"]

SYNTAX: Syntax = Json()
"""The JSON syntax as the mapping language knows it."""
