"""What a table says of itself, without its rows; what it does not say comes from the table it extends."""

from collections.abc import Callable
from datetime import date

import msgspec

from gateway.mapping.table import Table


class Head(msgspec.Struct, frozen=True):
    """One table's name card."""

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
    root: str = ""

    @property
    def day(self) -> date:
        """A day on which it is in force."""
        return self.valid_from or min(self.valid_to or date.max, date.today())  # noqa: DTZ011 - any day will do

    def in_force(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


def head_of(own: Table, find: Callable[[str], Table | None]) -> Head:
    """The head of a table; `find` leads to the heads of those it extends."""
    chain = [own]
    while (base := chain[-1].text("extends")) and len(chain) < 9 and (above := find(base)):
        chain.append(above)

    def said(name: str) -> str:
        return next((each.text(name) for each in chain if each.text(name)), "")

    return Head(
        own.text("format"),
        own.text("title"),
        own.text("basis"),
        said("syntax"),
        said("record"),
        said("only") != "write",
        said("only") != "read",
        day(own.said("valid", "from")),
        day(own.said("valid", "to")),
        own.file,
        said("root"),
    )


def day(text: str) -> date | None:
    """A date of `valid`; None where there is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
