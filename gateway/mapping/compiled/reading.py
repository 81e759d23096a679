"""The compiled reader: one pass over an item's elements, in the grammar's order, then one record.

Each element is expected where the grammar has it; what is missing, strange, repeated, too long or no number ends the
clean path with None.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from gateway.mapping.compiled.gather import gather
from gateway.mapping.compiled.known import Known, count, number, word
from gateway.mapping.compiled.settle import END, attributes_of, coded, moment, outside, settled
from gateway.mapping.compiled.source import Source
from gateway.mapping.grammar import Node
from gateway.mapping.holders import Leaf, holders
from gateway.mapping.outer import Outer, openings, outers, slots
from gateway.mapping.plan import Element, Plan, Slot, Test, Value
from gateway.mapping.texts import misfits
from gateway.mapping.twin.reading import passes
from gateway.model import Amount, Measure

Read = Callable[[Any, int], Any]
_NUMBERS = {"number", "measure", "amount", "count"}
_BAD = "return None"


def reader_of(plan: Plan) -> Read:
    """The function that reads one unit's element; None where it has a doubt."""
    found: Read = source_of(plan).function("read", f"<{plan.name}: read>")
    return found


def source_of(plan: Plan) -> Source:
    return _Compiler(plan).compiled()


class _Compiler:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.holders = holders(plan)
        self.outer = outers(plan)
        self.unit = next((scope for scope in plan.scopes if scope.unit), plan.scopes[0])
        self.source = Source(END=END, Amount=Amount, Measure=Measure)
        self.variables: dict[Leaf, str] = {}
        self.raw: dict[tuple[int, int, int, str], str] = {}
        self.lists: dict[int, str] = {}
        self.stack: list[Element] = []
        self.open: list[int] = []
        self.counters: dict[int, str] = {}
        self.sure = True
        self.certain: set[str] = set()
        self.whole: set[str] = set()
        assert plan.document is not None
        self.counted = {id(element) for element in counted(plan, (plan.document,))}
        self.alone = alone(plan)

    def compiled(self) -> Source:
        out = self.source
        element = openings(self.plan)[self.unit.number][-1]
        with out.block("def read(body, equals):"):
            out.add(f'"""{self.plan.name}: one {element.name} as {self.unit.record}."""')
            with out.block("try:"):
                self.begin(self.unit.number)
                out.add("attributes = 0")
                self.element(element, "body", 1, loop=False)
                self.finish(self.unit.number, "body")
                with out.block(
                    f"if attributes != equals and attributes != {out.refer('ATTRIBUTES_OF', attributes_of)}(body):"
                ):
                    out.add(_BAD)
                expression = gather(self, self.holders[self.unit.number], self.unit.where)
                out.add(f"return {expression}")
            with out.block("except (ArithmeticError, AttributeError, LookupError, ValueError):"):
                out.add("return None")
        return out

    # scopes

    def begin(self, scope: int) -> None:
        """All names of a scope begin with nothing."""
        self.open.append(scope)
        names: list[str] = []
        for value in self.plan.values:
            if value.implied or value.only == "write":
                continue
            home = value.refs[0].scope if value.refs else value.scope
            if home == scope and value.refs:
                names += self.declared(value)
            if value.scope == scope:
                names += self.texts(value)
        for at in range(0, len(names), 6):
            self.source.add(" = ".join([*names[at : at + 6], "None"]))
        for value in self.plan.values:
            if self.many(value) and self.home(value) == scope:
                self.source.add(
                    f"{self.variables[value.number, 0]} = " + ("()" if value.number in self.alone else "[]")
                )
        made: dict[object, str] = {}
        for other in self.plan.scopes[1:]:
            if other.parent == scope and not other.unit:
                place = (other.hops, other.field)
                if place not in made:
                    made[place] = self.source.name(" ".join([*(hop.names[0] for hop in other.hops), other.field]))
                    empty = "{}" if other.plain == "map" else "()" if -other.number in self.alone else "[]"
                    self.source.add(f"{made[place]} = {empty}")
                self.lists[other.number] = made[place]

    def home(self, value: Value) -> int:
        return value.refs[0].scope if value.refs else value.scope

    def many(self, value: Value) -> bool:
        return (value.listed or value.column) and not value.implied and value.only != "write"

    def declared(self, value: Value) -> list[str]:
        """Names of the value itself and of what its code list sets along."""
        path = self.path(value)
        self.variables[value.number, 0] = self.source.name(path)
        names = [] if self.many(value) else [self.variables[value.number, 0]]
        for column, ref in enumerate(value.along, 1):
            if ref is not None:
                self.variables[value.number, column] = self.source.name(f"{path} {ref.field}")
                names.append(self.variables[value.number, column])
        return names

    def path(self, value: Value) -> str:
        ref = value.refs[0]
        scope = self.plan.scopes[ref.scope]
        names = [] if scope.unit or scope.number == self.unit.number else [scope.field]
        for hop in ref.hops:
            names += [hop.names[0], *(text for _, text in hop.where)]
        return " ".join([*names, ref.field, ref.key])

    def texts(self, value: Value) -> list[str]:
        """Names of the single texts of a value that is put together at the end."""
        if self.simple(value):
            return []
        names: list[str] = []
        base = self.path(value) if value.refs else "constant"
        for choice, pieces in enumerate(value.pieces):
            for piece in range(pieces):
                for role in ("text", *value.beside):
                    name = self.source.name(f"{base} {role} {choice or ''} {piece or ''}")
                    self.raw[value.number, choice, piece, role] = name
                    names.append(name)
        return names

    def simple(self, value: Value) -> bool:
        """Whether the text is turned into the value where it stands."""
        beside = set(value.beside) - ({"currency"} if value.kind == "amount" and not value.currency else set())
        return (
            value.pieces == (1,)
            and not beside
            and value.none is None
            and not value.converter
            and (value.codes is None or value.kind == "text")
            and not any(outer.slot.value == value.number for outer in self.outer[value.scope])
        )

    def finish(self, scope: int, body: str) -> None:
        """Outer facts are fetched, values of several texts put together."""
        for outer in self.outer[scope]:
            self.fetch(outer, body)
        for value in self.plan.values:
            if value.scope == scope and not value.implied and value.only != "write" and not self.simple(value):
                self.settle(value)
        self.open.pop()

    def fetch(self, outer: Outer, body: str) -> None:
        value = self.plan.values[outer.slot.value]
        if value.only == "write":
            return
        name = self.raw[value.number, outer.slot.choice, outer.slot.piece, outer.slot.role]
        at = self.source.refer("OUTER", outer)
        outside_ = self.source.refer("OUTSIDE", outside)
        self.source.add(f"{name} = {outside_}({body}, {at})")

    def settle(self, value: Value) -> None:
        """A value of several texts, or one that needs more than a line."""
        what = self.source.refer(f"ROW_{value.row.line}", value)
        function = self.source.refer("SETTLED", settled)
        texts = ", ".join(
            "(" + "".join(f"{self.raw[value.number, choice, piece, 'text']}, " for piece in range(pieces)) + ")"
            for choice, pieces in enumerate(value.pieces)
        )
        beside = ", ".join(
            f"{role}=({''.join(self.raw[value.number, choice, 0, role] + ', ' for choice in range(len(value.pieces)))})"
            for role in value.beside
        )
        call = f"{function}({what}, ({texts},){', ' + beside if beside else ''})"
        if not value.refs:
            self.source.add(call)
            return
        fresh = self.source.name("found")
        self.source.add(f"{fresh} = {call}")
        self.assign(value, fresh, guard=True)

    def assign(self, value: Value, expression: str, *, guard: bool) -> None:
        """Into the record of its own scope: plainly; into one above: once, or the same again."""
        name = self.variables[value.number, 0]
        above = self.home(value) != value.scope
        if self.many(value):
            with self.source.block(f"if {expression} is not None:"):
                self.source.add(f"{name}.extend({expression})" if value.converter else f"{name}.append({expression})")
        elif above or guard:
            with self.source.block(f"if {name} is None:"):
                self.source.add(f"{name} = {expression}")
            with self.source.block(f"elif {expression} is not None and {name} != {expression}:"):
                self.source.add(_BAD)
        else:
            self.source.add(f"{name} = {expression}")

    # elements

    def element(self, element: Element, name: str, depth: int, *, loop: bool) -> None:
        """What stands in one element: attributes, own text, children."""
        self.stack.append(element)
        self.inner(element, name, depth, loop=loop)
        self.stack.pop()

    @contextmanager
    def unsure(self, doubtful: bool) -> Iterator[None]:
        """Inside, nothing is certain to be read."""
        before = self.sure
        self.sure = self.sure and not doubtful
        yield
        self.sure = before

    def inner(self, element: Element, name: str, depth: int, *, loop: bool) -> None:
        texts = [slot for slot in element.texts if self.wanted(slot)]
        self.attributes(element, name)
        if texts:
            self.own(element, texts, name, loop=loop)
        if not element.children:
            return
        out = self.source
        children, child = f"children_{depth}", f"child_{depth}"
        out.add(f"{children} = iter({name})")
        self.following(depth)
        for tag, group in groupby(element.children, key=lambda child: child.tag):
            self.group(tag, list(group), depth, loop=loop)
        with out.block(f"if {child} is not END:"):
            out.add(_BAD)

    def wanted(self, slot: Slot) -> bool:
        value = self.plan.values[slot.value]
        return not value.implied and value.only != "write" and value.scope in self.open

    def following(self, depth: int) -> None:
        self.source.add(f"child_{depth} = next(children_{depth}, END)", f"tag_{depth} = child_{depth}.tag")

    def group(self, tag: str, variants: list[Element], depth: int, *, loop: bool) -> None:
        """All elements of one tag."""
        out, child, here = self.source, f"child_{depth}", f"tag_{depth}"
        several = len(variants) > 1 or variants[0].repeats
        required = any(variant.required for variant in variants)
        single = len(variants) == 1 and not variants[0].tests
        if required:
            with out.block(f"if {here} != {tag!r}:"):
                out.add(_BAD)
        if required and not several and single and id(variants[0]) not in self.counted:
            self.variant(variants[0], child, depth, loop=loop)
            self.following(depth)
            return
        counter = self.counter(variants, tag)
        flags = [self.flag(variant) if several and not variant.repeats else "" for variant in variants]
        name = self.lone(variants[0]) if len(variants) == 1 and not loop else ""
        if name and not required:
            with out.block(f"if {here} == {tag!r}:"):
                self.gathered(name, variants, flags, tag, depth, counter)
        elif name:
            self.gathered(name, variants, flags, tag, depth, counter)
        else:
            with out.block(f"{'while' if several else 'if'} {here} == {tag!r}:"), self.unsure(True):
                self.variants(variants, flags, depth, counter, loop=loop or several)

    def gathered(
        self, name: str, variants: list[Element], flags: list[str], tag: str, depth: int, counter: str
    ) -> None:
        """A list that comes from one place only: a tuple when the place is left."""
        self.source.add(f"{name} = []")
        with self.source.block(f"while tag_{depth} == {tag!r}:"), self.unsure(True):
            self.variants(variants, flags, depth, counter, loop=True)
        self.source.add(f"{name} = tuple({name})")
        self.whole.add(name)

    def lone(self, variant: Element) -> str:
        """The name of the list that only this element fills."""
        if variant.opens is not None and -variant.opens in self.alone:
            return self.lists[variant.opens]
        slot = next((slot for slot in variant.texts if slot.value in self.alone and self.wanted(slot)), None)
        return self.variables[slot.value, 0] if slot else ""

    def variants(self, variants: list[Element], flags: list[str], depth: int, counter: str, *, loop: bool) -> None:
        """One element of a tag: the first variant whose predicates it passes."""
        out, child = self.source, f"child_{depth}"
        if counter:
            out.add(f"{counter} += 1")
        for number, (variant, flag) in enumerate(zip(variants, flags, strict=True)):
            condition = " and ".join(self.test(test, child) for test in variant.tests)
            if not condition and number == 0:
                self.variant(variant, child, depth, loop=loop, flag=flag)
                break
            with out.block("else:" if not condition else f"{'elif' if number else 'if'} {condition}:"):
                self.variant(variant, child, depth, loop=loop, flag=flag)
            if not condition:
                break
        else:
            with out.block("else:"):
                out.add(_BAD)
        self.following(depth)

    def counter(self, variants: list[Element], tag: str) -> str:
        """The number of an element among its siblings, where a row asks for it."""
        if not any(id(variant) in self.counted for variant in variants):
            return ""
        name = self.source.name(f"number of {tag.rpartition('}')[2]}")
        self.source.add(f"{name} = 0")
        self.counters |= {id(variant): name for variant in variants}
        return name

    def flag(self, variant: Element) -> str:
        name = self.source.name(f"seen {variant.name}")
        self.source.add(f"{name} = False")
        return name

    def test(self, test: Test, child: str) -> str:
        """A predicate as an expression."""
        if len(test.path) != 1 or test.path[0].startswith("@"):
            return f"{self.source.refer('PASSES', passes)}(({self.source.refer('TEST', test)},), {child})"
        (tag,) = test.path
        if not test.values:
            return f"{child}.find({tag!r}) is {'not ' if test.present else ''}None"
        text = f"({child}.findtext({tag!r}) or '').strip()"
        return f"{text} == {test.values[0]!r}" if len(test.values) == 1 else f"{text} in {test.values!r}"

    def variant(self, element: Element, child: str, depth: int, *, loop: bool, flag: str = "") -> None:
        if flag:
            with self.source.block(f"if {flag}:"):
                self.source.add(_BAD)
            self.source.add(f"{flag} = True")
        if element.opens is None:
            self.element(element, child, depth + 1, loop=loop)
            return
        scope = self.plan.scopes[element.opens]
        before, self.sure = self.sure, True
        self.begin(scope.number)
        self.element(element, child, depth + 1, loop=False)
        self.finish(scope.number, child)
        self.append(scope.number)
        self.sure = before

    def append(self, number: int) -> None:
        """The entry joins its list."""
        scope, out = self.plan.scopes[number], self.source
        target = self.lists[number]
        leaves = {
            v.refs[0].field: self.variables[v.number, 0] for v in self.plan.values if v.scope == number and v.refs
        }
        if scope.plain == "text":
            with out.block(f"if {leaves['']} is not None:"):
                out.add(f"{target}.append({leaves['']})")
        elif scope.plain == "map":
            with out.block(f"if {leaves['key']} is not None:"):
                out.add(f"{target}.setdefault({leaves['key']}, {leaves.get('value', '')!s} or '')")
        else:
            expression = gather(self, self.holders[number], scope.where)
            if not expression.endswith(" else None"):
                out.add(f"{target}.append({expression})")
                return
            fresh = out.name(scope.record)
            out.add(f"{fresh} = {expression}")
            with out.block(f"if {fresh} is not None:"):
                out.add(f"{target}.append({fresh})")

    # texts

    def attributes(self, element: Element, name: str) -> None:
        """Known attributes into names, counted: that there are no others is asked once, for all elements."""
        out = self.source
        known = [(a, [slot for slot in a.slots if self.wanted(slot)]) for a in element.attributes]
        if not element.children:
            with out.block(f"if len({name}):"):
                out.add(_BAD)
        if len(known) == 1 and self.must(known[0][1]):
            attribute, slots = known[0]
            out.add(f"[(attribute, text)] = {name}.items()", "attributes += 1")
            with out.block(f"if attribute != {attribute.name!r}:"):
                out.add(_BAD)
            self.attribute(slots, attribute.node)
            return
        for attribute, slots in known:
            out.add(f"text = {name}.get({attribute.name!r})")
            with out.block("if text is not None:"), self.unsure(True):
                out.add("attributes += 1")
                self.attribute(slots, attribute.node)

    def must(self, slots: list[Slot]) -> bool:
        """An amount is none without its currency."""
        return any(slot.role == "currency" and self.simple(self.plan.values[slot.value]) for slot in slots)

    def attribute(self, slots: list[Slot], node: Node | None) -> None:
        out = self.source
        self.short("text", "text", node)
        for slot in slots:
            value = self.plan.values[slot.value]
            if slot.role == "text" and self.simple(value):
                self.take(value, "text", loop=False)
            elif slot.role == "currency" and self.simple(value):
                out.add("currency = text")
            else:
                out.add(f"{self.raw[slot.value, slot.choice, slot.piece, slot.role]} = text")

    def short(self, target: str, text: str, node: Node | None) -> None:
        """A text into a name; what is short or of a list has mostly been seen before."""
        form = node.form if node else None
        if node and form and form.longest is not None and (node.values or node.pattern or form.longest <= 4):
            known = self.source.refer(f"KNOWN_{node.format}", Known(node, word))
            self.source.add(f"{target} = {known}[{text}]")
        else:
            self.source.add(f"{target} = {text}.strip()")
            self.fits(target, node)

    def own(self, element: Element, slots: list[Slot], name: str, *, loop: bool) -> None:
        """The text of an element, with the grammar's limits."""
        out, node, text = self.source, element.node, f"{name}.text"
        value = self.plan.values[slots[0].value]
        alone = len(slots) == 1 and slots[0].role == "text" and self.simple(value) and value.constant is None
        if alone and value.kind in _NUMBERS:
            make = count if value.kind == "count" else number
            known = out.refer(f"NUMBERS_{node.format if node else ''}", Known(node, make, number=True))
            self.take(value, f"{known}[{text}]", loop=loop)
            return
        if alone and value.kind == "text" and value.codes is None and not loop and not self.many(value):
            target = self.variables[value.number, 0]
            if self.home(value) == value.scope:
                self.short(target, text, node)
                self.sured(target)
                return
        numeric = slots[0].role == "text" and value.kind in _NUMBERS and not value.converter and value.codes is None
        if numeric:
            known = out.refer(f"TEXTS_{node.format if node else ''}", Known(node, word, number=True))
            out.add(f"text = {known}[{text}]")
        else:
            self.short("text", text, node)
        for slot in slots:
            value = self.plan.values[slot.value]
            if slot.role == "text" and self.simple(value):
                self.take(value, "text", loop=loop)
            else:
                raw = self.raw[slot.value, slot.choice, slot.piece, slot.role]
                if loop:
                    with out.block(f"if {raw} is not None:"):
                        out.add(_BAD)
                out.add(f"{raw} = text")

    def sured(self, name: str) -> None:
        if self.sure:
            self.certain.add(name)

    def fits(self, name: str, node: Node | None) -> None:
        """A text against the grammar, in one line."""
        form = node.form if node else None
        if form is None or form.longest is None:
            tests = [f"not {name}"]
        elif form.shortest == form.longest:
            tests = [f"len({name}) != {form.longest}"]
        else:
            tests = [f"not {max(form.shortest, 1)} <= len({name}) <= {form.longest}"]
        if form and form.kind == "n":
            tests.append(f"not ({name}.isascii() and {name}.isdigit())")
        elif form and form.kind == "a":
            tests.append(f"not {name}.isalpha()")
        if node and (node.pattern or node.values):
            tests.append(f"any({self.source.refer('MISFITS', misfits)}({name}, {self.source.refer('NODE', node)}))")
        with self.source.block(f"if {' or '.join(tests)}:"):
            self.source.add(_BAD)

    def take(self, value: Value, text: str, *, loop: bool) -> None:
        """A text that is turned into its value at once."""
        out = self.source
        if value.kind == "position":
            with out.block(f"if {text} != str({self.counters[id(self.stack[-1 - value.up])]}):"):
                out.add(_BAD)
            return
        if value.constant is not None:
            with out.block(f"if {text} != {value.constant!r}:"):
                out.add(_BAD)
            if not value.refs:
                return
        expression = self.expression(value, text)
        name = self.variables[value.number, 0]
        if value.codes is not None and any(value.along):
            codes = out.refer(f"CODES_{value.codes.name}", coded(self.plan, value))
            names = [self.variables[value.number, n] for n, ref in enumerate(value.along, 1) if ref is not None]
            out.add(f"{', '.join([name, *names])}, = {codes}[{text}]")
            self.sured(name)
            return
        if self.many(value):
            out.add(f"{name}.append({expression})")
        elif loop or self.home(value) != value.scope:
            fresh = out.name("found")
            out.add(f"{fresh} = {expression}")
            self.assign(value, fresh, guard=True)
        else:
            out.add(f"{name} = {expression}")
            self.sured(name)

    def expression(self, value: Value, text: str) -> str:
        if value.codes is not None:
            codes = self.source.refer(f"CODES_{value.codes.name}", coded(self.plan, value))
            return f"{codes}[{text}]"
        unit = f", {value.unit!r}" if value.unit != "KGM" else ""
        currency = repr(value.currency) if value.currency else "currency"
        return {
            "text": text,
            "count": text,
            "number": text,
            "measure": f"Measure({text}{unit})",
            "amount": f"Amount({text}, {currency})",
            "moment": f"{self.source.refer('MOMENT', moment)}({text}, {value.date or 'any'!r})",
            "flag": f"{self.source.refer('FLAGS', _FLAGS)}[{text}]",
        }[value.kind]


def alone(plan: Plan) -> set[int]:
    """Lists that one element fills: the number of their value, or of their scope with a minus."""
    places: dict[object, list[int]] = {}
    for scope in plan.scopes[1:]:
        if scope.plain != "map":
            places.setdefault((scope.parent, scope.hops, scope.field), []).append(-scope.number)
    for value in plan.values:
        if value.only == "write" or value.implied or not value.refs:
            continue
        ref = value.refs[0]
        for at, hop in enumerate(ref.hops):
            if hop.entry:
                places.setdefault((ref.scope, ref.hops[:at], hop.names[0]), []).extend((0, 0))
        if value.listed and value.pieces == (1,) and not value.converter:
            places.setdefault((ref.scope, ref.hops, ref.field), []).append(value.number)
    assert plan.document is not None
    found = {numbers[0] for numbers in places.values() if len(numbers) == 1}
    return found - set(_interrupted(plan, plan.document, loop=False))


def _interrupted(plan: Plan, element: Element, *, loop: bool) -> Iterator[int]:
    """Lists that are come back to: inside an element that repeats, or among variants."""
    for tag, group in groupby(element.children, key=lambda child: child.tag):
        variants = list(group)
        apart = loop or len(variants) > 1 or sum(child.tag == tag for child in element.children) > len(variants)
        for child in variants:
            if apart:
                yield from (slot.value for slot in child.texts)
                yield -(child.opens or 0)
            yield from _interrupted(plan, child, loop=child.opens is None and (apart or child.repeats))


def counted(plan: Plan, chain: tuple[Element, ...]) -> Iterator[Element]:
    """The elements whose number some row says."""
    for _, slot in slots(chain[-1]):
        value = plan.values[slot.value]
        if value.kind == "position" and value.up < len(chain):
            yield chain[-1 - value.up]
    for child in chain[-1].children:
        yield from counted(plan, (*chain, child))


_FLAGS = {"1": True, "true": True, "0": False, "false": False}
