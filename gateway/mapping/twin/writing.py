"""Writing by walking: a record against the plan, with findings and a trace in output order."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from gateway.findings.catalogue import entry
from gateway.findings.finding import Finding, Position, Row
from gateway.mapping.derive import stated_or_derived
from gateway.mapping.express import expressed, pieces
from gateway.mapping.grammar import Node
from gateway.mapping.markup import DECLARATION, FORBIDDEN, INDENT, escaped, quoted
from gateway.mapping.outer import chains, openings
from gateway.mapping.plan import Element, Plan, Ref, Slot, Value, When
from gateway.mapping.texts import fitting
from gateway.mapping.trace import Entry, Trace
from gateway.mapping.trouble import Refused, Trouble
from gateway.mapping.twin.reading import shown
from gateway.model.dictionary import fields

Steps = tuple[tuple[str, int], ...]
_NUMBERS = {"number", "measure", "amount", "count"}
MARK = "\ue000units\ue000"  # stands for the units in the text of their envelope; never leaves this package


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
    """An element as text with what it says; `weighs` when a value of the record stands in it."""

    text: str = ""
    weighs: bool = False
    findings: list[Finding] = []
    entries: list[Entry] = []

    def add(self, other: "Rendered") -> None:
        self.weighs |= other.weighs
        self.findings += other.findings
        self.entries += other.entries


class Writer:
    """The slow writer of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.openings = openings(plan)
        self.unit = next((scope for scope in plan.scopes if scope.unit), plan.scopes[0])
        self.prefixes = prefixes(plan)
        self.nodes: dict[int, Node | None] = {}
        self.forms: dict[int, tuple[str, ...]] = {}
        assert plan.document is not None
        for chain in chains(plan.document):
            self.look(chain[-1])

    def look(self, element: Element) -> None:
        """What the grammar says of the first element of each value, and of the forms its date may have."""
        for slot in element.texts:
            if (slot.role, slot.choice, slot.piece) == ("text", 0, 0):
                self.nodes.setdefault(slot.value, element.node)
        for attribute in element.attributes:
            for slot in attribute.slots:
                if slot.role == "date" and attribute.node:
                    self.forms[slot.value] = attribute.node.values
                elif (slot.role, slot.choice, slot.piece) == ("text", 0, 0):
                    self.nodes.setdefault(slot.value, attribute.node)

    def write(self, record: Any) -> tuple[str | None, Trace]:
        """One unit, or one whole document where the unit is the table's own record."""
        if self.unit.number == 0:
            return self.document(record, None)
        chain = self.openings[self.unit.number]
        name = chain[-1].path.rpartition("/")[2]
        frame = Frame(self.unit.number, record)
        done = _Pen(self, None, ()).one(chain[-1], frame, ((name, 1),), len(chain) - 1, _ids(chain[-1]))
        return self.finished(done, record, "")

    def write_outer(self, record: Any) -> tuple[str | None, Trace]:
        """The envelope with a mark where the units go."""
        return self.document(record, self.unit.number or None)

    def document(self, record: Any, skip: int | None) -> tuple[str | None, Trace]:
        assert self.plan.document is not None
        top = self.plan.document
        way = tuple((element.path.rpartition("/")[2], 1) for element in self.openings[0])
        done = _Pen(self, skip, way).one(top, Frame(0, record), way[:1], 0, _ids(top))
        return self.finished(done, record, DECLARATION)

    def finished(self, done: Rendered, record: Any, head: str) -> tuple[str | None, Trace]:
        trace = Trace(record, tuple(done.entries), tuple(done.findings))
        failed = any(finding.severity == "error" for finding in done.findings)
        return None if failed else head + done.text, trace


class _Pen:
    """One document. Paths in traces begin at the record's own element, whose `way` from the root is left out."""

    def __init__(self, writer: Writer, skip: int | None, way: Steps) -> None:
        self.writer, self.plan, self.skip, self.way = writer, writer.plan, skip, way

    # elements

    def children(self, element: Element, frame: Frame, steps: Steps, level: int, ids: tuple[str, ...]) -> Rendered:
        done = Rendered()
        seen: dict[str, int] = {}
        texts: list[str] = []
        for child in element.children:
            if child.opens is not None and child.opens == self.skip:
                texts.append(MARK)
                done.weighs = True
                continue
            count = 0
            for inner in self.entries(child, frame):
                number = seen.get(child.tag, 0) + 1
                name = child.path.rpartition("/")[2]
                made = self.one(child, inner, (*steps, (name, number)), level + 1, (*ids, *_ids(child)))
                if made.text or made.findings:
                    seen[child.tag] = number
                    count += bool(made.text)
                    texts.append(made.text)
                    done.add(made)
            most = child.node.most if child.node else None
            if most is not None and count > most:
                said = Trouble(
                    "TGT511", {"element": child.path.rpartition("/")[2], "count": str(count), "most": str(most)}
                )
                done.findings.append(
                    self.finding(said, (*steps, (child.path.rpartition("/")[2], count)), child.row, ids)
                )
        done.text = "".join(texts)
        return done

    def entries(self, child: Element, frame: Frame) -> Iterable[Frame]:
        """One frame for each element to write: the entries of its list, the texts of its list, or what is here."""
        if child.opens is not None:
            return self.opened(child, frame)
        value = self.first(child)
        if value is not None and (value.column or (value.listed and not value.converter)) and not value.split:
            return self.several(value, frame)
        return (frame,)

    def opened(self, child: Element, frame: Frame) -> Iterable[Frame]:
        assert child.opens is not None
        scope = self.plan.scopes[child.opens]
        home = frame.of(scope.parent or 0) or frame
        found = held(home.record, Ref(scope.parent or 0, scope.hops, scope.field))
        here = ".".join(filter(None, (home.path, Ref(0, scope.hops, scope.field).path())))
        if scope.plain == "map":
            for key, text in (found or {}).items():
                yield Frame(scope.number, {"key": key, "value": text}, f"{here}.{key}", 1, home)
            return
        for number, entry_ in enumerate(found or (), 1):
            if all(getattr(entry_, name) == wanted for name, wanted in scope.where):
                yield Frame(scope.number, entry_, f"{here}[{number}]", number, home)

    def several(self, value: Value, frame: Frame) -> Iterable[Frame]:
        """Each text of a list, or one field of each entry of a list, as if it stood alone."""
        ref = value.refs[0]
        home = frame.of(ref.scope) or frame
        if value.listed:
            for number, text in enumerate(held(home.record, ref) or (), 1):
                yield self.alone(frame, value, text, f"{_joined(home.path, ref.path())}[{number}]")
            return
        at = next(at for at, hop in enumerate(ref.hops) if hop.entry and not hop.where)
        entries = held(home.record, Ref(ref.scope, ref.hops[:at], ref.hops[at].names[0])) or ()
        rest = Ref(ref.scope, ref.hops[at + 1 :], ref.field, key=ref.key)
        here = _joined(home.path, Ref(0, ref.hops[:at], ref.hops[at].names[0]).path())
        texts = [held(one, rest) for one in entries]
        for number, text in enumerate(texts, 1):
            fresh = self.alone(frame, value, text, f"{here}[{number}].{rest.path()}")
            if text is None and any(later is not None for later in texts[number:]):
                fresh.made[value.number] = Made(("",), troubles=[Trouble("TGT517", {"element": value.key})])
            yield fresh

    def alone(self, frame: Frame, value: Value, found: Any, path: str) -> Frame:
        fresh = Frame(frame.scope, frame.record, frame.path, frame.number, frame.above)
        fresh.made[value.number] = self.expressed(value, found, path) if found is not None else None
        return fresh

    def one(self, element: Element, frame: Frame, steps: Steps, level: int, ids: tuple[str, ...]) -> Rendered:
        """An element, or nothing where no value brings it about."""
        if element.when and not self.holds(element.when, frame):
            return Rendered()
        done = Rendered()
        text = self.slot(element.texts, element.node, frame, steps, ids, done)
        attributes = self.attributes(element, frame, steps, ids, done)
        below = self.children(element, frame, steps, level, ids)
        done.add(below)
        bare = constants_only(element, self.plan) and not element.when
        if not (done.weighs or element.required or bare or level == 0):
            return Rendered()
        self.tested(element, frame, steps, ids, done)
        names = "".join(self.writer.prefixes) if level == 0 else ""
        open_tag = f"{INDENT * level}<{element.name}{names}{attributes}"
        if text:
            done.text = f"{open_tag}>{escaped(text)}</{element.name}>\n"
        elif below.text:
            done.text = f"{open_tag}>\n{below.text}{INDENT * level}</{element.name}>\n"
        elif element.required and element.texts and not any(f.severity == "error" for f in done.findings):
            name = element.path.rpartition("/")[2]
            done.findings.append(self.finding(Trouble("TGT501", {"element": name}), steps, element.row, ids))
        elif attributes or (element.required and not element.texts) or level == 0:
            done.text = f"{open_tag}/>\n"
        return done

    def tested(self, element: Element, frame: Frame, steps: Steps, ids: tuple[str, ...], done: Rendered) -> None:
        """What a predicate asks of an element must be true of what is written."""
        for test in element.tests:
            if len(test.path) != 1:
                continue
            (name,) = test.path
            slots = next((a.slots for a in element.attributes if f"@{a.name}" == name), None)
            if slots is None:
                slots = next((c.texts for c in element.children if c.tag == name), ())
            made = next((m for slot in slots if (m := self.made(slot, frame)) and m.texts[slot.piece]), None)
            text = made.texts[0] if made else ""
            wanted = text in test.values if test.values else bool(text) == test.present
            if not wanted:
                values = {"element": name.rpartition("}")[2], "value": text or '""', "wanted": " | ".join(test.values)}
                done.findings.append(self.finding(Trouble("TGT515", values), steps, element.row, ids))

    # texts

    def attributes(self, element: Element, frame: Frame, steps: Steps, ids: tuple[str, ...], done: Rendered) -> str:
        texts = []
        for attribute in element.attributes:
            inner = (*steps, (f"@{attribute.name}", 1))
            own = (*ids, attribute.node.wco_id if attribute.node else "")
            text = self.slot(attribute.slots, attribute.node, frame, inner, own, done)
            if text:
                texts.append(f' {attribute.name}="{quoted(text)}"')
        return "".join(texts)

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
            if not text and not made.troubles:
                continue
            done.weighs |= made.weighs and slot.role == "text"
            troubles = made.troubles if (slot.role, slot.piece) == ("text", 0) else []
            for trouble in [*troubles, *_unfit(value, slot, node, text)]:
                done.findings.append(self.finding(trouble, steps, value.row, ids, made.path))
            if text:
                done.entries.append(self.entry(steps, made.path, text, value, ids, made.note))
            return text
        return ""

    # values

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
                made = self.expressed(value, found, _joined(at.path, numbered(at.record, ref)))
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
            done = expressed(value, self.writer.nodes.get(value.number), found, troubles, self.forms(value))
            texts = pieces(value, done.text, value.pieces[0])
        except Refused as refused:
            return Made(("",) * value.pieces[0], {}, path, troubles=[*troubles, refused.trouble])
        note = "; ".join(entry(trouble.code).name for trouble in troubles)
        return Made(texts, done.beside, path, note=note, troubles=troubles)

    def forms(self, value: Value) -> tuple[str, ...]:
        return self.writer.forms.get(value.number, ())

    def first(self, child: Element) -> Value | None:
        return next((self.plan.values[s.value] for s in child.texts if s.role == "text" and not s.choice), None)

    def holds(self, when: When, frame: Frame) -> bool:
        at = frame.of(when.ref.scope)
        found = held(at.record, when.ref) if at else None
        return (found not in (None, "", ())) == when.present

    # results

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


def held(record: Any, ref: Ref, number: int = 1, above: Any = None) -> Any:
    """What a record holds at a place; parts by the first that is present, entries by their predicate."""
    for hop in ref.hops:
        if record is None:
            return None
        _, record = _hop(record, hop.names)
        if hop.entry:
            record = next((one for one in record or () if _is(one, hop.where)), None)
    if record is None or not ref.field:
        return record
    if isinstance(record, Mapping):
        return record.get(ref.field)
    if ref.key:
        return getattr(record, ref.field).get(ref.key)
    if fields(record.__class__)[ref.field].derived:
        return stated_or_derived(record, ref.field, number, above)
    return getattr(record, ref.field)


def stated(record: Any, ref: Ref) -> bool:
    """Whether a value was said, not derived."""
    holder = held(record, Ref(ref.scope, ref.hops, ""))
    if isinstance(holder, Mapping) or ref.key or not ref.field:
        return True
    return getattr(holder, ref.field) is not None


def numbered(record: Any, ref: Ref) -> str:
    """The path of a place, with the numbers of the entries that predicates picked and the names of the parts taken."""
    names: list[str] = []
    for hop in ref.hops:
        name, record = _hop(record, hop.names)
        if hop.entry:
            at = next((at for at, one in enumerate(record or ()) if _is(one, hop.where)), 0)
            name, record = f"{name}[{at + 1}]", (record or (None,))[at]
        names.append(name)
    return ".".join([*names, *filter(None, (ref.field, ref.key))])


def constants_only(element: Element, plan: Plan) -> bool:
    """A block made of constants, or a constant alone, stands wherever its parent does."""
    slots = [*element.texts, *(slot for attribute in element.attributes for slot in attribute.slots)]
    values = [plan.values[slot.value] for slot in slots]
    if any(value.constant is None for value in values) or element.opens is not None:
        return False
    return bool(slots or element.children) and all(constants_only(child, plan) for child in element.children)


def prefixes(plan: Plan) -> tuple[str, ...]:
    """The namespaces that the root declares, in order of their prefixes."""
    used: set[str] = set()

    def look(element: Element) -> None:
        prefix, colon, _ = element.name.partition(":")
        used.add(prefix if colon else "")
        for child in element.children:
            look(child)

    assert plan.document is not None
    look(plan.document)
    return tuple(
        f' xmlns{":" if prefix else ""}{prefix}="{quoted(uris[0])}"'
        for prefix, uris in sorted(plan.namespaces.items())
        if prefix in used and uris[0]
    )


def _unfit(value: Value, slot: Slot, node: Node | None, text: str) -> list[Trouble]:
    number = slot.role == "text" and value.kind in _NUMBERS and not value.converter and value.codes is None
    troubles = [] if text == value.none else list(fitting(text, node, number=number))
    if FORBIDDEN.search(text):
        troubles.append(Trouble("TGT514", {"value": FORBIDDEN.sub("\ufffd", text)}))
    return troubles


def _hop(record: Any, names: tuple[str, ...]) -> tuple[str, Any]:
    for name in names:
        found = getattr(record, name, None) if record is not None else None
        if found is not None and found != ():
            return name, found
    return names[0], None


def _is(one: Any, where: tuple[tuple[str, str], ...]) -> bool:
    return all(getattr(one, name) == wanted for name, wanted in where)


def _joined(above: str, path: str) -> str:
    return ".".join(filter(None, (above, path)))


def _ids(element: Element) -> tuple[str, ...]:
    return (element.node.wco_id if element.node else "",)
