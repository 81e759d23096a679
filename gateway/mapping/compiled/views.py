"""The names of a compiled writer: which record or part is open, what it gives, what of it must be escaped.

Each scope's record has a view, and so has each element that is all about one part of a record: its fields are taken
only where the part is there.
"""

from collections.abc import Iterator

import msgspec

from gateway.mapping.compiled.inscribe import Uncompiled, cleaned
from gateway.mapping.compiled.loading import Loaded, View
from gateway.mapping.compiled.source import Source
from gateway.mapping.compiled.template import Parts, lines
from gateway.mapping.grammar import Node
from gateway.mapping.outer import counted, slots
from gateway.mapping.plan import Element, Hop, Plan, Ref, Scope, Value, When
from gateway.model.dictionary import records

BAD = "return None"


class Views:
    """What is known while a writer is written."""

    def __init__(self, plan: Plan) -> None:
        assert plan.document is not None
        self.plan = plan
        self.unit = next((scope for scope in plan.scopes if scope.unit), plan.scopes[0])
        self.source = Source()
        self.views: list[View] = []
        self.plain: dict[int, str] = {}
        self.chosen: dict[int, str] = {}
        self.nodes = _nodes(plan.document)
        self.counted = {id(element) for element in counted(plan, (plan.document,))}
        self.stack: list[Element] = []
        self.counters: dict[int, str] = {}

    # statements

    def give(self, before: str, parts: Parts, after: str = "") -> None:
        """A template into a name, a list, or out."""
        found = lines(parts)
        if len(found) == 1:
            self.source.add(f"{before}{found[0]}{after}")
        else:
            self.source.add(f"{before}(", *(f"    {line}" for line in found), f"){after}")

    def refuse(self, bad: tuple[str, ...] | list[str]) -> None:
        """Where one of these is true, there is a doubt."""
        for at in range(0, len(bad), 4):
            with self.source.block(f"if {' or '.join(bad[at : at + 4])}:"):
                self.source.add(BAD)

    # records

    def load(self, scope: Scope, variable: str, top: Element, number: str, above: str) -> None:
        """The names of everything that is written of a scope's record and of no part of it."""
        view = View(self.source, scope.number, (), variable, Loaded(records()[scope.record]))
        self.open(view, top, number, above)

    def open(self, view: View, top: Element, number: str = "1", above: str = "None") -> None:
        """What the elements of a view need, but not those that belong to a part; markup is escaped here, once."""
        self.views.append(view)
        risky: dict[str, bool] = {}
        choices: list[Value] = []
        for element in self.within(top, view):
            with self.source.of(element.row):
                for ref in self.places(element, is_top=element is top):
                    if view.holds(ref):
                        view.name(ref)
                for when in self.conditions(element):
                    if view.holds(when.ref):
                        view.name(when.ref, stated=True)
            for value in self.values(element):
                choices += [value] if len(value.refs) > 1 or value.when else []
                for ref in value.refs:
                    if view.holds(ref) and self.risky(value):
                        risky[view.name(ref)] = value.listed
        view.emit(number, above)
        self.escape(list(risky.items()))
        for value in choices:
            self.choose(value)

    def places(self, element: Element, *, is_top: bool) -> Iterator[Ref]:
        """Every place of the model that an element itself writes."""
        if element.opens is not None and not is_top and self.used(self.plan.scopes[element.opens]):
            yield list_of(self.plan.scopes[element.opens])
        for value in self.values(element):
            yield from (column_of(value),) if value.column else value.refs

    def conditions(self, element: Element) -> Iterator[When]:
        """What an element and its values ask about."""
        found = (element.when, *(value.when for value in self.values(element)))
        yield from (when for when in found if when)

    def choose(self, value: Value) -> None:
        """A value that may come from several places, or only sometimes."""
        if value.number in self.chosen:
            return
        names = [self.place(value, ref) for ref in value.refs]
        empty = "()" if value.listed else "None"
        chosen = " or ".join(names) if value.kind == "text" else _first(names)
        if value.when:
            chosen = f"({chosen}) if {self.condition(value.when)} else {empty}"
        self.chosen[value.number] = self.source.name(f"chosen {value.refs[0].field}")
        with self.source.of(value.row):
            self.source.add(f"{self.chosen[value.number]} = {chosen}")

    def condition(self, when: When) -> str:
        view = self.view(when.ref)
        if view is None:
            raise Uncompiled(when.ref.path())
        name = view.name(when.ref, stated=True)
        return f"{name} not in (None, '', ())" if when.present else f"{name} in (None, '', ())"

    def within(self, element: Element, view: View) -> Iterator[Element]:
        """The elements that a view writes itself; the entries of its lists and its parts have views of their own."""
        yield element
        for child in element.children:
            if child.opens is not None:
                yield msgspec.structs.replace(child, children=(), texts=(), attributes=())
            elif not self.part(child, view):
                yield from self.within(child, view)

    def values(self, element: Element) -> list[Value]:
        """What is written of an element's text and attributes."""
        found = [self.plan.values[slot.value] for _, slot in slots(element) if not slot.choice]
        return [value for value in found if value.only != "read" and value.constant is None and value.refs]

    def part(self, element: Element, view: View) -> Hop | None:
        """The part of the view's record that an element is all about, if there is one."""
        every = list(everything(element))
        if not element.children or any(each.when for each in every) or self.numbered(element):
            return None
        inner = {each.opens for each in every}
        refs = [ref for each in every for ref in self.places(each, is_top=False) if ref.scope not in inner]
        if any(value.when for each in every for value in self.values(each)):
            return None
        depth = len(view.base)
        hops = {ref.hops[depth] if view.holds(ref) and len(ref.hops) > depth else None for ref in refs}
        found = hops.pop() if len(hops) == 1 else None
        return found if found and not found.entry else None

    def numbered(self, element: Element) -> bool:
        """Whether a row below asks for the number of an element."""
        return any(
            self.plan.values[slot.value].kind == "position" for each in everything(element) for _, slot in slots(each)
        )

    def exact(self, element: Element) -> bool:
        """Whether equal values are written equally: 1.0 and 1.00 are one number and two texts."""
        return not any(
            value.kind in {"number", "measure", "amount"} for each in everything(element) for value in self.values(each)
        )

    def pair(self, scope: Scope, variable: str) -> None:
        """An entry that is a text, or key and value of a map (in two names)."""
        self.plain[scope.number] = variable
        names = [f"{variable}_key", f"{variable}_value"] if scope.plain == "map" else [variable]
        self.escape([(name, False) for name in names])

    def escape(self, names: list[tuple[str, bool]]) -> None:
        """Looked for in all texts at once; what is found is escaped in each."""
        if not names:
            return
        out, clean = self.source, self.source.refer("CLEANED", cleaned)
        shown = "".join("{''.join(" + name + ")}" if listed else "{" + name + "}" for name, listed in names)
        out.add(f'text = f"{shown}"')
        with out.block("if not text.isprintable() or '&' in text or '<' in text or '>' in text:"):
            for name, listed in names:
                out.add(f"{name} = tuple(map({clean}, {name}))" if listed else f"{name} = {clean}({name})")

    def used(self, scope: Scope) -> bool:
        return any(value.scope == scope.number and value.only != "read" for value in self.plan.values)

    def risky(self, value: Value) -> bool:
        """Whether a text may hold markup: what the grammar limits to letters, digits or a list cannot."""
        node = self.nodes.get(value.number)
        tame = node is not None and (node.form.kind in {"a", "n"} or bool(node.values)) and not value.cut
        return value.kind == "text" and not tame and value.codes is None and not value.split and not value.column

    def name(self, value: Value) -> str:
        """The local name of a value as it is written."""
        return self.chosen.get(value.number) or self.place(value, value.refs[0])

    def place(self, value: Value, ref: Ref) -> str:
        if ref.scope in self.plain:
            variable = self.plain[ref.scope]
            return f"{variable}_{ref.field}" if ref.field else variable
        view = self.view(ref)
        if view is None:
            raise Uncompiled(value.key)
        return view.name(ref)

    def view(self, ref: Ref) -> View | None:
        """The innermost open view that holds a place."""
        return next((view for view in reversed(self.views) if view.holds(ref)), None)


def list_of(scope: Scope) -> Ref:
    """Where the list of a scope's entries hangs."""
    return Ref(scope.parent or 0, scope.hops, scope.field)


def column_of(value: Value) -> Ref:
    """The list of which a value is one field of each entry."""
    ref = value.refs[0]
    at = next(at for at, hop in enumerate(ref.hops) if hop.entry and not hop.where)
    return Ref(ref.scope, ref.hops[:at], ref.hops[at].names[0], listed=True)


def everything(element: Element) -> Iterator[Element]:
    """An element and all below it."""
    yield element
    for child in element.children:
        yield from everything(child)


def _first(names: list[str]) -> str:
    *ahead, last = names
    return "".join(f"{name} if {name} is not None else " for name in ahead) + last


def _nodes(element: Element) -> dict[int, Node | None]:
    """What the grammar says of the first element of each value."""
    found: dict[int, Node | None] = {}
    for each in everything(element):
        for slot in each.texts:
            if slot.role == "text" and not slot.choice:
                found.setdefault(slot.value, each.node)
        for attribute in each.attributes:
            for slot in attribute.slots:
                if slot.role == "text" and not slot.choice:
                    found.setdefault(slot.value, attribute.node)
    return found
