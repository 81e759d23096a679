"""One compiled table: bytes' items to records and records to text, with findings and traces."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Item, Opening, Syntax
from gateway.mapping.trace import Trace


class Reading(msgspec.Struct, frozen=True):
    """What an item was understood to say. `exact` says that the compiled reader had no doubt."""

    record: Any
    findings: tuple[Finding, ...] = ()
    exact: bool = True


class Written(msgspec.Struct, frozen=True):
    """The text of one document or unit; None where it cannot be written as the format demands."""

    text: str | None
    findings: tuple[Finding, ...] = ()


class Format:
    """A table at work. Reading and writing go through compiled code and, at the first surprise, through the twin."""

    def __init__(self, plan: Plan, syntax: Syntax) -> None:
        self.plan = plan
        self.syntax = syntax

    def read(self, item: Item) -> Reading:
        raise NotImplementedError

    def read_outer(self, opening: Opening) -> Reading:
        raise NotImplementedError

    def write(self, record: Any) -> Written:
        raise NotImplementedError

    def frame(self, message: Any, units: Iterable[str]) -> Iterator[bytes]:
        raise NotImplementedError

    def trace_read(self, item: Item, data: bytes, opening: Opening | None = None) -> Trace:
        raise NotImplementedError

    def trace_write(self, record: Any) -> Trace:
        raise NotImplementedError
