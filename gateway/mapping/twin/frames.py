"""What the twin knows of one entry while it reads: texts with their places, values, finished entries below."""

from typing import Any

import msgspec

from gateway.mapping.holders import Holder, Read
from gateway.mapping.plan import Ref, Scope

Steps = tuple[tuple[str, int], ...]


class Spot(msgspec.Struct, frozen=True):
    """A place in the message: the body element, the steps to it from the unit, its WCO ids, its turn in the message."""

    body: Any
    steps: Steps
    ids: tuple[str, ...] = ()
    turn: int = 0

    @property
    def name(self) -> str:
        return self.steps[-1][0]

    def down(self, body: Any, name: str, number: int, wco_id: str, turn: int) -> "Spot":
        """A child's place."""
        return Spot(body, (*self.steps, (name, number)), (*self.ids, wco_id), turn)


class Text(msgspec.Struct, frozen=True):
    """A text and where it stands; `shared` says that it stands beside several values (a currency of price and sum)."""

    text: str
    at: Spot
    shared: bool = False


class Occurrence(msgspec.Struct):
    """One reading of a value: its texts by (choice, piece, role)."""

    texts: dict[tuple[int, int, str], Text] = {}


class Frame(msgspec.Struct, eq=False):
    """One entry of a scope. `number` is its place in the list it becomes part of."""

    scope: Scope
    at: Spot
    above: "Frame | None" = None
    read: Read = msgspec.field(default_factory=Read)
    raw: dict[int, list[Occurrence]] = {}
    number: int = 0

    def of(self, scope: int) -> "Frame | None":
        """The frame of a scope around here."""
        frame: Frame | None = self
        while frame is not None and frame.scope.number != scope:
            frame = frame.above
        return frame

    def path(self, holders: dict[int, Holder], ref: Ref, column: int = 0) -> str:
        """The full model path of a field, entries numbered from 1."""
        frame = self.of(ref.scope) or self
        names: list[str] = []
        holder = holders.get(frame.scope.number)
        for hop in ref.hops:
            name = hop.names[0]
            if hop.entry:
                before = frame.count(holder, name) if holder else 0
                rank = column or (_rank(holder, name, hop.where, frame.read) if holder else 1)
                names.append(f"{name}[{before + rank}]")
            else:
                names.append(name)
            holder = holder.parts.get(name) if holder else None
        if ref.field:
            names.append(ref.field)
        if ref.key:
            names.append(ref.key)
        if ref.listed and column:
            names[-1] += f"[{column}]"
        return ".".join([*frame.prefix(holders), *names])

    def prefix(self, holders: dict[int, Holder]) -> list[str]:
        """The path of the entry itself; of the unit it is empty."""
        if self.above is None:
            return []
        outer = Ref(self.scope.parent or 0, self.scope.hops, self.scope.field)
        path = self.above.path(holders, outer)
        return [path if self.scope.plain == "map" else f"{path}[{self.number}]"]

    def count(self, holder: Holder, name: str) -> int:
        """How many finished entries stand in a list."""
        scopes = holder.scopes.get(name, [])
        return sum(scope in scopes for scope, _ in self.read.entries)


def _rank(holder: Holder, name: str, where: tuple[tuple[str, str], ...], read: Read) -> int:
    """Among the entries of single rows, those that were read."""
    rank = 1
    for other, one in holder.entries.get(name, {}).items():
        if other == where:
            return rank
        rank += any(leaf in read.leaves for leaf in one.all_leaves())
    return rank
