"""Writing by walking: a record against the plan, with findings and a trace in output order."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from gateway.mapping.body import MARK, Body
from gateway.mapping.markup import document
from gateway.mapping.outer import chains, openings
from gateway.mapping.plan import Element, Plan, Ref, Value
from gateway.mapping.trace import Trace
from gateway.mapping.trouble import Trouble
from gateway.mapping.twin.expressing import Expressing, Frame, Made, Rendered
from gateway.mapping.twin.frames import Steps
from gateway.mapping.twin.holding import held, joined

if TYPE_CHECKING:
    from gateway.mapping.grammar import Node


Render = Callable[[Body, int], str]


class Writer:
    """The slow writer of a plan; `render` makes the text of an element that stands so deep in its document."""

    def __init__(self, plan: Plan, render: Render = document) -> None:
        self.plan, self.render = plan, render
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
        """The text of one unit, or of one whole document where the unit is the table's own record."""
        body, trace = self.made(record)
        return None if body is None else self.render(body, self.level), trace

    def made(self, record: Any) -> tuple[Body | None, Trace]:
        """The element of it."""
        if self.unit.number == 0:
            return self.whole(record, None)
        chain = self.openings[self.unit.number]
        name = chain[-1].path.rpartition("/")[2]
        frame = Frame(self.unit.number, record)
        done = _Pen(self, None, ()).one(chain[-1], frame, ((name, 1),), len(chain) - 1, _ids(chain[-1]))
        return self.finished(done, record)

    def write_outer(self, record: Any) -> tuple[Body | None, Trace]:
        """The envelope with a mark where the units go."""
        return self.whole(record, self.unit.number or None)

    @property
    def level(self) -> int:
        """How deep a unit stands in its document."""
        return len(self.openings[self.unit.number]) - 1 if self.unit.number else 0

    def whole(self, record: Any, skip: int | None) -> tuple[Body | None, Trace]:
        assert self.plan.document is not None
        top = self.plan.document
        way = tuple((element.path.rpartition("/")[2], 1) for element in self.openings[0])
        done = _Pen(self, skip, way).one(top, Frame(0, record), way[:1], 0, _ids(top))
        return self.finished(done, record)

    def finished(self, done: Rendered, record: Any) -> tuple[Body | None, Trace]:
        trace = Trace(record, tuple(done.entries), tuple(done.findings))
        failed = any(finding.severity == "error" for finding in done.findings)
        return None if failed else done.body, trace


class _Pen(Expressing):
    """One document. Paths in traces begin at the record's own element, whose `way` from the root is left out."""

    def __init__(self, writer: Writer, skip: int | None, way: Steps) -> None:
        super().__init__(writer.plan, writer.nodes, writer.forms, way)
        self.prefixes, self.skip = writer.prefixes, skip

    # elements

    def children(
        self, element: Element, frame: Frame, steps: Steps, level: int, ids: tuple[str, ...], done: Rendered
    ) -> list[Body]:
        """The elements below one, and what they say into `done`."""
        seen: dict[str, int] = {}
        found: list[Body] = []
        for child in element.children:
            if child.opens is not None and child.opens == self.skip:
                found.append(Body(MARK))
                done.weighs = True
                continue
            count = 0
            for inner in self.entries(child, frame):
                number = seen.get(child.tag, 0) + 1
                name = child.path.rpartition("/")[2]
                made = self.one(child, inner, (*steps, (name, number)), level + 1, (*ids, *_ids(child)))
                if made.body is not None or made.findings:
                    seen[child.tag] = number
                    count += made.body is not None
                    found += (made.body,) if made.body is not None else ()
                    done.add(made)
            most = child.node.most if child.node else None
            if most is not None and count > most:
                name = child.path.rpartition("/")[2]
                said = Trouble("TGT511", {"element": name, "count": str(count), "most": str(most)})
                done.findings.append(self.finding(said, (*steps, (name, count)), child.row, ids))
        return found

    def entries(self, child: Element, frame: Frame) -> Iterable[Frame]:
        """One frame for each element to write: the entries of its list, the texts of its list, or what is here."""
        if child.opens is not None:
            return self.opened(child, frame)
        value = first_value(child, self.plan)
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
                yield self.alone(frame, value, text, f"{joined(home.path, ref.path())}[{number}]")
            return
        at = next(at for at, hop in enumerate(ref.hops) if hop.entry and not hop.where)
        entries = held(home.record, Ref(ref.scope, ref.hops[:at], ref.hops[at].names[0])) or ()
        rest = Ref(ref.scope, ref.hops[at + 1 :], ref.field, key=ref.key)
        here = joined(home.path, Ref(0, ref.hops[:at], ref.hops[at].names[0]).path())
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
        if element.aside or (element.when and not self.holds(element.when, frame)):
            return Rendered()
        done = Rendered()
        text = self.slot(element.texts, element.node, frame, steps, ids, done)
        attributes = self.attributes(element, frame, steps, ids, done)
        below = self.children(element, frame, steps, level, ids, done)
        plain = bool(text) if not element.children else constants_only(element, self.plan) and not element.when
        if not (done.weighs or element.required or plain or level == 0):
            return Rendered()
        self.tested(element, frame, steps, ids, done)
        if level == 0:
            attributes = self.prefixes | attributes
        if text:
            done.body = Body(element.name, text, attributes=attributes)
        elif below:
            done.body = Body(element.name, children=below, attributes=attributes)
        elif element.required and element.texts and not any(f.severity == "error" for f in done.findings):
            name = element.path.rpartition("/")[2]
            wanted = self.wanted(element, frame)
            done.findings.append(self.finding(Trouble("TGT501", {"element": name}), steps, element.row, ids, wanted))
        elif attributes or (element.required and not element.texts) or level == 0:
            done.body = Body(element.name, attributes=attributes)
        return done

    def wanted(self, element: Element, frame: Frame) -> str:
        """Where in the model the text of an element would stand; of alternatives the first."""
        refs = self.plan.values[element.texts[0].value].refs
        if not refs:
            return ""
        home = frame.of(refs[0].scope) or frame
        return joined(home.path, refs[0].path())

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


def constants_only(element: Element, plan: Plan) -> bool:
    """A block made of constants, or a constant alone, stands wherever its parent does."""
    slots = [*element.texts, *(slot for attribute in element.attributes for slot in attribute.slots)]
    values = [plan.values[slot.value] for slot in slots]
    if any(value.constant is None for value in values) or element.opens is not None:
        return False
    return bool(slots or element.children) and all(constants_only(child, plan) for child in element.children)


def prefixes(plan: Plan) -> dict[str, str]:
    """The namespaces that the root declares, in order of their prefixes, as its attributes."""
    used: set[str] = set()

    def look(element: Element) -> None:
        prefix, colon, _ = element.name.partition(":")
        used.add(prefix if colon else "")
        for child in element.children:
            look(child)

    assert plan.document is not None
    look(plan.document)
    return {
        f"xmlns:{prefix}" if prefix else "xmlns": uris[0]
        for prefix, uris in sorted(plan.namespaces.items())
        if prefix in used and uris[0]
    }


def _ids(element: Element) -> tuple[str, ...]:
    return (element.node.wco_id if element.node else "",)


def first_value(element: Element, plan: Plan) -> Value | None:
    """The row that is written into an element."""
    return next((plan.values[s.value] for s in element.texts if s.role == "text" and not s.choice), None)
