"""The compiled reader of shape `json`: one pass over the table's names, dictionary by dictionary, then one record.

It takes plain objects (`body.value`), not elements: a member is looked up by its name, in whatever order they stand.
Members are counted, so that one that no row carries is noticed. What is of another kind than the grammar says, too
long, no number or not carried ends the clean path with None.
"""

from typing import Any

import msgspec

from gateway.mapping.compiled.gather import gather
from gateway.mapping.compiled.reading import Read, Walker
from gateway.mapping.compiled.scopes import BAD
from gateway.mapping.compiled.settle import MANY, Doubt, outside, settled
from gateway.mapping.compiled.source import Source
from gateway.mapping.outer import Outer, openings
from gateway.mapping.plan import Element, Plan, Scope, Test, Value
from gateway.mapping.scalars import wanted

MISSING: Any = object()
_UNFIT = {"number": "bool", "boolean": "not bool"}  # what is of another kind, where no text stands


class Uncounted(Exception):
    """The table asks for the numbers of elements: the twin reads it."""


def reader_of(plan: Plan) -> Read:
    """The function that reads one unit's object; None where it has a doubt."""
    try:
        found: Read = source_of(plan).function("read", f"<{plan.name}: read>")
    except Uncounted:
        return lambda *_: None
    return found


def source_of(plan: Plan) -> Source:
    """Raises: Uncounted."""
    return _Objects(plan).compiled()


class _Objects(Walker):
    """`names` are the variables of the objects that are open, as `stack` holds their elements."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.alone = set()
        self.names: list[str] = []
        if self.counted:
            raise Uncounted

    def compiled(self) -> Source:
        out, unit = self.source, self.unit
        element = openings(self.plan)[unit.number][-1]
        with out.block("def read(body, _):"):
            out.says(f"{self.plan.name}: one {element.name} as {unit.record}.")
            with out.block("try:"):
                out.add("whole = body.value")
                with out.block("if whole is None:"):
                    out.add(BAD)
                self.begin(unit.number)
                self.value(element, "whole", loop=False, required=True, scope=unit)
                out.add(f"return {gather(self, self.holders[unit.number], unit.where)}")
            with out.block("except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):"):
                out.add(BAD)
        return out

    # objects

    def value(self, element: Element, name: str, *, loop: bool, required: bool, scope: Scope | None = None) -> None:
        """What stands in one name: members, or a text; of a scope then its outer facts and what is put together."""
        self.stack.append(element)
        self.names.append(name)
        if element.children:
            with self.source.block(f"if {name}.__class__ is not dict:"):
                self.source.add(BAD)
            self.members(element, name, loop=loop)
        else:
            self.leaf(element, name, loop=loop, required=required)
        for outer in self.outer[scope.number] if scope else ():
            self.fetch(outer, "body")
        self.names.pop()
        self.stack.pop()
        if scope:
            self.put_together(scope.number)

    def put_together(self, scope: int) -> None:
        for value in self.plan.values:
            if value.scope == scope and not value.implied and value.only != "write" and not self.simple(value):
                self.settle(value)
        self.open.pop()

    def members(self, element: Element, name: str, *, loop: bool) -> None:
        """Every name that rows know; where the object says more, the twin tells it."""
        left = self.source.name(f"left of {element.name}")
        self.source.add(f"{left} = len({name})")
        tags: dict[str, list[Element]] = {}
        for child in element.children:
            tags.setdefault(child.tag, []).append(child)
        for tag, variants in tags.items():
            with self.source.of(variants[0].row):
                self.member(tag, variants, name, left, loop=loop)
        with self.source.block(f"if {left}:"):
            self.source.add(BAD)

    def member(self, tag: str, variants: list[Element], name: str, left: str, *, loop: bool) -> None:
        out = self.source
        found, required = out.name(tag), any(variant.required for variant in variants)
        out.add(f"{found} = {name}.get({tag!r}, {out.refer('MISSING', MISSING)})")
        with out.block(f"if {found} is not MISSING:"), self.unsure(not required):
            out.add(f"{left} -= 1")
            if len(variants) == 1 and variants[0].aside:
                pass
            elif len(variants) > 1 or variants[0].tests or variants[0].repeats:
                self.several(variants, found, required=required)
            else:
                self.single(variants[0], found, required=required, loop=loop)
        if required:
            with out.block("else:"):
                out.add(BAD)

    def single(self, variant: Element, found: str, *, required: bool, loop: bool) -> None:
        """A name that says one thing; `null` is as if it were missing."""
        with self.source.block(f"if {found} is not None:"):
            self.carried(variant, found, loop=loop, required=required)
        if required:
            with self.source.block("else:"):
                self.source.add(BAD)

    def several(self, variants: list[Element], found: str, *, required: bool) -> None:
        """The entries of a list, or the only one without its brackets."""
        out, entry = self.source, self.source.name(f"one {variants[0].name}")
        with out.block(f"if {found}.__class__ is not list:"):
            out.add(f"{found} = [{found}]")
        most = variants[0].node.most if variants[0].node else None
        for bad in [*(["not " + found] if required else []), *([f"len({found}) > {most}"] if most is not None else [])]:
            with out.block(f"if {bad}:"):
                out.add(BAD)
        flags = ["" if variant.repeats else self.flag(variant) for variant in variants]
        with out.block(f"for {entry} in {found}:"), self.unsure(True):
            with out.block(f"if {entry} is None:"):
                out.add(BAD)
            for at, (variant, flag) in enumerate(zip(variants, flags, strict=True)):
                asked = " and ".join(self.test(test, entry) for test in variant.tests) or "True"
                with out.block(f"{'elif' if at else 'if'} {asked}:"):
                    if flag:
                        with out.block(f"if {flag}:"):
                            out.add(BAD)
                        out.add(f"{flag} = True")
                    self.carried(variant, entry, loop=True, required=variant.required)
            with out.block("else:"):
                out.add(BAD)

    def test(self, test: Test, child: str) -> str:
        return f"{self.source.refer('PASSES', passes)}({self.source.refer('TEST', test)}, {child})"

    def carried(self, element: Element, child: str, *, loop: bool, required: bool) -> None:
        if element.aside:
            return
        if element.opens is None:
            self.value(element, child, loop=loop, required=required)
            return
        scope = self.plan.scopes[element.opens]
        before, self.sure = self.sure, True
        self.begin(scope.number)
        self.value(element, child, loop=False, required=required, scope=scope)
        self.append(scope.number)
        self.sure = before

    # texts

    def leaf(self, element: Element, name: str, *, loop: bool, required: bool) -> None:
        """A text, number or word; one that is blank is as if it were missing."""
        out, slots = self.source, [slot for slot in element.texts if self.wanted(slot)]
        kind = wanted(element.node)
        with out.block(f"if {name}.__class__ is not str:"):
            if kind in _UNFIT:
                with out.block(f"if {name}.__class__ is {_UNFIT[kind]}:"):
                    out.add(BAD)
            out.add(BAD if kind == "string" else f"{name} = {out.refer('SPELLED', spelled)}({name})")
        if not slots:
            return
        out.add(f"text = {name}.strip()")
        with out.block("if text:"):
            self.own(element, slots, "text", loop=loop)
        if required:
            with out.block("else:"):
                out.add(BAD)

    def stripped(self, text: str) -> str:
        """Done before it is known whether there is a text at all."""
        return text

    def fetch(self, outer: Outer, body: str) -> None:
        """An outer fact: from an object that is open, or from what stands around the unit."""
        value, at = self.plan.values[outer.slot.value], len(self.names) - 1 - outer.up
        if value.only == "write":
            return
        name = self.raw[value.number, outer.slot.choice, outer.slot.piece, outer.slot.role]
        out = self.source
        if at >= 0:
            way = out.refer("WAY", outer.down)
            out.add(f"{name} = {out.refer('REACHED', reached)}({self.names[at]}, {way})")
        else:
            beyond = out.refer("OUTER", msgspec.structs.replace(outer, up=-at))
            out.add(f"{name} = {out.refer('OUTSIDE', outside)}({body}, {beyond})")

    def _at_length(self, value: Value) -> None:
        """The same texts have mostly been put together before."""
        out = self.source
        texts = ", ".join(
            "(" + "".join(f"{self.raw[value.number, choice, piece, 'text']}, " for piece in range(pieces)) + ")"
            for choice, pieces in enumerate(value.pieces)
        )
        beside = ", ".join(
            f"({''.join(self.raw[value.number, choice, 0, role] + ', ' for choice in range(len(value.pieces)))})"
            for role in value.beside
        )
        call = f"{out.refer(f'ROW_{value.row.line}', Settled(value))}[({texts},), ({beside}{',' if beside else ''})]"
        if not value.refs:
            out.add(call)
            return
        fresh = out.name("found")
        out.add(f"{fresh} = {call}")
        self.assign(value, fresh, guard=True)


class Settled(dict[Any, Any]):
    """What texts of a row and those beside them stand for; a doubt is no answer and not kept."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value

    def __missing__(self, key: tuple[Any, Any]) -> Any:
        texts, beside = key
        found = settled(self.value, texts, **dict(zip(self.value.beside, beside, strict=True)))
        if len(self) >= MANY:
            self.clear()
        self[key] = found
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settled) and self.value == other.value

    __hash__ = None


def spelled(value: Any) -> str:
    """A number or a word as text. Raises: Doubt for an object or a list."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, (int, str)):
        return str(value)
    raise Doubt


def reached(value: Any, way: tuple[Element, ...]) -> str | None:
    """The text that a way of names leads to, None where there is none. Raises: Doubt where it branches."""
    for step in way:
        if value.__class__ is list or step.tests:
            raise Doubt
        value = value.get(step.tag)
        if value is None:
            return None
    return spelled(value).strip() or None


def passes(test: Test, value: Any) -> bool:
    """Whether a predicate holds. Raises: Doubt where a list stands on its way."""
    for name in test.path:
        if value.__class__ is list:
            raise Doubt
        value = value.get(name, MISSING) if value.__class__ is dict else MISSING
        if value is MISSING:
            return not test.values and not test.present
    if test.values:
        return value is not None and value.__class__ is not dict and spelled(value).strip() in test.values
    return test.present and value != []
