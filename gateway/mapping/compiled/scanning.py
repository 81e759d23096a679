"""The compiled scanner: a unit's text against one regular expression made of the table, then one record.

The expression is the grammar: tags in order, what may be missing, widths and forms. A text that it matches is
well-formed and says nothing that no row carries, so that it needs no parser: matching costs a third of building a tree
and walking it. Whatever else is there (comments, other quotes, elements out of order, a value too long) does not match,
and the unit is parsed.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import msgspec

from gateway.mapping.compiled.gather import gather
from gateway.mapping.compiled.scopes import BAD, Scopes
from gateway.mapping.compiled.settle import Numbers
from gateway.mapping.compiled.source import Source
from gateway.mapping.grammar import Node
from gateway.mapping.outer import openings
from gateway.mapping.plan import BESIDE, Element, Plan, Slot, Value
from gateway.mapping.texts import MOST_DIGITS

Scan = Callable[[str], Any]
_NUMBERS = {"number", "measure", "amount"}


_GAP = r"[ \t\n]*+"  # between tags; carriage returns are gone by then
_EDGES = (r"(?=\S)", r"(?<=\S)")  # white space around a text is the parser's to strip


class Unscanned(Exception):
    """The table uses something that no such expression can say."""


class Matched(msgspec.Struct):
    """A piece of the expression, the names of its groups, and what is done with them afterwards."""

    pattern: str
    groups: list[str] = []
    after: list[Callable[[], None]] = []
    texts: list[str] = []

    def add(self, other: "Matched") -> None:
        self.pattern += other.pattern
        self.groups += other.groups
        self.after += other.after
        self.texts += other.texts


def scanner_of(plan: Plan) -> Scan | None:
    """The function that reads one unit's text; None where the table is beyond it."""
    if not plan.reads:
        return None
    try:
        found: Scan = source_of(plan).function("scan", f"<{plan.name}: scan>")
    except Unscanned:
        return None
    return found


def source_of(plan: Plan) -> Source:
    """Raises: Unscanned."""
    return _Scanner(plan).compiled()


class _Scanner(Scopes):
    def compiled(self) -> Source:
        out = self.source
        element = openings(self.plan)[self.unit.number][-1]
        namespaces = {each.tag.rpartition("}")[0] for each in _all(element)}
        if any(self.outer.values()) or element.tests or len(namespaces) > 1:
            raise Unscanned
        with out.block("def scan(text):"):
            out.says(f"{self.plan.name}: the text of one {element.name} as {self.unit.record}.")
            with out.block("try:"):
                out.add("escaped = '&' in text")
                self.begin(self.unit.number)
                found = self.element(element, loop=False)
                expression = out.refer(f"A_{element.name}", re.compile(found.pattern).fullmatch)
                self.taken(f"{expression}(text)", found)
                self.settle_all(self.unit.number)
                out.add(f"return {gather(self, self.holders[self.unit.number], self.unit.where)}")
            with out.block("except (ArithmeticError, LookupError, ValueError):"):
                out.add(BAD)
        return out

    def taken(self, match: str, found: Matched) -> None:
        """Groups into names, references resolved, then whatever each name needs."""
        out = self.source
        out.add(f"found = {match}")
        with out.block("if found is None:"):
            out.add(BAD)
        if found.groups:
            out.add(f"({', '.join(found.groups)},) = found.groups()")
        if found.texts:
            names, resolve = ", ".join(found.texts), out.refer("UNESCAPE", unescape)
            with out.block("if escaped:"):
                out.add(f"({names},) = [{resolve}(each) if each and '&' in each else each for each in ({names},)]")
        for step in found.after:
            step()

    def begin(self, scope: int) -> None:
        """Names that nothing else begins; the others come from groups."""
        self.open.append(scope)
        for value in self.read(scope):
            self.declared(value)
        for value in self.plan.values:
            if value.scope == scope and not value.implied and value.only != "write":
                self.texts(value)
        for value in filter(self.many, self.read(scope)):
            self.source.add(f"{self.variables[value.number, 0]} = []")
        self.begin_lists(scope)

    def settle_all(self, scope: int) -> None:
        for value in self.plan.values:
            if value.scope == scope and not value.implied and value.only != "write" and not self.simple(value):
                self.settle(value)
        self.open.pop()

    # elements

    def element(self, element: Element, *, loop: bool) -> Matched:
        """A whole element: tags, attributes, text or children."""
        name = re.escape(_local(element))
        found = Matched(f"<{name}")
        before = self.sure
        for attribute in element.attributes:
            found.add(self.attribute(attribute.name, [s for s in attribute.slots if self.wanted(s)], attribute.node))
        found.pattern += ">"
        texts = [slot for slot in element.texts if self.wanted(slot)]
        if element.children and element.texts:
            raise Unscanned
        if element.children:
            found.pattern += _GAP
            for child in element.children:
                found.add(self.child(child, loop=loop))
        elif texts:
            found.add(self.text(texts, element.node))
        else:
            found.pattern += r"[^<]*+"
        found.pattern += f"</{name}>{_GAP}"
        self.sure = before
        return found

    def child(self, child: Element, *, loop: bool) -> Matched:
        if child.tests:
            raise Unscanned
        if child.opens is not None or (child.repeats and self.several(child)):
            return self.run(child)
        if child.repeats and child.children:
            raise Unscanned
        if child.required:
            return self.element(child, loop=loop)
        with self.unsure(True):
            found = self.element(child, loop=loop)
        name = re.escape(_local(child))
        empty = "" if child.children or child.attributes else f"|<{name}{_GAP}(?:/>|>{_GAP}</{name}>){_GAP}"
        found.pattern = f"(?:{found.pattern}{empty})?"
        return found

    def several(self, child: Element) -> bool:
        """Whether it is one of a list of texts."""
        values = [self.plan.values[slot.value] for slot in child.texts if self.wanted(slot)]
        if any(value.listed or value.column for value in values) and (
            len(values) > 1 or child.attributes or child.children
        ):
            raise Unscanned
        return any(value.listed or value.column for value in values)

    # lists

    def run(self, child: Element) -> Matched:
        """All elements of a list as one group, taken apart afterwards."""
        name = re.escape(_local(child))
        group = self.source.name(f"all {child.name}")
        if child.opens is None:
            form, least = _form(child.node), int(child.required)
            most = child.node.most if child.node and child.node.most else ""
            one = f"<{name}>{_EDGES[0]}{form}{_EDGES[1]}</{name}>{_GAP}"
            return Matched(f"((?:{one}){{{least},{most}}}+)", [group], [lambda: self.texts_of(child, group)])
        # No possessive group around alternatives: before Python 3.11.5 it misses what it should match (gh-106052).
        loose = rf"<{name}[ \t\n>][^<]*+(?:<(?!/{name}>)[^<]*+)*</{name}>{_GAP}"
        most = child.node.most if child.node and child.node.most else ""
        pattern = f"((?:{loose}){{{int(child.required)},{most}}}+)"
        return Matched(pattern, [group], [lambda: self.entries(child, group)])

    def entries(self, child: Element, group: str) -> None:
        """One entry for each element, each matched by an expression of its own."""
        assert child.opens is not None
        out, scope = self.source, self.plan.scopes[child.opens]
        at = out.name("at")
        out.add(f"{at} = 0")
        with out.block(f"while {at} < len({group}):"):
            before, self.sure = self.sure, True
            self.begin(scope.number)
            found = self.element(child, loop=False)
            expression = out.refer(f"A_{child.name}", re.compile(found.pattern).match)
            self.taken(f"{expression}({group}, {at})", msgspec.structs.replace(found, after=[]))
            out.add(f"{at} = found.end()")
            for step in found.after:
                step()
            self.settle_all(scope.number)
            self.append(scope.number)
            self.sure = before

    def texts_of(self, child: Element, group: str) -> None:
        """A list of texts."""
        value = self.plan.values[next(slot.value for slot in child.texts if self.wanted(slot))]
        if value.kind != "text" or value.converter or value.codes or value.none is not None or value.pieces != (1,):
            raise Unscanned
        out, name = self.source, self.variables[value.number, 0]
        local = re.escape(_local(child))
        each = re.compile(f"<{local}>{_EDGES[0]}({_form(child.node)}){_EDGES[1]}</{local}>").findall
        with out.block(f"if {group}:"):
            out.add(f"{name} = {out.refer(f'EACH_{child.name}', each)}({group})")
            with out.block("if escaped:"):
                out.add(f"{name} = list(map({out.refer('UNESCAPE', unescape)}, {name}))")

    # texts

    def attribute(self, name: str, slots: list[Slot], node: Node | None) -> Matched:
        must = any(slot.role == "currency" and self.simple(self.plan.values[slot.value]) for slot in slots)
        found = self.group(slots, node, r'[^"<\t\n]', attribute=True)
        found.pattern = f' {re.escape(name)}="{found.pattern}"'
        if not must:
            found.pattern = f"(?:{found.pattern})?"
        return found

    def text(self, slots: list[Slot], node: Node | None) -> Matched:
        return self.group(slots, node, "[^<]")

    def group(self, slots: list[Slot], node: Node | None, sign: str, *, attribute: bool = False) -> Matched:
        """One text: its form as an expression, its name, what becomes of it."""
        if len(slots) != 1:
            raise Unscanned
        slot, value = slots[0], self.plan.values[slots[0].value]
        if value.kind == "position" or (value.column and value.listed):
            raise Unscanned
        if value.codes is not None and value.kind in BESIDE:
            raise Unscanned
        plain = slot.role == "text" and not value.converter and value.codes is None and value.none is None
        inner = _number(value, node) if plain and value.kind in {*_NUMBERS, "count"} else _form(node, sign)
        free = self.free(node) and not (plain and value.kind in {*_NUMBERS, "count"})
        pattern = f"{_EDGES[0]}({inner}){_EDGES[1]}" if free else f"({inner})"
        sure = self.sure and not attribute
        if slot.role == "currency" and self.simple(value):
            name = self.currency(value)
            return Matched(pattern, [name], [], [])
        if slot.role != "text" or not self.simple(value):
            name = self.raw[slot.value, slot.choice, slot.piece, slot.role]
            return Matched(pattern, [name], [lambda: self.checked(name, node)], [name])
        if value.kind == "text" and value.codes is None and value.constant is None and self.home(value) == value.scope:
            name = self.variables[value.number, 0]
            if sure:
                self.certain.add(name)
            return Matched(pattern, [name], [lambda: self.checked(name, node)], [name] if free else [])
        fresh = self.source.name(f"{self.path(value) if value.refs else 'constant'} text")
        return Matched(pattern, [fresh], [lambda: self.made(value, fresh, node, sure=sure)], [fresh] if free else [])

    def free(self, node: Node | None) -> bool:
        """Whether a text may hold a reference."""
        return node is None or node.form.kind == "an"

    def currency(self, value: Value) -> str:
        return f"{self.variables[value.number, 0]}_currency"

    def checked(self, name: str, node: Node | None) -> None:
        """What the expression does not say of a text: its list, its pattern."""
        if node and (node.values or node.pattern):
            out = self.source
            test = f"{name} not in {node.values!r}" if node.values else ""
            pattern = (
                f"{out.refer('PATTERN', re.compile(node.pattern).fullmatch)}({name}) is None" if node.pattern else ""
            )
            with out.block(f"if {name} is not None and ({' or '.join(filter(None, (test, pattern)))}):"):
                out.add(BAD)

    def made(self, value: Value, text: str, node: Node | None, *, sure: bool) -> None:
        """A text into its value, at once."""
        before, self.sure = self.sure, sure
        self.checked(text, node)
        if sure:
            self.take(value, self.converted(value, text), loop=False)
        else:
            with self.source.block(f"if {text} is not None:"):
                self.take(value, self.converted(value, text), loop=False)
            if value.refs and not self.many(value):
                names = [
                    self.variables[value.number, n] for n, ref in enumerate((value, *value.along)) if ref is not None
                ]
                with self.source.block("else:"):
                    self.source.add(" = ".join([*names, "None"]))
        self.sure = before

    def converted(self, value: Value, text: str) -> str:
        if value.kind in _NUMBERS:
            return f"{self.source.refer('NUMBERS', Numbers())}[{text}]"
        return f"int({text})" if value.kind == "count" else text

    def expression(self, value: Value, text: str) -> str:
        found = super().expression(value, text)
        return found.replace(", currency)", f", {self.currency(value)})") if value.kind == "amount" else found


def _all(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from _all(child)


def _local(element: Element) -> str:
    return element.path.rpartition("/")[2]


def _form(node: Node | None, sign: str = "[^<]") -> str:
    """A text as the grammar has it."""
    form = node.form if node else None
    sign = {"n": "[0-9]", "a": "[A-Za-z]"}.get(form.kind, sign) if form else sign
    if form is None or form.longest is None:
        return f"{sign}++"
    return f"{sign}{{{max(form.shortest, 1)},{form.longest}}}+"


def _number(value: Value, node: Node | None) -> str:
    """Digits and a point, as many as the grammar surely allows."""
    form = node.form if node else None
    if value.kind == "count":
        most = min(form.longest or MOST_DIGITS, MOST_DIGITS) if form else MOST_DIGITS
        return f"[0-9]{{1,{most}}}+"
    if form is None or form.longest is None:
        return r"[0-9]++(?:\.[0-9]++)?+"
    if form.decimals is None:
        return f"[0-9]{{1,{form.longest}}}+" if form.kind == "n" else r"(?:[0-9]++(?:\.[0-9]++)?+)"
    return rf"[0-9]{{1,{form.longest - form.decimals}}}+(?:\.[0-9]{{1,{form.decimals}}}+)?+"
