"""Reading by walking: one item's elements against the plan, with findings and a trace."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.findings.catalogue import entry
from gateway.findings.finding import Finding, Position, Row
from gateway.mapping.grammar import Node
from gateway.mapping.holders import Holder, Leaf, assembled, holders
from gateway.mapping.outer import Outer, openings, outers
from gateway.mapping.plan import Element, Plan, Scope, Slot, Test, Value
from gateway.mapping.protocols import Item, Span
from gateway.mapping.texts import misfits
from gateway.mapping.trace import Entry, Trace
from gateway.mapping.trouble import Refused, Trouble
from gateway.mapping.twin.frames import Frame, Occurrence, Spot, Steps, Text
from gateway.mapping.understand import along, joined, understood
from gateway.model.dictionary import fields

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NUMBERS = {"number", "measure", "amount", "count"}
Spans = Mapping[Steps, Span]


class Reader:
    """The slow reader of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
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


class Said(msgspec.Struct, frozen=True):
    """One line of the trace, before its model path is known."""

    frame: Frame
    value: Value
    text: str
    at: Spot
    leaf: Leaf
    column: int = 0


class _Walk:
    """One walk over one item; elements that open the scope `skip` are left out."""

    def __init__(self, reader: Reader, item: Item, spans: Spans, skip: int | None) -> None:
        self.reader, self.plan, self.item, self.spans, self.skip = reader, reader.plan, item, spans, skip
        self.findings: list[Finding] = []
        self.said: list[Said] = []
        self.turn = 0

    def trace(self, scope: Scope) -> Trace:
        element = self.reader.openings[scope.number][-1]
        ids = (element.node.wco_id if element.node else "",)
        spot = Spot(self.item.body, ((element.path.rpartition("/")[2], 1),), ids)
        frame = Frame(scope, spot)
        self.element(element, frame, spot)
        record = self.closed(frame)
        lines = sorted(self.said, key=lambda line: line.at.turn)
        return Trace(record, tuple(self.entry(line) for line in lines), tuple(self.findings))

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
            if done[id(found)] > 1 and not found.repeats:
                self.say(Trouble("SRC256", {"element": local}), inner, found.row)
            elif found.opens is None:
                self.element(found, frame, inner)
            elif found.opens != self.skip:
                self.opened(found, self.plan.scopes[found.opens], frame, inner)
        self.missing(element, done, at)

    def ordered(self, found: Element, last: int, at: Spot) -> int:
        order = found.node.order if found.node else last
        if order < last:
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
        holder = self.reader.holders[above.scope.number]
        for hop in scope.hops:
            holder = holder.parts[hop.names[0]]
        return above.count(holder, scope.field)

    def missing(self, element: Element, done: Mapping[int, int], at: Spot) -> None:
        present = {child.tag for child in element.children if id(child) in done}
        asked = {child.tag: child for child in element.children if child.required and child.tag not in present}
        for child in asked.values():
            if child.opens is not None and child.opens == self.skip:
                continue
            name = child.path.rpartition("/")[2]
            inner = at.down(at.body, name, 1, child.node.wco_id if child.node else "", self.turn)
            self.say(Trouble("SRC253", {"element": name}), inner, child.row)

    def unmapped(self, element: Element, at: Spot) -> None:
        """Known to the grammar: information. Unknown to it: no such message."""
        known = {_namespace(e.tag) for e in (element, *element.children)}
        strange = element.node is not None and (
            at.name not in element.node.children or _namespace(at.body.tag) not in known
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
            self.take(element.texts, element.node, frame, Text(text, at))
        elif element.required and not len(at.body):
            self.say(Trouble("SRC253", {"element": at.name}), at, element.row)

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
        number = slots[0].role == "text" and first.kind in _NUMBERS and not first.converter and first.codes is None
        if text.text != first.none:
            for trouble in misfits(text.text, node, number=number):
                self.say(trouble, text.at, first.row)
        for slot in slots:
            value = self.plan.values[slot.value]
            home = frame.of(value.scope)
            if home is not None and not value.implied and value.only != "write":
                self.keep(home, slot, value, text)

    def keep(self, home: Frame, slot: Slot, value: Value, text: Text) -> None:
        """A text finds the reading it belongs to: the open one, or in a list of values a new one."""
        rows = home.raw.setdefault(value.number, [])
        key = (slot.choice, slot.piece, slot.role)
        several = value.listed or value.column
        begins = several and slot.role == "text" and slot.piece == 0
        row = None if begins else next((row for row in reversed(rows) if key not in row.texts), None)
        if row is None and (several or not rows):
            rows.append(row := Occurrence())
        if row is not None:
            row.texts[key] = text
        elif rows[0].texts[key].text != text.text:
            self.say(Trouble("SRC256", {"element": text.at.name}), text.at, value.row)

    # values

    def closed(self, frame: Frame) -> Any:
        """The entry that a frame became, None where nothing was read."""
        for outer in self.reader.outer[frame.scope.number]:
            self.outside(frame, outer)
        for number, rows in frame.raw.items():
            for count, row in enumerate(rows, 1):
                self.value(frame, self.plan.values[number], row, count)
        scope = frame.scope
        if scope.plain:
            return self.plain(frame)
        self.uneven(frame)
        record = assembled(self.reader.holders[scope.number], frame.read)
        return msgspec.structs.replace(record, **dict(scope.where)) if record is not None and scope.where else record

    def plain(self, frame: Frame) -> Any:
        """An entry that is a text, or key and value of a map."""
        found = {self.plan.values[leaf[0]].refs[0].field: text for leaf, text in frame.read.leaves.items()}
        if frame.scope.plain == "text":
            return found.get("")
        return (found["key"], found.get("value", "")) if "key" in found else None

    def outside(self, frame: Frame, outer: Outer) -> None:
        body = frame.at.body
        for _ in range(outer.up):
            body = body.getparent() if body is not None else None
        spot = Spot(body, (*frame.at.steps, *(("..", 1),) * outer.up), (*frame.at.ids, *("",) * outer.up))
        for step in outer.down:
            body = child_of(body, step)
            spot = spot.down(body, step.path.rpartition("/")[2], 1, step.node.wco_id if step.node else "", 0)
        if body is None:
            return
        text = (body.get(outer.attribute) if outer.attribute else body.text or "") or ""
        value = self.plan.values[outer.slot.value]
        if text.strip() and value.only != "write":
            spot = spot.down(body, f"@{outer.attribute}", 1, "", 0) if outer.attribute else spot
            self.keep(frame, outer.slot, value, Text(text.strip(), spot))

    def value(self, frame: Frame, value: Value, row: Occurrence, count: int) -> None:
        """One reading of a row: its texts joined, understood, put into the record."""
        choice = min((c for c, _, role in row.texts if role == "text"), default=None)
        if choice is None:
            return
        texts = [row.texts.get((choice, piece, "text")) for piece in range(value.pieces[choice])]
        here = [text for text in texts if text]
        beside = {role: _beside(row, choice, role) for role in ("unit", "currency", "date")}
        troubles: list[Trouble] = []
        try:
            text = joined(value, tuple(text.text if text else None for text in texts))
            if value.kind == "position":
                self.position(frame, value, here[0])
                return
            if value.constant is not None and text != value.constant:
                troubles.append(
                    Trouble("SRC258", {"element": here[0].at.name, "value": text, "wanted": value.constant})
                )
            found = understood(value, text, beside, troubles) if value.refs else None
        except Refused as refused:
            self.say(refused.trouble, here[0].at, value.row, value)
            return
        for trouble in troubles:
            self.say(trouble, here[0].at, value.row, value)
        self.put(frame, value, found, text, here, count)

    def position(self, frame: Frame, value: Value, text: Text) -> None:
        name, number = [step for step in text.at.steps if not step[0].startswith("@")][-1 - value.up]
        if text.text != str(number):
            said = Trouble("SRC269", {"element": name, "value": text.text, "wanted": str(number)})
            self.say(said, text.at, value.row)
        self.said.append(Said(frame, value, text.text, text.at, (value.number, 0)))

    def put(self, frame: Frame, value: Value, found: Any, text: str, here: list[Text], count: int) -> None:
        leaf = (value.number, 0)
        column = count if value.column or value.listed else 0
        self.said += [Said(frame, value, part.text, part.at, leaf, column) for part in here]
        if not value.refs:
            return
        home = frame.of(value.refs[0].scope) or frame
        if column:
            home.read.several.setdefault(leaf, []).extend(found if isinstance(found, tuple) else [found])
        else:
            self.single(home, value, found, here[0])
        if value.codes is not None:
            self.along(home, value, text, here[0].at)

    def single(self, home: Frame, value: Value, found: Any, text: Text) -> None:
        """A value that stands once; where two rows say it, they must agree."""
        for (number, column), other in home.read.leaves.items():
            if not column and self.plan.values[number].refs[0] == value.refs[0] and other != found:
                said = {"element": text.at.name, "value": text.text, "other": str(other)}
                self.say(Trouble("SRC267", said), text.at, value.row, value)
        home.read.leaves.setdefault((value.number, 0), found)

    def along(self, home: Frame, value: Value, text: str, at: Spot) -> None:
        """The columns of a code list, as values of the kind their fields have."""
        for column, (ref, cell) in enumerate(zip(value.along, along(value, text), strict=True), 1):
            if ref is None or not cell:
                continue
            holder = self.reader.holders[ref.scope]
            for hop in ref.hops:
                holder = holder.parts[hop.names[0]]
            kind = "text" if ref.key else fields(holder.record)[ref.field].kind
            plain = Value(value.number, value.row, "", "", kind=kind)  # type: ignore[arg-type]
            home.read.leaves.setdefault((value.number, column), understood(plain, cell, {}, []))
            self.said.append(Said(home, value, cell, at, (value.number, column)))

    def uneven(self, frame: Frame) -> None:
        """Lists that belong together by number (`reasons.code`, `reasons.text`) and differ in length."""
        lists: dict[Any, set[int]] = {}
        for (number, _), texts in frame.read.several.items():
            value = self.plan.values[number]
            if value.column:
                lists.setdefault(value.refs[0].hops, set()).add(len(texts))
        if any(len(lengths) > 1 for lengths in lists.values()):
            self.say(Trouble("SRC273"), frame.at, frame.scope.row)

    # results

    def entry(self, line: Said) -> Entry:
        value, (_, column) = line.value, line.leaf
        ref = value.along[column - 1] if column else value.refs[0] if value.refs else None
        path = line.frame.path(self.reader.holders, ref, line.column) if ref else ""
        return Entry(
            shown(line.at.steps), path, line.text, value.row, self.spans.get(line.at.steps), line.at.ids, value.note
        )

    def say(self, trouble: Trouble, at: Spot, row: Row | None, value: Value | None = None) -> None:
        span = self.spans.get(at.steps) or self.item.span
        if at.steps not in self.spans:
            here = (at.body.sourceline or 0) - (self.item.body.sourceline or 0) if at.body is not None else 0
            span = msgspec.structs.replace(span, line=span.line + max(here, 0))
        self.findings.append(
            Finding(
                trouble.code,
                entry(trouble.code).severity,
                trouble.values,
                source=Position(line=span.line, offset=span.offset, length=span.length, path=shown(at.steps)),
                row=row,
                model_path=value.refs[0].path() if value and value.refs else "",
                wco_id=at.ids[-1] if at.ids else "",
            )
        )


def passes(tests: tuple[Test, ...], body: Any) -> bool:
    """Whether an element is the one that predicates ask for."""
    return all(_passed(test, body) for test in tests)


def child_of(body: Any, element: Element) -> Any:
    """The first child that is that element, None where there is none."""
    if body is None:
        return None
    return next((child for child in body if child.tag == element.tag and passes(element.tests, child)), None)


def shown(steps: Steps) -> str:
    """`item/content-piece[2]/value`."""
    return "/".join(f"{name}[{number}]" if number > 1 else name for name, number in steps)


def _passed(test: Test, body: Any) -> bool:
    text = _asked(test.path, body)
    if test.values:
        return text is not None and text.strip() in test.values
    return (text is not None) == test.present


def _asked(path: tuple[str, ...], body: Any) -> str | None:
    for step in path:
        if step.startswith("@"):
            found: str | None = body.get(step[1:])
            return found
        body = next((child for child in body if child.tag == step), None)
        if body is None:
            return None
    return body.text or ""


def _beside(row: Occurrence, choice: int, role: str) -> str | None:
    return next((text.text for (c, _, r), text in row.texts.items() if r == role and c == choice), None)


def _namespace(tag: str) -> str:
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""
