"""Rows of cells as the mapping language knows them: CSV in its dialects, and the first sheet of a workbook."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Literal

from adapters.syntax.tabular import guard, hint, items, recognise, split, writing
from gateway.findings import Finding
from gateway.mapping.body import Body
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Bad, Closing, Item, Leaf, Limits, Opening, Scan, Slice


class Tabular:
    """CSV in UTF-8 (with or without BOM) or Windows-1252, and XLSX; CSV is written."""

    name = "tabular"
    suffix = "csv"
    shape: Literal["segments", "element", "json"] = "segments"
    grouped = True

    def may_be(self, head: bytes, root: str) -> bool:  # noqa: ARG002 - the protocol's
        return not head.lstrip().startswith(b"<")

    def recognise(self, head: bytes, plans: tuple[Plan, ...]) -> tuple[Plan, ...]:
        return recognise.recognise(head, plans)

    def refuse(self, head: bytes, size: int, limits: Limits) -> Finding | None:
        return guard.refuse(head, size, limits)

    def slices(
        self, stream: BinaryIO, plan: Plan, size: int, limits: Limits
    ) -> Iterator[Opening | Slice | Closing | Bad]:
        return split.slices(stream, plan, size, limits)

    def items(
        self,
        opening: Opening,
        at: Slice,
        data: bytes,
        plan: Plan,
        limits: Limits,
        scan: Scan | None = None,  # noqa: ARG002 - the protocol's
    ) -> Iterator[Item | Bad]:
        return items.items(opening, at, data, plan, limits)

    def divided(self, opening: Opening, at: Slice, data: bytes, plan: Plan, limits: Limits) -> Iterator[Slice]:
        return split.divided(opening, at, data, plan, limits)

    def outer(self, opening: Opening, plan: Plan) -> Item | Bad:  # noqa: ARG002 - nothing stands around rows
        return Item(0, opening.span, None)

    def id_hint(self, raw: bytes, plan: Plan) -> str:
        return hint.id_hint(raw, plan)

    def leaves(self, item: Item, opening: Opening, data: bytes, plan: Plan) -> Iterator[Leaf]:
        return items.leaves(item, opening, data, plan)

    def written(self, body: Body, plan: Plan) -> str:
        return writing.written(body, plan)

    def frame(self, body: Body | None, units: Iterable[str], plan: Plan) -> Iterator[bytes]:  # noqa: ARG002
        return writing.frame(units, plan)
