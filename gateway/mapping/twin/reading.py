"""Reading by walking: one item's elements against the plan, with findings and a trace."""

from collections.abc import Iterator, Mapping

import msgspec

from gateway.mapping.grammar import Node
from gateway.mapping.holders import Holder, holders
from gateway.mapping.outer import openings, outers
from gateway.mapping.plan import Element, Plan, Ref, Scope, Slot
from gateway.mapping.protocols import Item
from gateway.mapping.scalars import spelled, unlike
from gateway.mapping.texts import misfits
from gateway.mapping.trace import Trace
from gateway.mapping.trouble import Trouble
from gateway.mapping.twin.frames import Frame, Spot, Text
from gateway.mapping.twin.matching import passes
from gateway.mapping.twin.understanding import Said, Spans, Understanding

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NUMBERS = {"number", "measure", "amount", "count"}


class Reader:
    """The slow reader of a plan. `loose`: elements stand in any order, and there may be more than a grammar knows."""

    def __init__(self, plan: Plan, *, loose: bool = False) -> None:
        self.plan, self.loose = plan, loose
        self.holders: dict[int, Holder] = dict(holders(plan))
        self.outer = outers(plan)
        self.openings = openings(plan)
        self.unit = next((scope for scope in plan.scopes if scope.unit), plan.scopes[0])

    def read(self, item: Item, spans: Spans | None = None) -> Trace:
        """One unit of failure."""
        return _Walk(self, item, spans or {}, None).trace(self.unit)

    def read_outer(self, item: Item, spans: Spans | None = None) -> Trace:
        """The record around the units, without them."""
        return _Walk(self, item, spans or {}, self.unit.number or None).trace(self.plan.scopes[0])


class _Walk(Understanding):
    """One walk over one item; elements that open the scope `skip` are left out."""

    def __init__(self, reader: Reader, item: Item, spans: Spans, skip: int | None) -> None:
        super().__init__(reader.plan, reader.holders, reader.outer, item, spans)
        self.openings, self.skip, self.turn, self.loose = reader.openings, skip, 0, reader.loose

    def trace(self, scope: Scope) -> Trace:
        element = self.openings[scope.number][-1]
        ids = (element.node.wco_id if element.node else "",)
        spot = Spot(self.item.body, ((element.path.rpartition("/")[2], 1),), ids)
        frame = Frame(scope, spot)
        self.element(element, frame, spot)
        record = self.closed(frame)
        lines = sorted(self.said, key=lambda line: line.at.turn)
        return Trace(record, tuple(self.entry(line) for line in lines), self.findings())

    # elements

    def element(self, element: Element, frame: Frame, at: Spot) -> None:
        self.texts(element, frame, at)
        self.attributes(element, frame, at)
        seen: dict[str, int] = {}
        done: dict[int, int] = {}
        last = -1
        for body in at.body:
            if not isinstance(body.tag, str):
                continue
            local = body.tag.rpartition("}")[2]
            seen[local] = seen.get(local, 0) + 1
            self.turn += 1
            found = next((e for e in element.children if e.tag == body.tag and passes(e.tests, body)), None)
            inner = at.down(body, local, seen[local], found.node.wco_id if found and found.node else "", self.turn)
            self.stray(body.tail, inner)
            if found is None:
                self.unmapped(element, inner)
                continue
            last = self.ordered(found, last, inner)
            done[id(found)] = done.get(id(found), 0) + 1
            if not self.excess(found, done[id(found)], seen[local], inner):
                self.child(found, frame, inner)
        self.missing(element, done, frame, at)

    def child(self, found: Element, frame: Frame, at: Spot) -> None:
        if found.aside:
            return
        if found.opens is None:
            self.element(found, frame, at)
        elif found.opens != self.skip:
            self.opened(found, self.plan.scopes[found.opens], frame, at)

    def excess(self, found: Element, count: int, number: int, at: Spot) -> bool:
        """One too many: a second one of what stands once is left out, one of a list is read all the same."""
        if found.aside:
            return False
        if count > 1 and not found.repeats:
            code = "SRC256" if self.plan.group is None else "SRC401"
            self.say(Trouble(code, {"element": at.name}), at, found.row)
            return True
        most = found.node.most if found.node else None
        if most is not None and number == most + 1:
            self.say(Trouble("SRC276", {"element": at.name, "most": str(most)}), at, found.row)
        return False

    def ordered(self, found: Element, last: int, at: Spot) -> int:
        order = found.node.order if found.node else last
        if order < last and not self.loose:
            self.say(Trouble("SRC257", {"element": at.name}), at, found.row)
        return max(last, order)

    def opened(self, found: Element, scope: Scope, frame: Frame, at: Spot) -> None:
        own = Frame(scope, at, frame)
        self.element(found, own, at)
        above = frame.of(scope.parent or 0) or frame
        own.number = self.number(above, scope) + 1
        if (made := self.closed(own)) is not None:
            above.read.entries.append((scope.number, made))

    def number(self, above: Frame, scope: Scope) -> int:
        holder = self.holders[above.scope.number]
        for hop in scope.hops:
            holder = holder.parts[hop.names[0]]
        return above.count(holder, scope.field)

    def missing(self, element: Element, done: Mapping[int, int], frame: Frame, at: Spot) -> None:
        present = {child.tag for child in element.children if id(child) in done}
        asked = {child.tag: child for child in element.children if child.required and child.tag not in present}
        for child in asked.values():
            if child.opens is not None and child.opens == self.skip:
                continue
            name = child.path.rpartition("/")[2]
            inner = at.down(at.body, name, 1, child.node.wco_id if child.node else "", self.turn)
            self.say(Trouble("SRC253", {"element": name}), inner, child.row, frame, tuple(self.held(child)))

    def held(self, element: Element) -> Iterator[Ref]:
        """Every place of the model that an element fills."""
        if element.opens is not None:
            scope = self.plan.scopes[element.opens]
            yield Ref(scope.parent or 0, scope.hops, scope.field)
            return
        for slot in (*element.texts, *(slot for each in element.attributes for slot in each.slots)):
            yield from self.plan.values[slot.value].refs[:1]
        for child in element.children:
            yield from self.held(child)

    def unmapped(self, element: Element, at: Spot) -> None:
        """Known to the grammar: information. Unknown to it: no such message."""
        known = {_namespace(e.tag) for e in (element, *element.children)}
        strange = (
            element.node is not None
            and not self.loose
            and (at.name not in element.node.children or _namespace(at.body.tag) not in known)
        )
        self.say(Trouble("SRC254" if strange else "SRC255", {"element": at.name}), at, element.row)

    def stray(self, text: str | None, at: Spot) -> None:
        if text and not text.isspace():
            self.say(Trouble("SRC272", {"value": text.strip()[:40]}), at, None)

    # texts

    def texts(self, element: Element, frame: Frame, at: Spot) -> None:
        text = (at.body.text or "").strip()
        if not element.texts:
            self.stray(at.body.text, at)
        elif text:
            self.take(element.texts, element.node, frame, Text(self.scalar(element, text, at), at))
        elif element.required and not len(at.body):
            self.say(Trouble("SRC253", {"element": at.name}), at, element.row, frame, tuple(self.held(element)))

    def scalar(self, element: Element, text: str, at: Spot) -> str:
        """The text of a value whose syntax tells texts from numbers: a number may be written with an exponent."""
        found = getattr(at.body, "kind", "")
        if kind := unlike(found, element.node):
            self.say(Trouble("SRC514", {"element": at.name, "kind": found, "wanted": kind}), at, element.row)
        number = found == "number" and self.plan.values[element.texts[0].value].kind in _NUMBERS
        return spelled(text) if number else text

    def attributes(self, element: Element, frame: Frame, at: Spot) -> None:
        known = {attribute.name: attribute for attribute in element.attributes}
        for name, text in at.body.items():
            if name.startswith(XSI):
                continue
            attribute = known.get(name)
            node = attribute.node if attribute else None
            inner = at.down(at.body, f"@{name}", 1, node.wco_id if node else "", at.turn)
            if attribute is None:
                self.uncarried(element, name, text, inner)
            elif text.strip():
                self.take(attribute.slots, node, frame, Text(text.strip(), inner))

    def uncarried(self, element: Element, name: str, text: str, at: Spot) -> None:
        """An attribute without a row: beside a number it may change what that means, unless it says what is meant."""
        numbers = [value for slot in element.texts if (value := self.plan.values[slot.value]).kind in _NUMBERS]
        if not numbers:
            self.say(Trouble("SRC271", {"element": name}), at, element.row)
        elif text not in (numbers[0].unit, numbers[0].currency):
            self.say(Trouble("SRC275", {"element": name, "value": text}), at, element.row)

    def take(self, slots: tuple[Slot, ...], node: Node | None, frame: Frame, text: Text) -> None:
        first = self.plan.values[slots[0].value]
        number = slots[0].role == "text" and first.numeric
        if text.text != first.none:
            for trouble in misfits(text.text, node, number=number):
                self.say(trouble, text.at, first.row, frame, first.refs[:1])
        if len(slots) > 1:
            text = msgspec.structs.replace(text, shared=True)
        for slot in slots:
            value = self.plan.values[slot.value]
            home = frame.of(value.scope)
            if value.implied:  # a predicate asked for it: that is all it says
                self.said.append(Said(frame, value, text.text, text.at, (value.number, 0)))
            elif home is not None and value.only != "write":
                self.keep(home, slot, value, text)


def _namespace(tag: str) -> str:
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""
