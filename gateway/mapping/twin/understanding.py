"""Texts to values in the traced reader: what each row makes of the texts of its elements, and what is wrong."""

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

import msgspec

from gateway.findings.catalogue import entry
from gateway.findings.finding import Finding, Position, Row
from gateway.mapping.holders import Holder, Leaf, assembled
from gateway.mapping.outer import Outer
from gateway.mapping.plan import Plan, Ref, Slot, Value
from gateway.mapping.protocols import Item, Span
from gateway.mapping.trace import Entry
from gateway.mapping.trouble import Refused, Trouble
from gateway.mapping.twin.frames import Frame, Occurrence, Spot, Steps, Text
from gateway.mapping.twin.matching import child_of, shown
from gateway.mapping.understand import along, joined, set_along, understood

Spans = Mapping[Steps, Span]


class Fault(msgspec.Struct, frozen=True):
    """A finding before its model path is known: entries are counted when they are closed."""

    finding: Finding
    frame: Frame | None
    refs: tuple[Ref, ...]


class Said(msgspec.Struct, frozen=True):
    """One line of the trace, before its model path is known."""

    frame: Frame
    value: Value
    text: str
    at: Spot
    leaf: Leaf
    column: int = 0
    role: str = "text"


class Understanding:
    """One item that is being read: findings so far, and the lines of its trace."""

    def __init__(
        self, plan: Plan, holders: dict[int, Holder], outer: Mapping[int, tuple[Outer, ...]], item: Item, spans: Spans
    ) -> None:
        self.plan, self.holders, self.outer = plan, holders, outer
        self.item, self.spans = item, spans
        self.faults: list[Fault] = []
        self.said: list[Said] = []

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
            self.say(Trouble("SRC256", {"element": text.at.name}), text.at, value.row, home, value.refs[:1])

    def closed(self, frame: Frame) -> Any:
        """The entry that a frame became, None where nothing was read."""
        for outer in self.outer[frame.scope.number]:
            self.outside(frame, outer)
        for number, rows in frame.raw.items():
            for count, row in enumerate(rows, 1):
                self.value(frame, self.plan.values[number], row, count)
        scope = frame.scope
        if scope.plain:
            return self.plain(frame)
        self.uneven(frame)
        record = assembled(self.holders[scope.number], frame.read)
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
        self.unused(frame, value, row, choice)
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
            said = {role: text.text if text else None for role, text in beside.items()}
            found = understood(value, text, said, troubles) if value.refs else None
        except Refused as refused:
            self.say(refused.trouble, here[0].at, value.row, frame, value.refs[:1])
            return
        for trouble in troubles:
            self.say(trouble, here[0].at, value.row, frame, value.refs[:1])
        self.put(frame, value, found, text, here, count)
        more = {role: text for role, text in beside.items() if text}
        column = count if value.column or value.listed else 0
        self.said += [Said(frame, value, t.text, t.at, (value.number, 0), column, role) for role, t in more.items()]

    def unused(self, frame: Frame, value: Value, row: Occurrence, choice: int | None) -> None:
        """What another way to say the same would say, and what stands beside a value that is missing."""
        used = {text.text for (c, _, role), text in row.texts.items() if (c, role) == (choice, "text")}
        for (other, _, role), text in row.texts.items():
            if role != "text" and text.shared:
                continue
            if (role == "text" or choice is None) and other != choice and text.text not in used:
                said = Trouble("SRC277", {"element": text.at.name, "value": text.text})
                self.say(said, text.at, value.row, frame, value.refs[:1])

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
                self.say(Trouble("SRC267", said), text.at, value.row, home, value.refs[:1])
        home.read.leaves.setdefault((value.number, 0), found)

    def along(self, home: Frame, value: Value, text: str, at: Spot) -> None:
        """The columns of a code list, as values of the kind their fields have."""
        for column, (ref, cell) in enumerate(zip(value.along, along(value, text), strict=True), 1):
            if ref is None or not cell:
                continue
            holder = self.holders[ref.scope]
            for hop in ref.hops:
                holder = holder.parts[hop.names[0]]
            home.read.leaves.setdefault((value.number, column), set_along(value, ref, holder.record, cell))
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

    def entry(self, line: Said) -> Entry:
        value, (_, column) = line.value, line.leaf
        ref = value.along[column - 1] if column else value.refs[0] if value.refs else None
        path = with_role(line.frame.path(self.holders, ref, line.column), line.role) if ref else ""
        return Entry(
            shown(line.at.steps), path, line.text, value.row, self.spans.get(line.at.steps), line.at.ids, value.note
        )

    def say(
        self, trouble: Trouble, at: Spot, row: Row | None, frame: Frame | None = None, refs: tuple[Ref, ...] = ()
    ) -> None:
        """Something is wrong at a spot; `refs` are the places of the model, seen from a frame, that it concerns."""
        span = self.spans.get(at.steps) or self.item.span
        if at.steps not in self.spans:
            here = (at.body.sourceline or 0) - (self.item.body.sourceline or 0) if at.body is not None else 0
            span = msgspec.structs.replace(span, line=span.line + max(here, 0))
        found = Finding(
            trouble.code,
            entry(trouble.code).severity,
            trouble.values,
            source=Position(line=span.line, offset=span.offset, length=span.length, path=shown(at.steps)),
            row=row,
            wco_id=at.ids[-1] if at.ids else "",
        )
        self.faults.append(Fault(found, frame, refs))

    def findings(self) -> tuple[Finding, ...]:
        """What was said, each with the model path that it concerns: of a value, or of all that an element holds."""
        return tuple(msgspec.structs.replace(fault.finding, model_path=self.concerned(fault)) for fault in self.faults)

    def concerned(self, fault: Fault) -> str:
        paths = [fault.frame.path(self.holders, ref).split(".") for ref in fault.refs] if fault.frame else []
        shared = takewhile(lambda steps: len(set(steps)) == 1, zip(*paths, strict=False))
        return ".".join(steps[0] for steps in shared)


def with_role(path: str, role: str) -> str:
    """The model path of what stands beside a value: its currency or unit; how a date is written is no part of it."""
    if role == "text" or not path:
        return path
    return "" if role == "date" else f"{path}.{role}"


def _beside(row: Occurrence, choice: int, role: str) -> Text | None:
    return next((text for (c, _, r), text in row.texts.items() if r == role and c == choice), None)
