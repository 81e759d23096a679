"""What a target requires: by its grammar, by its rows, by the checks, by the authority's pack.

- An element that the grammar or a `required: true` row wants: always, or where the element around it stands.
- What the checks of the source miss in a record that says nothing: its parts are opened until nothing new is missed.
- What the authority's pack misses in the same record, the settings it needs among it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from gateway.checks import Context, run
from gateway.findings.finding import Finding
from gateway.mapping.places import Place
from gateway.mapping.plan import Element, Plan, Slot
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Filing
from gateway.mapping.reach import model_places
from gateway.model import Consignment, GoodsItem, Moment, Record
from gateway.model.dictionary import at, fields
from gateway.steps.answering.values import element

SILENT = Consignment(goods_items=(GoodsItem(),))


class Demand(msgspec.Struct, frozen=True):
    """Something that must be there: its element in the message (or none), where in the model it may come from.

    `why` is `grammar`, `required` or the code of a finding; `within` is the element that brings the demand about where
    it is not always there; `default` is what the table says where nothing else does; `setting` is a key that the pack
    asks for.
    """

    path: str
    places: tuple[Place, ...]
    wco: str
    why: str
    within: str = ""
    default: str | None = None
    setting: str = ""


def of_table(plan: Plan) -> Iterator[Demand]:
    """What the grammar and the rows require, in the order of the document."""
    if plan.document is not None:
        yield from _below(plan, plan.document, "")


def of_checks(bound: tuple[tuple[str, str], ...], on: date) -> Iterator[Demand]:
    """What the checks miss in a consignment that says nothing."""
    record, known = SILENT, set[str]()
    while True:
        found = [one for one in run(record, Context(received_on=on), bound) if one.severity == "error"]
        new = {one.model_path: one for one in found if one.model_path not in known}
        if not new:
            return
        yield from (_missed(one) for one in new.values())
        known |= new.keys()
        for path in new:
            record = _opened(record, path.split("."))


def of_authority(target: str, on: date) -> Iterator[Demand]:
    """What the authority's pack misses in a consignment that says nothing, filed with no settings at all."""
    pack = authority_for(target)
    for finding in pack.complete(SILENT, filing(target), {}, on)[1] if pack is not None else ():
        yield _missed(finding)


def filing(target: str) -> Filing:
    """A filing as such: only what is asked for counts."""
    return Filing("LRN", Moment("2026-01-01T00:00:00Z"), target=target)


def _below(plan: Plan, above: Element, within: str) -> Iterator[Demand]:
    for child in above.children:
        inside = within if child.required else child.path
        yield from _own(plan, child, inside)
        yield from _below(plan, child, inside)


def _own(plan: Plan, here: Element, within: str) -> Iterator[Demand]:
    """The text and the attributes of one element."""
    if here.required:
        wco = here.node.wco_id if here.node else ""
        yield from _slots(plan, here.texts, here.path, wco, within)
    for attribute in here.attributes:
        if attribute.node is not None and attribute.node.least:
            path = f"{here.path}/@{attribute.name}"
            yield from _slots(plan, attribute.slots, path, attribute.node.wco_id, within or here.path)


def _slots(plan: Plan, slots: Iterable[Slot], path: str, wco: str, within: str) -> Iterator[Demand]:
    values = [plan.values[slot.value] for slot in slots if slot.role == "text" and not slot.choice]
    for value in values[:1]:
        if value.only != "read" and value.constant is None and value.kind != "position":
            why = "required" if value.required else "grammar"
            places = tuple(place for ref in value.refs for place in model_places(plan, ref))
            yield Demand(path, places, wco, why, within, value.default)


def _missed(finding: Finding) -> Demand:
    """A finding about what is not there, as a demand."""
    path = element(finding.model_path)
    field = at(Consignment, path)
    place = Place("Consignment", path, path, (), "", field=field)
    wco = field.wco[0] if field and len(field.wco) == 1 else ""  # of several ids each is that of one role
    return Demand("", (place,), wco, finding.code, setting=finding.values.get("key", ""))


def _opened(record: Any, steps: list[str]) -> Any:
    """The record with an empty part where a path leads to one that is not there."""
    name, *rest = steps
    known: type[Record] = type(record)
    field = fields(known).get(name)
    if field is None or field.record is None or field.is_list:
        return record
    inner = getattr(record, name) or field.record()
    return msgspec.structs.replace(record, **{name: _opened(inner, rest) if rest else inner})
