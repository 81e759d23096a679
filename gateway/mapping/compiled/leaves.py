"""Elements that hold one value, in compiled writers."""

from gateway.mapping.compiled.expressions import Expressions
from gateway.mapping.compiled.fitness import unfit_text
from gateway.mapping.compiled.inscribe import Uncompiled, cleaned
from gateway.mapping.compiled.template import Fragment, Hole, Parts
from gateway.mapping.compiled.views import BAD, column_of
from gateway.mapping.markup import INDENT, escaped
from gateway.mapping.outer import slots
from gateway.mapping.plan import Attribute, Element, Plan, Slot, Value


class Leaves(Expressions):
    """One element, one value; or a list of texts, an element each."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.pieces: dict[int, list[str]] = {}

    def leaf(self, element: Element, level: int) -> Fragment:
        own = [slot for slot in element.texts if self.plan.values[slot.value].only != "read" and not slot.choice]
        if len(own) != 1 or own[0].role not in {"text", "currency"} or element.when:
            raise Uncompiled(element.path)
        slot, value = own[0], self.plan.values[own[0].value]
        begin, end = f"{INDENT * level}<{element.name}", f"</{element.name}>\n"
        if slot.role == "currency":
            return self.currency(element, value, begin, end)
        if value.kind == "position":
            number = self.source.name(f"{element.name} text")  # now: the next element of this name counts on
            self.source.add(f"{number} = {self.counters[id((*self.stack, element)[-1 - value.up])]} + 1")
            return Fragment((f"{begin}>", Hole(number), end))
        if value.column:
            return self.column(element, value, begin, end)
        if value.listed and not value.converter:
            return self.several(element, value, begin, end)
        if bare(value) and not element.attributes:
            return self.text(element, value, begin, end)
        return self.made(element, slot, value, begin, end)

    def text(self, element: Element, value: Value, begin: str, end: str) -> Fragment:
        """A text as it is."""
        name = self.name(value)
        parts: Parts = (f"{begin}>", Hole(name), end)
        bad = unfit_text(self.source, name, element.node)
        if element.required:
            return Fragment(parts, (name,), (f"not {name}", *bad))
        out, fresh = self.source, self.source.name(f"{element.name} text")
        with out.block(f"if not {name}:"):
            out.add(f'{fresh} = ""')
        with out.block(f"elif {' or '.join(bad)}:"):
            out.add(BAD)
        with out.block("else:"):
            self.give(f"{fresh} = ", parts)
        return Fragment((Hole(fresh),), (fresh,), certain=False)

    def made(self, element: Element, slot: Slot, value: Value, begin: str, end: str) -> Fragment:
        """A value that has to be turned into text first."""
        if value.pieces[0] > 1:
            return self.piece(element, slot, value, begin, end)
        out, name = self.source, self.name(value)
        fresh, attributes = out.name(f"{element.name} text"), self.beside(element, value)
        with out.block(f"if {name} is None:" if value.kind != "text" else f"if not {name}:"):
            default = (f"{begin}>{escaped(value.default)}{end}",) if value.default is not None else ("",)
            self.give(f"{fresh} = ", default)
        with out.block("else:"):
            text = self.expression(value, element.node, name)
            self.give(f"{fresh} = ", (begin, *attributes, ">", Hole(text), end))
        if value.default is not None:
            there = name if value.kind == "text" else f"{name} is not None"
            return Fragment((Hole(fresh),), (there,))
        return self.optional_hole(element, fresh)

    def piece(self, element: Element, slot: Slot, value: Value, begin: str, end: str) -> Fragment:
        """One piece of a text that stands in several elements."""
        if value.number not in self.pieces:
            self.pieces[value.number] = self.apart(value)
        out, text = self.source, self.pieces[value.number][slot.piece]
        fresh = out.name(f"{element.name} text")
        with out.block(f"if {text}:"):
            self.refuse(unfit_text(out, text, element.node))
            self.give(f"{fresh} = ", (f"{begin}>", Hole(text), end))
        with out.block("else:"):
            out.add(f'{fresh} = ""')
        return self.optional_hole(element, fresh)

    def optional_hole(self, element: Element, fresh: str) -> Fragment:
        """A name whose text is empty where there is nothing to write."""
        demands = (f"not {fresh}",) if element.required else ()
        return Fragment((Hole(fresh),), (fresh,), demands, certain=element.required)

    def currency(self, element: Element, value: Value, begin: str, end: str) -> Fragment:
        """The currency of an amount in an element of its own."""
        if element.attributes or value.currency or value.listed:
            raise Uncompiled(element.path)
        out, name = self.source, self.name(value)
        fresh = out.name(f"{element.name} text")
        with out.block(f"if {name} is None:"):
            out.add(f'{fresh} = ""')
        with out.block("else:"):
            out.add(f"text = {name}.currency")
            self.refuse(unfit_text(out, "text", element.node))
            self.give(f"{fresh} = ", (f"{begin}>", Hole("text"), end))
        return self.optional_hole(element, fresh)

    def beside(self, element: Element, value: Value) -> Parts:
        """The currency of an amount, the form of a moment, a text of its own; other attributes are the twin's."""
        parts: list[str | Hole] = []
        for attribute in element.attributes:
            own = [slot for slot in attribute.slots if self.plan.values[slot.value].only != "read"]
            if len(own) != 1:
                raise Uncompiled(element.path)
            if own[0].value != value.number:
                with self.source.of(self.plan.values[own[0].value].row):
                    parts.append(Hole(self.bare_attribute(attribute)))
            else:
                parts += [f' {attribute.name}="', Hole(self.said_beside(own[0], attribute, value)), '"']
        return tuple(parts)

    def said_beside(self, slot: Slot, attribute: Attribute, value: Value) -> str:
        """The name of what an attribute says of the value beside it."""
        node = attribute.node
        if slot.role == "currency" and not value.currency and node is not None and node.form.kind == "a":
            return f"{self.name(value)}.currency"
        if slot.role == "date" and value.kind == "moment" and not value.date:
            form, _ = self.forms[value.number] = self.source.name(f"{attribute.name} form"), node.values if node else ()
            return form
        raise Uncompiled(attribute.name)

    # lists of texts

    def several(self, element: Element, value: Value, begin: str, end: str) -> Fragment:
        """A list of texts, each in an element of its own."""
        if element.attributes or not bare(value):
            raise Uncompiled(element.path)
        out, fresh = self.source, self.source.name(f"{element.name} text")
        each = out.name(f"each {element.name}")
        out.add(f'{fresh} = ""')
        self.at_most(element, self.name(value))
        with out.block(f"for {each} in {self.name(value)}:"):
            self.refuse([f"not {each}", *unfit_text(out, each, element.node)])
            self.give(f"{fresh} += ", (f"{begin}>", Hole(each), end))
        return self.optional_hole(element, fresh)

    def column(self, element: Element, value: Value, begin: str, end: str) -> Fragment:
        """One field of each entry of a list, each in an element of its own; a gap is the twin's."""
        ref, listed = value.refs[0], column_of(value)
        if element.attributes or value.kind != "text" or len(ref.hops) - len(listed.hops) != 1 or ref.key:
            raise Uncompiled(element.path)
        out, fresh, entries = self.source, self.source.name(f"{element.name} text"), self.place(value, listed)
        each = out.name(f"each {element.name}")
        texts = out.name(f"{element.name} texts")
        out.add(f"{texts} = [{each}.{ref.field} for {each} in {entries}]")
        with out.block(f"while {texts} and not {texts}[-1]:"):
            out.add(f"{texts}.pop()")
        self.at_most(element, texts)
        with out.block(f"if {out.refer('ANY_SPECIAL', special)}({texts}):"):
            out.add(f"{texts} = [*map({out.refer('CLEANED', cleaned)}, {texts})]")
        out.add(f'{fresh} = ""')
        with out.block(f"for {each} in {texts}:"):
            self.refuse([f"not {each}"])
            text = self.expression(value, element.node, each)
            self.give(f"{fresh} += ", (f"{begin}>", Hole(text), end))
        return self.optional_hole(element, fresh)

    def at_most(self, element: Element, name: str) -> None:
        if element.node and element.node.most is not None:
            self.refuse([f"len({name}) > {element.node.most}"])

    def bare_entry(self, element: Element, level: int) -> Fragment:
        """An entry that is one element with text and attributes."""
        own = [slot for slot in element.texts if not slot.choice]
        carried = [self.plan.values[slot.value] for _, slot in slots(element)]
        if len(own) != 1 or not all(map(bare, carried)) or any(len(a.slots) > 1 for a in element.attributes):
            raise Uncompiled(element.path)
        parts: list[str | Hole] = [f"{INDENT * level}<{element.name}"]
        names: list[str] = []
        for attribute in element.attributes:
            with self.source.of(self.plan.values[attribute.slots[0].value].row):
                names.append(self.bare_attribute(attribute))
            parts.append(Hole(names[-1]))
        name = self.name(self.plan.values[own[0].value])
        parts += [">", Hole(name), f"</{element.name}>\n"]
        return Fragment(tuple(parts), (name, *names), (f"not {name}", *unfit_text(self.source, name, element.node)))

    def bare_attribute(self, attribute: Attribute) -> str:
        """The name of an attribute's text, empty where there is nothing to write."""
        if len(attribute.slots) > 1 or not bare(self.plan.values[attribute.slots[0].value]):
            raise Uncompiled(attribute.name)
        name = self.name(self.plan.values[attribute.slots[0].value])
        fresh = self.source.name(f"{attribute.name} text")
        with self.source.block(f"if not {name}:"):
            self.source.add(f'{fresh} = ""')
        with self.source.block("else:"):
            quoted = "'\"' in " + name
            self.refuse([*unfit_text(self.source, name, attribute.node), quoted, f"not {name}.isprintable()"])
            self.give(f"{fresh} = ", (f' {attribute.name}="', Hole(name), '"'))
        return fresh


def bare(value: Value) -> bool:
    """A text that is written as it is."""
    more = value.codes or value.converter or value.default or value.constant or value.split or value.cut
    return value.kind == "text" and not more and value.none is None and not value.column


def special(texts: list[str | None]) -> bool:
    """Whether one of the texts has to be escaped."""
    joined = "".join(filter(None, texts))
    return not joined.isprintable() or "&" in joined or "<" in joined or ">" in joined
