"""The compiled reader: one pass over an item's elements, in the grammar's order, then one record.

Each element is expected where the grammar has it; what is missing, strange, repeated, too long or no number ends the
clean path with None.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from gateway.mapping.compiled.gather import gather
from gateway.mapping.compiled.known import Known, count, number, word
from gateway.mapping.compiled.scopes import BAD, Scopes
from gateway.mapping.compiled.settle import END, attributes_of, outside
from gateway.mapping.compiled.source import Source
from gateway.mapping.grammar import Node
from gateway.mapping.outer import Outer, counted, openings
from gateway.mapping.plan import Element, Plan, Slot, Test
from gateway.mapping.texts import misfits
from gateway.mapping.twin.matching import passes

Read = Callable[[Any, int], Any]
_NUMBERS = {"number", "measure", "amount", "count"}


def reader_of(plan: Plan) -> Read:
    """The function that reads one unit's element; None where it has a doubt."""
    found: Read = source_of(plan).function("read", f"<{plan.name}: read>")
    return found


def source_of(plan: Plan) -> Source:
    return Walker(plan).compiled()


class Walker(Scopes):
    """Writes the reader of an element; what it says of texts serves other shapes too."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        assert plan.document is not None
        self.source.known["END"] = END
        self.counted = {id(element) for element in counted(plan, (plan.document,))}
        self.alone = alone(plan)

    def compiled(self) -> Source:
        out = self.source
        element = openings(self.plan)[self.unit.number][-1]
        with out.block("def read(body, equals):"):
            out.says(f"{self.plan.name}: one {element.name} as {self.unit.record}.")
            with out.block("try:"):
                self.begin(self.unit.number)
                out.add("attributes = 0")
                self.element(element, "body", 1, loop=False)
                self.finish(self.unit.number, "body")
                with out.block(
                    f"if attributes != equals and attributes != {out.refer('ATTRIBUTES_OF', attributes_of)}(body):"
                ):
                    out.add(BAD)
                expression = gather(self, self.holders[self.unit.number], self.unit.where)
                out.add(f"return {expression}")
            with out.block("except (ArithmeticError, AttributeError, LookupError, ValueError):"):
                out.add("return None")
        return out

    # scopes

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
        with self.source.of(value.row):
            self.source.add(f"{name} = {outside_}({body}, {at})")

    # elements

    def element(self, element: Element, name: str, depth: int, *, loop: bool) -> None:
        """What stands in one element: attributes, own text, children."""
        self.stack.append(element)
        with self.source.of(element.row):
            self.inner(element, name, depth, loop=loop)
        self.stack.pop()

    def inner(self, element: Element, name: str, depth: int, *, loop: bool) -> None:
        texts = [slot for slot in element.texts if self.wanted(slot)]
        self.attributes(element, name)
        if texts:
            with self.source.of(self.plan.values[texts[0].value].row):
                self.own(element, texts, f"{name}.text", loop=loop)
        else:
            self.unread(element, name)
        if not element.children:
            return
        out = self.source
        children, child = f"children_{depth}", f"child_{depth}"
        out.add(f"{children} = iter({name})")
        self.following(depth)
        for tag, group in groupby(element.children, key=lambda child: child.tag):
            variants = list(group)
            with out.of(variants[0].row):
                self.group(tag, variants, depth, loop=loop)
        with out.block(f"if {child} is not END:"):
            out.add(BAD)

    def unread(self, element: Element, name: str) -> None:
        """No row reads a text here: there is none, or it is the constant of a predicate, or it must only fit."""
        if element.texts and all(self.plan.values[slot.value].implied for slot in element.texts):
            if element.required:
                with self.source.block(f"if not {name}.text or {name}.text.isspace():"):
                    self.source.add(BAD)
            return
        with self.source.block(f"if {name}.text and not {name}.text.isspace():"):
            if element.texts:
                self.short("text", f"{name}.text", element.node)
            else:
                self.source.add(BAD)

    def following(self, depth: int) -> None:
        """The next child; text between elements is the twin's."""
        self.source.add(f"child_{depth} = next(children_{depth}, END)", f"tag_{depth} = child_{depth}.tag")
        with self.source.block(f"if child_{depth}.tail and not child_{depth}.tail.isspace():"):
            self.source.add(BAD)

    def group(self, tag: str, variants: list[Element], depth: int, *, loop: bool) -> None:
        """All elements of one tag."""
        out, child, here = self.source, f"child_{depth}", f"tag_{depth}"
        several = len(variants) > 1 or variants[0].repeats
        required = any(variant.required for variant in variants)
        single = len(variants) == 1 and not variants[0].tests
        if required:
            with out.block(f"if {here} != {tag!r}:"):
                out.add(BAD)
        if required and not several and single and id(variants[0]) not in self.counted:
            self.variant(variants[0], child, depth, loop=loop)
            self.following(depth)
            return
        most = variants[0].node.most if several and variants[0].node else None
        counter = self.counter(variants, tag, asked=most is not None)
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
        if most is not None:
            with out.block(f"if {counter} > {most}:"):
                out.add(BAD)

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
        for at, (variant, flag) in enumerate(zip(variants, flags, strict=True)):
            condition = " and ".join(self.test(test, child) for test in variant.tests)
            if not condition and at == 0:
                self.variant(variant, child, depth, loop=loop, flag=flag)
                break
            head = "else:" if not condition else f"{'elif' if at else 'if'} {condition}:"
            with out.of(variant.row), out.block(head):
                self.variant(variant, child, depth, loop=loop, flag=flag)
            if not condition:
                break
        else:
            with out.block("else:"):
                out.add(BAD)
        self.following(depth)

    def counter(self, variants: list[Element], tag: str, *, asked: bool) -> str:
        """The number of an element among its siblings, where a row or the grammar asks for it."""
        if not asked and not any(id(variant) in self.counted for variant in variants):
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
                self.source.add(BAD)
            self.source.add(f"{flag} = True")
        if element.aside:
            self.source.add(f"attributes += {self.source.refer('ATTRIBUTES_OF', attributes_of)}({child})")
            return
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

    # texts

    def attributes(self, element: Element, name: str) -> None:
        """Known attributes into names, counted: that there are no others is asked once, for all elements."""
        out = self.source
        known = [(a, [slot for slot in a.slots if self.wanted(slot)]) for a in element.attributes]
        if not element.children:
            with out.block(f"if len({name}):"):
                out.add(BAD)
        if len(known) == 1 and self.must(known[0][1]):
            attribute, slots = known[0]
            out.add(f"[(attribute, text)] = {name}.items()", "attributes += 1")
            with out.block(f"if attribute != {attribute.name!r}:"):
                out.add(BAD)
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
            if target != self.stripped(text):
                self.source.add(f"{target} = {self.stripped(text)}")
            self.fits(target, node)

    def stripped(self, text: str) -> str:
        return f"{text}.strip()"

    def own(self, element: Element, slots: list[Slot], text: str, *, loop: bool) -> None:
        """The text of an element, with the grammar's limits."""
        out, node = self.source, element.node
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
        numeric = slots[0].role == "text" and value.numeric
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
                        out.add(BAD)
                out.add(f"{raw} = text")

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
            self.source.add(BAD)


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
    return found - set(_kept_open(plan, plan.document, loop=False))


def _kept_open(plan: Plan, element: Element, *, loop: bool) -> Iterator[int]:
    """Lists that are not whole when their element has been read: it stands once, among variants or inside others."""
    for tag, group in groupby(element.children, key=lambda child: child.tag):
        variants = list(group)
        apart = loop or len(variants) > 1 or sum(child.tag == tag for child in element.children) > len(variants)
        for child in variants:
            if apart or not child.repeats:
                yield from (slot.value for slot in child.texts)
                yield -(child.opens or 0)
            yield from _kept_open(plan, child, loop=child.opens is None and (apart or child.repeats))
