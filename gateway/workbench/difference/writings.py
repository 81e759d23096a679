"""What was written, value by value: so that two texts of one format are compared by what they say, not by layout."""

from collections.abc import Mapping
from functools import cached_property

from gateway.mapping.canonical import path
from gateway.mapping.carried import carried, model_path
from gateway.mapping.format import Format
from gateway.mapping.law import units
from gateway.mapping.protocols import Item
from gateway.model import Message, Moment
from gateway.steps.answering.values import Said, element

AROUND = Message(
    sender="A", recipient="B", prepared_at=Moment(iso="2026-01-01T00:00:00Z"), control_reference="1", reference="1"
)  # an envelope, so that a unit stands in a whole document


class Writings:
    """Texts of one format, taken apart by its own table."""

    def __init__(self, table: Format) -> None:
        self._table = table

    def values(self, text: bytes) -> dict[str, Said]:
        """Every value of a document, or of a unit that stands in one, by its path."""
        found: dict[str, Said] = {}
        for unit in units(self._table, self._whole(text)):
            if isinstance(unit.item, Item):
                for leaf in self._table.syntax.leaves(unit.item, unit.opening, unit.data, self._table.plan):
                    at = path(leaf.steps)
                    found[at] = Said(at, leaf.text.strip(), self.model_path(at))
        return found

    def _whole(self, text: bytes) -> bytes:
        """A document; nothing where the envelope wants what only a real message has."""
        if not self._table.plan.framed:
            return text
        try:
            return b"".join(self._table.frame(AROUND, (text.decode(),)))
        except ValueError:
            return b""

    def model_path(self, at: str) -> str:
        """The field of the model behind an element that was written; "" where none is."""
        here = element(at)
        return next((field for name, field in self._fields.items() if f"/{name}".endswith(f"/{here}")), "")

    @cached_property
    def _fields(self) -> Mapping[str, str]:
        plan = self._table.plan
        return {at: field for at, value in carried(plan) if (field := model_path(plan, value))}
