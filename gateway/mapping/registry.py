"""Every table within reach: overlay folders first, the shipped ones last; loaded when asked for."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping.codelist import CodeList
from gateway.mapping.format import Format
from gateway.mapping.plan import Plan


class Head(msgspec.Struct, frozen=True):
    """What a table says of itself, without its rows."""

    format: str
    title: str
    basis: str
    syntax: str
    record: str
    reads: bool
    writes: bool
    valid_from: date | None
    valid_to: date | None
    file: str


@cache
def shipped() -> Path:
    """The tables that come with the gateway: `mappings/` of a checkout, `gateway/_mappings` of an installed wheel."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_mappings"
    return installed if installed.is_dir() else package.parent / "mappings"


class Registry:
    """Formats by name."""

    def __init__(self, roots: Sequence[Path] = ()) -> None:
        self.roots = (*roots, shipped())

    def names(self) -> tuple[str, ...]:
        raise NotImplementedError

    def heads(self) -> tuple[Head, ...]:
        raise NotImplementedError

    def faults(self, name: str | None = None) -> tuple[Finding, ...]:
        raise NotImplementedError

    def plan(self, name: str, on: date) -> Plan:
        raise NotImplementedError

    def format(self, name: str, on: date) -> Format:
        raise NotImplementedError

    def recognise(self, head: bytes, on: date) -> tuple[str, ...]:
        raise NotImplementedError

    def codes(self, name: str) -> CodeList:
        raise NotImplementedError
