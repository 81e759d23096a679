"""The compiled writer: a record's fields as local names, then one template with holes; constants are part of the code.

What is missing, too long, not in the form or not expressible without a note ends the clean path with None.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gateway.mapping.compiled.inscribe import Uncompiled
from gateway.mapping.compiled.leaves import Leaves
from gateway.mapping.compiled.loading import Loaded, View, open_part
from gateway.mapping.compiled.memo import Memo
from gateway.mapping.compiled.source import Source
from gateway.mapping.compiled.template import NOTHING, Fragment, Hole
from gateway.mapping.compiled.views import BAD, everything, list_of
from gateway.mapping.markup import DECLARATION, INDENT, escaped, listed, quoted
from gateway.mapping.outer import openings, slots
from gateway.mapping.plan import Attribute, Element, Hop, Plan, Scope, Test
from gateway.mapping.twin.writing import constants_only, prefixes
from gateway.model.dictionary import fields, records

Write = Callable[[Any], str | None]


def writer_of(plan: Plan) -> Write:
    """The function that writes one record; None where it has a doubt, always where the table is beyond it."""
    if not plan.writes:
        return lambda _: None
    try:
        found: Write = source_of(plan).function("write", f"<{plan.name}: write>")
    except Uncompiled:
        return lambda _: None
    return found


def source_of(plan: Plan) -> Source:
    """Raises: Uncompiled."""
    return _Writer(plan).compiled()


class _Writer(Leaves):
    def compiled(self) -> Source:
        out = self.source
        chain = openings(self.plan)[self.unit.number]
        assert self.plan.document is not None
        top, level = (self.plan.document, 0) if self.unit.number == 0 else (chain[-1], len(chain) - 1)
        with out.block("def write(record):"):
            out.says(f"{self.plan.name}: a {self.unit.record} as text.")
            with out.block("try:"):
                self.load(self.unit, "record", top, "1", "None")
                done = self.container(top, level, certain=True)
                self.refuse(done.demands)
                head = (DECLARATION,) if self.unit.number == 0 else ()
                self.give("return ", (*head, *done.parts))
            with out.block("except (ArithmeticError, LookupError, ValueError):"):
                out.add(BAD)
        return out

    # elements

    def container(self, element: Element, level: int, *, certain: bool) -> Fragment:
        """An element with what stands in it."""
        self.stack.append(element)
        self.count_children(element)
        inner = [self.child(child, level + 1) for child in element.children]
        self.stack.pop()
        attributes = [self.attribute(attribute) for attribute in element.attributes]
        weighs = tuple(name for fragment in inner for name in fragment.weighs)
        demands = tuple(demand for fragment in inner for demand in fragment.demands)
        demands += tuple(demand for test in element.tests for demand in self.tested(test, element))
        spaces = listed(prefixes(self.plan)) if level == 0 else ""
        parts = (
            f"{INDENT * level}<{element.name}{spaces}{''.join(attributes)}>\n",
            *(part for fragment in inner for part in fragment.parts),
            f"{INDENT * level}</{element.name}>\n",
        )
        if certain and not any(fragment.certain for fragment in inner):
            demands += (f"not ({' or '.join(weighs) or 'False'})",)  # an element without content is the twin's
        return Fragment(parts, weighs, demands, certain)

    def count_children(self, element: Element) -> None:
        """Counters of the children whose number some row says."""
        asked = {child.tag for child in element.children if id(child) in self.counted}
        for tag in asked:
            name = self.source.name(f"count of {tag.rpartition('}')[2]}")
            self.source.add(f"{name} = 0")
            self.counters |= {id(child): name for child in element.children if child.tag == tag}

    def child(self, element: Element, level: int) -> Fragment:
        if not any(self.speaks(each) for each in everything(element)):
            return NOTHING
        with self.source.of(element.row):
            return self.listed(element, level) if element.opens is not None else self.counted_one(element, level)

    def counted_one(self, element: Element, level: int) -> Fragment:
        """An element that stands once at most, and its number where some row says it."""
        done = self.single(element, level)
        if counter := self.counters.get(id(element)):
            if done.certain:
                self.source.add(f"{counter} += 1")
            else:
                with self.source.block(f"if {' or '.join(done.weighs) or 'False'}:"):
                    self.source.add(f"{counter} += 1")
        return done

    def single(self, element: Element, level: int) -> Fragment:
        """An element that stands once at most."""
        if constants_only(element, self.plan) and not element.when:
            return self.constant(element, level)
        part = self.part(element, self.views[-1])
        if part:
            return self.apart_of(element, part, level)
        if not element.children:
            return self.leaf(element, level)
        done = self.container(element, level, certain=element.required)
        if element.required and not element.when:
            return done
        if not done.weighs:
            return NOTHING
        fresh = self.source.name(f"{element.name} text")
        self.assign(fresh, done, self.condition(element.when) if element.when else "")
        return Fragment((Hole(fresh),), (fresh,), certain=False)

    def speaks(self, element: Element) -> bool:
        found = [(slot, self.plan.values[slot.value]) for _, slot in slots(element)]
        return any(value.only != "read" and not slot.choice for slot, value in found)

    def apart_of(self, element: Element, part: Hop, level: int) -> Fragment:
        """An element that is all about one part: nothing without it, the text of before if it is the part of before."""
        out, outer = self.source, self.views[-1]
        record = fields(outer.loaded.record)[part.names[0]].record
        assert record is not None
        variable = out.name(" ".join(filter(None, (outer.variable.replace("record", ""), part.names[0]))))
        text = out.name(f"{element.name} text")
        open_part(out, variable, part, outer.variable)
        with out.block(f"if {variable} is None:"):
            out.add(f'{text} = ""')
        with out.block("else:"), self.remembered(element, variable, text):
            self.open(View(out, outer.scope, (*outer.base, part), variable, Loaded(record)), element)
            self.assign(text, self.container(element, level, certain=element.required))
            self.views.pop()
        return self.optional_hole(element, text)

    @contextmanager
    def remembered(self, element: Element, variable: str, text: str) -> Iterator[None]:
        """The text of before, where the part or list is that of before; not where equal values have several texts."""
        out = self.source
        if not self.exact(element):
            yield
            return
        memo, seen = out.refer(f"LAST_{element.name}", Memo()), out.name(f"seen {variable}")
        out.add(f"{seen}, {text} = {memo}.pair")
        with out.block(f"if {variable} != {seen}:"):
            yield
            out.add(f"{memo}.pair = ({variable}, {text})")

    def assign(self, text: str, done: Fragment, only: str = "") -> None:
        """A fragment into a name: what a value brings about, else nothing."""
        condition = " or ".join(done.weighs) or "False"
        condition = f"({only}) and ({condition})" if only else condition
        if not done.demands:
            self.give(f"{text} = ", done.parts, f' if {condition} else ""')
            return
        with self.source.block(f"if {condition}:"):
            self.refuse(done.demands)
            self.give(f"{text} = ", done.parts)
        with self.source.block("else:"):
            self.source.add(f'{text} = ""')

    def constant(self, element: Element, level: int) -> Fragment:
        """Constants, said once in the code."""
        begin = f"{INDENT * level}<{element.name}{''.join(map(self.attribute, element.attributes))}>"
        if element.texts:
            text = self.plan.values[element.texts[0].value].constant or ""
            return Fragment((f"{begin}{escaped(text)}</{element.name}>\n",))
        inner = [part for child in element.children for part in self.constant(child, level + 1).parts]
        return Fragment((f"{begin}\n", *inner, f"{INDENT * level}</{element.name}>\n"))

    def attribute(self, attribute: Attribute) -> str:
        """A constant attribute; others stand at elements that hold a value."""
        value = self.plan.values[attribute.slots[0].value]
        if value.constant is None or len(attribute.slots) > 1:
            raise Uncompiled(attribute.name)
        return f' {attribute.name}="{quoted(value.constant)}"'

    def tested(self, test: Test, element: Element) -> list[str]:
        """What a predicate asks of what is written."""
        if len(test.path) != 1 or test.path[0].startswith("@"):
            return []
        child = next((c for c in element.children if c.tag == test.path[0]), None)
        slot = next((s for s in child.texts if not s.choice), None) if child else None
        if slot is None:
            return ["True"] if test.present else []
        value = self.plan.values[slot.value]
        if value.implied or value.constant is not None:
            return []
        text = self.pieces[value.number][slot.piece] if value.number in self.pieces else self.name(value)
        if test.values:
            return [f"{text} not in {test.values!r}"]
        return [f"not {text}"] if test.present else [text]

    # lists

    def listed(self, element: Element, level: int) -> Fragment:
        """The entries of a list of records, each in an element of its own."""
        assert element.opens is not None
        out, scope = self.source, self.plan.scopes[element.opens]
        view = self.view(list_of(scope))
        if view is None or element.when:
            raise Uncompiled(element.path)
        found, text = view.name(list_of(scope)), out.name(f"{element.name} text")
        alone = not any(each.opens is not None for each in [*everything(element)][1:])
        with out.block(f"if not {found}:"):
            out.add(f'{text} = ""')
        with out.block("else:"):
            if alone and scope.plain != "map" and id(element) not in self.counters:
                with self.remembered(element, found, text):
                    self.entries(element, scope, level, found, text)
            else:
                self.entries(element, scope, level, found, text)
        return self.optional_hole(element, text)

    def entries(self, element: Element, scope: Scope, level: int, found: str, text: str) -> None:
        out = self.source
        texts, entry = out.name(f"{element.name} texts"), out.name(scope.record or element.name)
        number = out.name(f"number of {entry}")
        derived = bool(scope.record) and any(info.derived for info in fields(records()[scope.record]).values())
        out.add(f"{texts} = []")
        if scope.plain == "map":
            head = f"for {entry}_key, {entry}_value in {found}.items():"
        else:
            head = f"for {number}, {entry} in enumerate({found}, 1):" if derived else f"for {entry} in {found}:"
        with out.block(head):
            self.entry(element, scope, level, texts, entry, number)
        self.at_most(element, texts)
        out.add(f'{text} = "".join({texts})')

    def entry(self, element: Element, scope: Scope, level: int, texts: str, entry: str, number: str) -> None:
        out = self.source
        for field, wanted in scope.where:
            with out.block(f"if {entry}.{field} != {wanted!r}:"):
                out.add("continue")
        if scope.plain:
            self.pair(scope, entry)
        else:
            above = "record" if scope.parent == self.unit.number else "None"
            self.load(scope, entry, element, number, above)
        required = element.required
        done = self.container(element, level, certain=required) if element.children else self.bare_entry(element, level)
        if not scope.plain:
            self.views.pop()
        with out.block(f"if {'True' if required else ' or '.join(done.weighs)}:"):
            self.refuse(done.demands)
            self.give(f"{texts}.append(", done.parts, ")")
            if counter := self.counters.get(id(element)):
                out.add(f"{counter} += 1")
