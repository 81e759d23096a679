from collections.abc import Iterable, Iterator
from typing import BinaryIO, Literal

from adapters.syntax.json import guard, hint, items, recognise, split, write
from gateway.findings import Finding
from gateway.mapping.body import Body
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Bad, Closing, Item, Leaf, Limits, Opening, Scan, Slice


class Json:
    """JSON in UTF-8: one object, a list of them, an object a line, or a list somewhere in an object."""

    name = "json"
    shape: Literal["segments", "element", "json"] = "json"
    grouped = False

    def may_be(self, head: bytes, root: str) -> bool:  # noqa: ARG002 - the protocol's
        return recognise.may_be(head)

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

    def outer(self, opening: Opening, plan: Plan) -> Item | Bad:
        return items.outer(opening, plan)

    def id_hint(self, raw: bytes, plan: Plan) -> str:
        return hint.id_hint(raw, plan)

    def leaves(self, item: Item, opening: Opening, data: bytes, plan: Plan) -> Iterator[Leaf]:  # noqa: ARG002 - the protocol's
        return items.leaves(item, data, plan)

    def written(self, body: Body, plan: Plan) -> str:
        return write.written(body, plan)

    def frame(self, body: Body | None, units: Iterable[str], plan: Plan) -> Iterator[bytes]:
        return write.frame(body, units, plan)
