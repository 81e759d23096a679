"""The XML syntax as the mapping language knows it."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Literal

from adapters.syntax.xml import guard, hint, items, positions, recognise, schemas, split
from gateway.findings import Finding
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Bad, Closing, Compiled, Item, Leaf, Limits, Opening, Scan, Slice


class Xml:
    """XML 1.0 in an encoding whose markup is ASCII: UTF-8, US-ASCII, ISO 8859-1, Windows-1252."""

    name = "xml"
    shape: Literal["segments", "element", "json"] = "element"
    grouped = False
    schema_suffix = ".xsd"

    def may_be(self, head: bytes, root: str) -> bool:
        return recognise.may_be(head, root)

    def recognise(self, head: bytes, plans: tuple[Plan, ...]) -> tuple[Plan, ...]:
        return recognise.recognise(head, plans)

    def refuse(self, head: bytes, size: int, limits: Limits) -> Finding | None:
        return guard.refuse(head, size, limits)

    def slices(
        self, stream: BinaryIO, plan: Plan, size: int, limits: Limits
    ) -> Iterator[Opening | Slice | Closing | Bad]:
        return split.slices(stream, plan, size, limits)

    def items(
        self, opening: Opening, at: Slice, data: bytes, plan: Plan, limits: Limits, scan: Scan | None = None
    ) -> Iterator[Item | Bad]:
        return items.items(opening, at, data, plan, limits, scan)

    def outer(self, opening: Opening, plan: Plan) -> Item | Bad:
        return items.outer(opening, plan)

    def id_hint(self, raw: bytes, plan: Plan) -> str:
        return hint.id_hint(raw, plan)

    def leaves(self, item: Item, opening: Opening, data: bytes, plan: Plan) -> Iterator[Leaf]:  # noqa: ARG002 - the protocol's
        return positions.leaves(data, item.span.offset, item.span.line, guard.codec(opening.head))

    def compiled(self, files: Mapping[str, bytes], root: str) -> Compiled:
        return schemas.compiled(files, root)

    def beginnings(self, files: Mapping[str, bytes]) -> tuple[str, ...]:
        return schemas.beginnings(files)
