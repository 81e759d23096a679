"""Values to texts in the traced writer: what each slot of an element says, with its notes, and what cannot be said."""

from typing import Any

import msgspec

from gateway.findings.catalogue import entry
from gateway.findings.finding import Finding, Position, Row
from gateway.mapping.body import Body
from gateway.mapping.express import expressed, pieces
from gateway.mapping.grammar import Node
from gateway.mapping.markup import FORBIDDEN, blank
from gateway.mapping.plan import Element, Plan, Slot, Value, When
from gateway.mapping.texts import fitting
from gateway.mapping.trace import Entry
from gateway.mapping.trouble import Refused, Trouble
from gateway.mapping.twin.frames import Steps
from gateway.mapping.twin.holding import held, joined, numbered, said, stated
from gateway.mapping.twin.matching import shown
from gateway.mapping.twin.understanding import with_role


class Frame(msgspec.Struct, eq=False):
    """One entry that is being written; `path` is its model path, `number` its place in its list."""

    scope: int
    record: Any
    path: str = ""
    number: int = 1
    above: "Frame | None" = None
    made: dict[int, "Made | None"] = {}

    def of(self, scope: int) -> "Frame | None":
        frame: Frame | None = self
        while frame is not None and frame.scope != scope:
            frame = frame.above
        return frame


class Made(msgspec.Struct):
    """A value ready to stand in its elements."""

    texts: tuple[str, ...]
    beside: dict[str, str] = {}
    path: str = ""
    weighs: bool = True
    note: str = ""
    troubles: list[Trouble] = []


class Rendered(msgspec.Struct):
    """An element with what it says; `weighs` when a value of the record stands in it."""

    body: Body | None = None
    weighs: bool = False
    findings: list[Finding] = []
    entries: list[Entry] = []

    def add(self, other: "Rendered") -> None:
        self.weighs |= other.weighs
        self.findings += other.findings
        self.entries += other.entries


class Expressing:
    """One record that is being written. Paths in traces begin at the record's own element: its `way` is left out."""

    def __init__(
        self, plan: Plan, nodes: dict[int, Node | None], date_forms: dict[int, tuple[str, ...]], way: Steps
    ) -> None:
        self.plan, self.nodes, self.date_forms, self.way = plan, nodes, date_forms, way

    def attributes(
        self, element: Element, frame: Frame, steps: Steps, ids: tuple[str, ...], done: Rendered
    ) -> dict[str, str]:
        texts: dict[str, str] = {}
        for attribute in element.attributes:
            inner = (*steps, (f"@{attribute.name}", 1))
            own = (*ids, attribute.node.wco_id if attribute.node else "")
            text = self.slot(attribute.slots, attribute.node, frame, inner, own, done)
            if text:
                texts[attribute.name] = text
        return texts

    def slot(
        self,
        slots: tuple[Slot, ...],
        node: Node | None,
        frame: Frame,
        steps: Steps,
        ids: tuple[str, ...],
        done: Rendered,
    ) -> str:
        """The text of the first row that has something to say here."""
        for slot in slots:
            value = self.plan.values[slot.value]
            if value.kind == "position" and value.only != "read":
                counted = str([step for step in steps if not step[0].startswith("@")][-1 - value.up][1])
                done.entries.append(self.entry(steps, "", counted, value, ids, ""))
                return counted
            made = self.made(slot, frame)
            if made is None:
                continue
            text = made.beside.get(slot.role, "") if slot.role != "text" else made.texts[slot.piece]
            if blank(text):
                text = ""
            if not text and not made.troubles:
                continue
            done.weighs |= made.weighs and slot.role == "text"
            troubles = made.troubles if (slot.role, slot.piece) == ("text", 0) else []
            for trouble in [*troubles, *_unfit(value, slot, node, text)]:
                done.findings.append(self.finding(trouble, steps, value.row, ids, made.path))
            if text:
                done.entries.append(self.entry(steps, with_role(made.path, slot.role), text, value, ids, made.note))
            return text
        return ""

    def made(self, slot: Slot, frame: Frame) -> Made | None:
        """The value of a slot, made once an entry."""
        value = self.plan.values[slot.value]
        if value.only == "read" or slot.choice or (value.when and not self.holds(value.when, frame)):
            return None
        home = frame if value.number in frame.made else frame.of(value.scope)
        if home is not None and value.number not in home.made:
            home.made[value.number] = self.fresh(value, home)
        return home.made[value.number] if home is not None else None

    def fresh(self, value: Value, home: Frame) -> Made | None:
        for ref in value.refs:
            at = home.of(ref.scope)
            found = held(at.record, ref, at.number, at.above.record if at.above else None) if at else None
            if at is not None and found is not None and found not in ((), ""):
                made = self.expressed(value, found, joined(at.path, numbered(at.record, ref)))
                made.note = made.note or ("" if stated(at.record, ref) else "derived")
                return made
        empty = ("",) * (value.pieces[0] - 1)
        if value.constant is not None:
            return Made((value.constant, *empty), weighs=False, note="constant")
        if value.default is not None:
            return Made(pieces(value, value.default, value.pieces[0]), weighs=False, note="default")
        return None

    def expressed(self, value: Value, found: Any, path: str) -> Made:
        troubles: list[Trouble] = []
        try:
            done = expressed(
                value, self.nodes.get(value.number), found, troubles, self.date_forms.get(value.number, ())
            )
            texts = pieces(value, done.text, value.pieces[0])
        except Refused as refused:
            return Made(("",) * value.pieces[0], {}, path, troubles=[*troubles, refused.trouble])
        note = "; ".join(entry(trouble.code).name for trouble in troubles)
        return Made(texts, done.beside, path, note=note, troubles=troubles)

    def holds(self, when: When, frame: Frame) -> bool:
        at = frame.of(when.ref.scope)
        found = said(at.record, when.ref) if at else None
        return (found not in (None, "", ())) == when.present

    def entry(self, steps: Steps, path: str, text: str, value: Value, ids: tuple[str, ...], note: str) -> Entry:
        where, own = self.place(steps, ids)
        return Entry(where, path, text, value.row, None, own, note or value.note)

    def finding(self, trouble: Trouble, steps: Steps, row: Row | None, ids: tuple[str, ...], path: str = "") -> Finding:
        where, own = self.place(steps, ids)
        return Finding(
            trouble.code,
            entry(trouble.code).severity,
            trouble.values,
            source=Position(path=where),
            row=row,
            model_path=path,
            wco_id=next((wco_id for wco_id in reversed(own) if wco_id), ""),
        )

    def place(self, steps: Steps, ids: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """The path from the record's own element, or from the document for what stands around it."""
        above = len(self.way) - 1
        if above > 0 and steps[: above + 1] != self.way:
            return "/" + shown(steps), ids
        return shown(steps[max(above, 0) :]), ids[max(above, 0) :]


def _unfit(value: Value, slot: Slot, node: Node | None, text: str) -> list[Trouble]:
    number = slot.role == "text" and value.numeric
    troubles = [] if text == value.none else list(fitting(text, node, number=number))
    if FORBIDDEN.search(text):
        troubles.append(Trouble("TGT514", {"value": FORBIDDEN.sub("\ufffd", text)}))
    return troubles
