"""The compiled writer: one record's fields as local names, then one template with holes; constants are part of the code.

What is missing, too long, not in the form or not expressible without a note ends the clean path with None.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from gateway.checks.converters import CONVERTERS
from gateway.mapping.compiled.inscribe import Uncompiled, cleaned, moment_text
from gateway.mapping.compiled.loading import Loaded, View, open_part
from gateway.mapping.compiled.memo import Memo
from gateway.mapping.compiled.source import Source
from gateway.mapping.compiled.template import Hole, Parts, lines
from gateway.mapping.grammar import Node
from gateway.mapping.markup import DECLARATION, INDENT, SPECIAL, escaped, quoted
from gateway.mapping.outer import openings
from gateway.mapping.plan import REST, Attribute, Element, Hop, Plan, Ref, Scope, Slot, Test, Value
from gateway.mapping.texts import fitting
from gateway.mapping.twin.writing import constants_only, prefixes
from gateway.model import Record
from gateway.model.dictionary import fields, records

Write = Callable[[Any], str | None]
_BAD = "return None"


class Fragment(msgspec.Struct):
    """A piece of output: its parts, what makes it worth writing, what must not be true when it is written."""

    parts: Parts = ()
    weighs: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    certain: bool = True


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
    return _Compiler(plan).compiled()


class _Compiler:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.unit = next((scope for scope in plan.scopes if scope.unit), plan.scopes[0])
        self.source = Source(Decimal=Decimal)
        self.views: list[View] = []
        self.plain: dict[int, str] = {}
        self.texts: dict[tuple[int, int], str] = {}
        self.counters: list[dict[str, str]] = []
        self.prefixes = prefixes(plan)

    def compiled(self) -> Source:
        out = self.source
        chain = openings(self.plan)[self.unit.number]
        assert self.plan.document is not None
        top, level = (self.plan.document, 0) if self.unit.number == 0 else (chain[-1], len(chain) - 1)
        with out.block("def write(record):"):
            out.add(f'"""{self.plan.name}: a {self.unit.record} as text."""')
            with out.block("try:"):
                self.load(self.unit, "record", top, "1", "None")
                done = self.container(top, level, certain=True)
                self.demand(done.demands)
                head = (DECLARATION,) if self.unit.number == 0 else ()
                self.give("return ", (*head, *done.parts))
            with out.block("except (ArithmeticError, LookupError, ValueError):"):
                out.add(_BAD)
        return out

    def give(self, before: str, parts: Parts, after: str = "") -> None:
        found = lines(parts)
        if len(found) == 1:
            self.source.add(f"{before}{found[0]}{after}")
        else:
            self.source.add(f"{before}(", *(f"    {line}" for line in found), f"){after}")

    def demand(self, demands: tuple[str, ...]) -> None:
        for at in range(0, len(demands), 4):
            with self.source.block(f"if {' or '.join(demands[at : at + 4])}:"):
                self.source.add(_BAD)

    # records

    def load(self, scope: Scope, variable: str, top: Element, number: str, above: str) -> None:
        """The names of everything that is written of a scope's record and of no part of it."""
        view = View(self.source, scope.number, (), variable, Loaded(records()[scope.record]))
        self.open(view, top, number, above)

    def open(self, view: View, top: Element, number: str = "1", above: str = "None") -> None:
        """What the elements of a view need, but not those that belong to a part; markup is escaped here, once."""
        self.views.append(view)
        risky: dict[str, bool] = {}
        for element in self.within(top, view):
            if element.when and view.holds(element.when.ref):
                view.name(element.when.ref)
            if element.opens is not None and element is not top:
                scope = self.plan.scopes[element.opens]
                if self.used(scope) and view.holds(_list(scope)):
                    view.name(_list(scope))
            for value in self.values(element):
                for ref in (*value.refs, *((value.when.ref,) if value.when else ())):
                    if view.holds(ref) and not value.column:
                        name = view.name(ref)
                        if self.risky(value) and ref in value.refs:
                            risky[name] = value.listed
        view.emit(number, above)
        self.escape(list(risky.items()))

    def within(self, element: Element, view: View) -> Iterator[Element]:
        """The elements that a view writes itself; the entries of its lists and its parts have views of their own."""
        yield element
        for child in element.children:
            if child.opens is not None:
                yield msgspec.structs.replace(child, children=(), texts=(), attributes=())
            elif not self.part(child, view):
                yield from self.within(child, view)

    def values(self, element: Element) -> list[Value]:
        slots = [*element.texts, *(slot for attribute in element.attributes for slot in attribute.slots)]
        found = [self.plan.values[slot.value] for slot in slots if not slot.choice]
        return [value for value in found if self.written(value)]

    def part(self, element: Element, view: View) -> Hop | None:
        """The part of the view's record that an element is all about, if there is one."""
        if not element.children or element.when:
            return None
        depth = len(view.base)
        refs: list[Ref] = []
        inner = {each.opens for each in _all(element)}
        for each in _all(element):
            if each.opens is not None and self.plan.scopes[each.opens].parent == view.scope:
                refs.append(_list(self.plan.scopes[each.opens]))
            if each.when:
                return None
            for value in self.values(each):
                if value.when or value.kind == "position":
                    return None
                refs += [ref for ref in value.refs if ref.scope not in inner]
        hops = {ref.hops[depth] if view.holds(ref) and len(ref.hops) > depth else None for ref in refs}
        found = hops.pop() if len(hops) == 1 else None
        return found if found and not found.entry and not self.numbered(element) else None

    def numbered(self, element: Element) -> bool:
        return any(self.plan.values[slot.value].kind == "position" for each in _all(element) for slot in each.texts)

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

    def written(self, value: Value) -> bool:
        return value.only != "read" and value.constant is None and bool(value.refs)

    def used(self, scope: Scope) -> bool:
        return any(value.scope == scope.number and value.only != "read" for value in self.plan.values)

    def risky(self, value: Value) -> bool:
        """Whether a text may hold markup: what the grammar limits to letters, digits or a list cannot."""
        node = self.node(value)
        tame = node is not None and (node.form.kind in {"a", "n"} or bool(node.values)) and not value.cut
        return value.kind == "text" and not tame and value.codes is None and not value.split and not value.column

    def node(self, value: Value) -> Node | None:
        assert self.plan.document is not None
        return _nodes(self.plan.document).get(value.number)

    def name(self, value: Value) -> str:
        """The local name of a value as it is written: the first present of its places."""
        if len(value.refs) != 1:
            raise Uncompiled(value.key)
        return self.place(value, value.refs[0])

    def place(self, value: Value, ref: Ref) -> str:
        if ref.scope in self.plain:
            variable = self.plain[ref.scope]
            return f"{variable}_{ref.field}" if ref.field else variable
        view = next((view for view in reversed(self.views) if view.holds(ref)), None)
        if view is None:
            raise Uncompiled(value.key)
        return view.name(ref)

    # elements

    def container(self, element: Element, level: int, *, certain: bool) -> Fragment:
        """An element with what stands in it."""
        self.counters.append({})
        inner = [self.child(child, level + 1) for child in element.children]
        self.counters.pop()
        attributes = [self.attribute(attribute) for attribute in element.attributes]
        own = [*attributes, *inner]
        weighs = tuple(name for fragment in own for name in fragment.weighs)
        demands = tuple(demand for fragment in own for demand in fragment.demands)
        demands += tuple(demand for test in element.tests for demand in self.tested(test, element))
        spaces = "".join(self.prefixes) if level == 0 else ""
        open_ = (f"{INDENT * level}<{element.name}{spaces}", *(part for a in attributes for part in a.parts), ">\n")
        parts = (
            *open_,
            *(part for fragment in inner for part in fragment.parts),
            f"{INDENT * level}</{element.name}>\n",
        )
        if not any(fragment.certain for fragment in inner) and (certain or element.required):
            demands += ("not (" + (" or ".join(weighs) or "False") + ")",)  # an empty element is the twin's
        if element.when:
            raise Uncompiled(element.path)
        return Fragment(parts, weighs, demands, certain)

    def child(self, element: Element, level: int) -> Fragment:
        if element.opens is not None:
            return self.listed(element, level)
        if constants_only(element, self.plan):
            return self.constant(element, level)
        if not any(self.speaks(each) for each in _all(element)):
            return Fragment(certain=False)
        part = self.part(element, self.views[-1])
        if part:
            return self.apart_of(element, part, level)
        if element.children:
            done = self.container(element, level, certain=element.required)
            return done if element.required else self.optional(element.name, done)
        return self.leaf(element, level)

    def apart_of(self, element: Element, part: Hop, level: int) -> Fragment:
        """An element that is all about one part: nothing without it, the text of before if it is the part of before."""
        out, outer = self.source, self.views[-1]
        record = self.record(outer.loaded.record, part)
        variable = out.name(" ".join(filter(None, (outer.variable.replace("record", ""), part.names[0]))))
        open_part(out, variable, part, outer.variable)
        text, seen = out.name(f"{element.name} text"), out.name(f"seen {part.names[0]}")
        memo = out.refer(f"LAST_{element.name}", Memo())
        with out.block(f"if {variable} is None:"):
            out.add(f'{text} = ""')
        with out.block("else:"):
            out.add(f"{seen}, {text} = {memo}.pair")
            with out.block(f"if {variable} != {seen}:"):
                view = View(out, outer.scope, (*outer.base, part), variable, Loaded(record))
                self.open(view, element)
                done = self.container(element, level, certain=element.required)
                self.assign(text, done)
                self.views.pop()
                out.add(f"{memo}.pair = ({variable}, {text})")
        demands = (f"not {text}",) if element.required else ()
        return Fragment((Hole(text),), (text,), demands, certain=element.required)

    def record(self, record: type[Record], hop: Hop) -> type[Record]:
        found = fields(record)[hop.names[0]].record
        assert found is not None
        return found

    def assign(self, text: str, done: Fragment) -> None:
        """A fragment into a name: what a value brings about, else nothing."""
        condition = " or ".join(done.weighs)
        if done.demands:
            with self.source.block(f"if {condition}:"):
                self.demand(done.demands)
                self.give(f"{text} = ", done.parts)
            with self.source.block("else:"):
                self.source.add(f'{text} = ""')
        else:
            self.give(f"{text} = ", done.parts, f' if {condition} else ""')

    def speaks(self, element: Element) -> bool:
        slots = [*element.texts, *(slot for attribute in element.attributes for slot in attribute.slots)]
        return any(self.plan.values[slot.value].only != "read" and not slot.choice for slot in slots)

    def optional(self, name: str, done: Fragment) -> Fragment:
        """Into a name of its own."""
        if not done.weighs:
            return Fragment(certain=False)
        fresh = self.source.name(f"{name} text")
        self.assign(fresh, done)
        return Fragment((Hole(fresh),), (fresh,), certain=False)

    def constant(self, element: Element, level: int) -> Fragment:
        """Constants, said once in the code."""
        attributes = "".join(
            f' {attribute.name}="{quoted(self.plan.values[attribute.slots[0].value].constant or "")}"'
            for attribute in element.attributes
        )
        begin = f"{INDENT * level}<{element.name}{attributes}>"
        if element.texts:
            text = self.plan.values[element.texts[0].value].constant or ""
            return Fragment((f"{begin}{escaped(text)}</{element.name}>\n",))
        inner = [part for child in element.children for part in self.constant(child, level + 1).parts]
        return Fragment((f"{begin}\n", *inner, f"{INDENT * level}</{element.name}>\n"))

    def tested(self, test: Test, element: Element) -> list[str]:
        """What a predicate asks of what is written."""
        if len(test.path) != 1 or test.path[0].startswith("@"):
            return []
        child = next((c for c in element.children if c.tag == test.path[0]), None)
        slot = next((s for s in child.texts if not s.choice), None) if child else None
        value = self.plan.values[slot.value] if slot else None
        if value is None or slot is None:
            return [] if not test.present else ["True"]
        if value.implied or value.constant is not None:
            return []
        text = self.texts.get((value.number, slot.piece)) or self.name(value)
        if test.values:
            return [f"{text} not in {test.values!r}"]
        return [f"not {text}"] if test.present else [text]

    # leaves

    def leaf(self, element: Element, level: int) -> Fragment:
        slots = [slot for slot in element.texts if self.plan.values[slot.value].only != "read" and not slot.choice]
        if len(slots) != 1 or slots[0].role != "text":
            raise Uncompiled(element.path)
        slot, value = slots[0], self.plan.values[slots[0].value]
        begin, end = f"{INDENT * level}<{element.name}", f"</{element.name}>\n"
        if value.kind == "position":
            raise Uncompiled(element.path)
        if value.column:
            raise Uncompiled(element.path)
        if value.listed and not value.converter:
            return self.several(element, value, begin, end)
        if value.when:
            raise Uncompiled(element.path)
        simple = value.kind == "text" and not value.codes and not value.converter and value.none is None
        if simple and not element.attributes and value.default is None and not value.split and not value.cut:
            return self.text(element, value, begin, end)
        return self.made(element, slot, value, begin, end)

    def text(self, element: Element, value: Value, begin: str, end: str) -> Fragment:
        """A text as it is."""
        name = self.name(value)
        parts: Parts = (f"{begin}>", Hole(name), end)
        bad = self.unfit(name, element.node)
        if element.required:
            return Fragment(parts, (name,), (f"not {name}", *bad))
        out, fresh = self.source, self.source.name(f"{element.name} text")
        if not bad:
            self.give(f"{fresh} = ", parts, f' if {name} else ""')
            return Fragment((Hole(fresh),), (fresh,), certain=False)
        with out.block(f"if not {name}:"):
            out.add(f'{fresh} = ""')
        with out.block(f"elif {' or '.join(bad)}:"):
            out.add(_BAD)
        with out.block("else:"):
            self.give(f"{fresh} = ", parts)
        return Fragment((Hole(fresh),), (fresh,), certain=False)

    def made(self, element: Element, slot: Slot, value: Value, begin: str, end: str) -> Fragment:
        """A value that has to be turned into text first."""
        out = self.source
        fresh, attributes = out.name(f"{element.name} text"), self.beside(element, value)
        if value.pieces != (1,):
            text = self.piece(value, slot)
            parts: Parts = (f"{begin}>", Hole(text), end)
            with out.block(f"if {text}:"):
                self.refuse(self.unfit(text, element.node))
                self.give(f"{fresh} = ", parts)
            with out.block("else:"):
                out.add(f'{fresh} = ""')
        else:
            name = self.name(value)
            with out.block(f"if {name} is None:" if value.kind != "text" else f"if not {name}:"):
                default = (f"{begin}>{escaped(value.default)}{end}",) if value.default is not None else ("",)
                self.give(f"{fresh} = ", default)
            with out.block("else:"):
                text = self.expression(value, element.node, name)
                self.give(f"{fresh} = ", (begin, *attributes, ">", Hole(text), end))
        weighs = (fresh,) if value.default is None else (self.name(value),)
        demands = (f"not {fresh}",) if element.required else ()
        return Fragment((Hole(fresh),), weighs, demands, certain=value.default is not None or element.required)

    def refuse(self, bad: list[str]) -> None:
        if bad:
            with self.source.block(f"if {' or '.join(bad)}:"):
                self.source.add(_BAD)

    def beside(self, element: Element, value: Value) -> Parts:
        """The currency of an amount; other attributes are the twin's."""
        parts: list[str | Hole] = []
        for attribute in element.attributes:
            slots = [slot for slot in attribute.slots if self.plan.values[slot.value].only != "read"]
            known = len(slots) == 1 and slots[0].value == value.number and slots[0].role == "currency"
            form = attribute.node.form if attribute.node else None
            if not known or value.currency or form is None or form.kind != "a":
                raise Uncompiled(element.path)
            parts += [f' {attribute.name}="', Hole(f"{self.name(value)}.currency"), '"']
        return tuple(parts)

    def expression(self, value: Value, node: Node | None, name: str) -> str:
        """Statements that make the text of a value, and the name of it."""
        out = self.source
        if value.converter or value.none is not None or value.cut or value.beside not in ((), ("currency",)):
            return self.inscribed(value, node, name)
        if value.codes is not None:
            codes = out.refer(f"WRITTEN_{value.codes.name}", {k: escaped(v) for k, v in value.codes.written.items()})
            return self.checked(f"{codes}[{name}]", node)
        if value.kind in {"number", "measure", "amount"}:
            return self.number(value, node, name)
        if value.kind == "count":
            text = self.checked(f"str({name})", node, number=True)
            return text
        if value.kind == "flag":
            words = (node.values if node and node.values else ()) or ("true", "false")
            true, false = next(w for w in words if w in {"1", "true"}), next(w for w in words if w in {"0", "false"})
            out.add(f"text = {true!r} if {name} else {false!r}")
            return "text"
        if value.kind == "moment":
            function = out.refer("MOMENT_TEXT", moment_text)
            return self.checked(f"{function}({name}, {value.date or 'iso'!r})", node)
        return self.checked(name, node)

    def inscribed(self, value: Value, node: Node | None, name: str) -> str:
        if value.beside:
            raise Uncompiled(value.key)
        converter = CONVERTERS.get(value.converter)
        if converter and converter.is_list:
            function = self.source.refer(f"WRITE_{converter.name}", converter.format)
            return self.checked(f"{function}({name}, '')", node)
        raise Uncompiled(value.key)

    def checked(self, code: str, node: Node | None, *, number: bool = False) -> str:
        out = self.source
        out.add(f"text = {code}")
        self.refuse(self.digits("text", node) if number else self.unfit("text", node))
        return "text"

    def number(self, value: Value, node: Node | None, name: str) -> str:
        out = self.source
        if value.kind == "measure":
            with out.block(f"if {name}.unit != {value.unit!r}:"):
                out.add(_BAD)
        if value.kind == "amount" and value.currency:
            with out.block(f"if {name}.currency != {value.currency!r}:"):
                out.add(_BAD)
        elif value.kind == "amount":
            with out.block(f"if len({name}.currency) != 3 or not {name}.currency.isalpha():"):
                out.add(_BAD)
        inner = {"measure": f"{name}.value", "amount": f"{name}.amount", "number": name}[value.kind]
        return self.checked(f"str({inner})", node, number=True)

    def digits(self, name: str, node: Node | None) -> list[str]:
        form = node.form if node else None
        bad = [f"not {name}.replace('.', '', 1).isdigit()"]
        if form and form.longest is not None:
            bad.insert(0, f"len({name}) > {form.longest}")
        if form and form.decimals is not None:
            bad.append(f"'.' in {name}[:-{form.decimals + 1}]")
        elif form and form.kind == "n":
            bad.append(f"'.' in {name}")
        if node and (node.pattern or node.values):
            bad.append(
                f"any({self.source.refer('FITTING', fitting)}({name}, {self.source.refer('NODE', node)}, number=True))"
            )
        return bad

    def unfit(self, name: str, node: Node | None) -> list[str]:
        form = node.form if node else None
        bad: list[str] = []
        if form and form.longest is not None and form.shortest == form.longest:
            bad.append(f"len({name}) != {form.longest}")
        elif form and form.longest is not None:
            bad.append(f"len({name}) > {form.longest}")
            if form.shortest > 1:
                bad.append(f"len({name}) < {form.shortest}")
        if form and form.kind == "n":
            bad.append(f"not ({name}.isascii() and {name}.isdigit())")
        if form and form.kind == "a":
            bad.append(f"not {name}.isalpha()")
        if node and (node.pattern or node.values):
            bad.append(f"any({self.source.refer('FITTING', fitting)}({name}, {self.source.refer('NODE', node)}))")
        return bad

    def piece(self, value: Value, slot: Slot) -> str:
        """One piece of a text that is taken apart by widths."""
        if value.kind != "text" or value.converter or value.codes or not value.split or value.default or value.listed:
            raise Uncompiled(value.key)
        if (value.number, slot.piece) not in self.texts:
            self.apart(value)
        return self.texts[value.number, slot.piece]

    def apart(self, value: Value) -> None:
        out, name, at = self.source, self.name(value), 0
        count = value.pieces[0]
        widths = (*value.split, *(REST,) * count)[:count]
        names = [out.name(f"{name} {number}") for number in range(1, count + 1)]
        with out.block(f"if not {name}:"):
            out.add(" = ".join([*names, '""']))
        search = out.refer("SPECIAL", SPECIAL.search)
        longest = "" if REST in widths else f"len({name}) > {sum(widths)} or "
        with out.block(f"elif {longest}{search}({name}):"):
            out.add(_BAD)
        with out.block("else:"):
            for fresh, width in zip(names, widths, strict=True):
                stop = "" if width == REST else str(at + width)
                out.add(f"{fresh} = {name}[{at or ''}:{stop}]")
                if width == REST:
                    break
                at += width
        self.texts |= {(value.number, number): fresh for number, fresh in enumerate(names)}

    def attribute(self, attribute: Attribute) -> Fragment:
        """An attribute of an element with children."""
        value = self.plan.values[attribute.slots[0].value]
        if value.constant is None or len(attribute.slots) > 1:
            raise Uncompiled(attribute.name)
        return Fragment((f' {attribute.name}="{quoted(value.constant)}"',))

    # lists

    def several(self, element: Element, value: Value, begin: str, end: str) -> Fragment:
        """A list of texts, each in an element of its own."""
        if element.attributes or value.kind != "text" or value.codes or value.split or value.when:
            raise Uncompiled(element.path)
        out, fresh = self.source, self.source.name(f"{element.name} text")
        each = out.name(f"each {element.name}")
        out.add(f'{fresh} = ""')
        most = element.node.most if element.node else None
        if most is not None:
            with out.block(f"if len({self.name(value)}) > {most}:"):
                out.add(_BAD)
        with out.block(f"for {each} in {self.name(value)}:"):
            self.refuse([f"not {each}", *self.unfit(each, element.node)])
            self.give(f"{fresh} += ", (f"{begin}>", Hole(each), end))
        demands = (f"not {fresh}",) if element.required else ()
        return Fragment((Hole(fresh),), (fresh,), demands, certain=element.required)

    def listed(self, element: Element, level: int) -> Fragment:
        """The entries of a list of records, each in an element of its own."""
        assert element.opens is not None
        out, scope = self.source, self.plan.scopes[element.opens]
        if not self.used(scope):
            return Fragment(certain=False)
        if element.when or self.numbered(element):
            raise Uncompiled(element.path)
        view = next((view for view in reversed(self.views) if view.holds(_list(scope))), None)
        if view is None:
            raise Uncompiled(element.path)
        found, text = view.name(_list(scope)), out.name(f"{element.name} text")
        small = scope.plain != "map" and not any(each.opens is not None for each in _all(element)[1:])
        with out.block(f"if not {found}:"):
            out.add(f'{text} = ""')
        with out.block("else:"):
            if small:
                memo, seen = out.refer(f"LAST_{element.name}", Memo()), out.name(f"seen {scope.field}")
                out.add(f"{seen}, {text} = {memo}.pair")
                with out.block(f"if {found} != {seen}:"):
                    self.entries(element, scope, level, found, text)
                    out.add(f"{memo}.pair = ({found}, {text})")
            else:
                self.entries(element, scope, level, found, text)
        demands = (f"not {text}",) if element.required else ()
        return Fragment((Hole(text),), (text,), demands, certain=element.required)

    def entries(self, element: Element, scope: Scope, level: int, found: str, text: str) -> None:
        out = self.source
        texts, entry = out.name(f"{element.name} texts"), out.name(scope.record or element.name)
        number = out.name(f"number of {entry}")
        out.add(f"{texts} = []")
        if scope.plain == "map":
            head = f"for {entry}_key, {entry}_value in {found}.items():"
        elif any(info.derived for info in fields(records()[scope.record]).values()) if scope.record else False:
            head = f"for {number}, {entry} in enumerate({found}, 1):"
        else:
            head = f"for {entry} in {found}:"
        with out.block(head):
            self.entry(element, scope, level, (texts, entry, number))
        if element.node and element.node.most is not None:
            with out.block(f"if len({texts}) > {element.node.most}:"):
                out.add(_BAD)
        out.add(f'{text} = "".join({texts})')

    def entry(self, element: Element, scope: Scope, level: int, names: tuple[str, str, str]) -> None:
        out = self.source
        texts, entry, number = names
        for field, wanted in scope.where:
            with out.block(f"if {entry}.{field} != {wanted!r}:"):
                out.add("continue")
        if scope.plain:
            self.pair(scope, entry)
            done = self.container(element, level, certain=False) if element.children else self.bare(element, level)
        else:
            above = "record" if scope.parent == self.unit.number else "None"
            self.load(scope, entry, element, number, above)
            done = self.container(element, level, certain=False) if element.children else self.bare(element, level)
            self.views.pop()
        if element.required:
            self.demand(done.demands)
            self.give(f"{texts}.append(", done.parts, ")")
            return
        with out.block(f"if {' or '.join(done.weighs)}:"):
            self.demand(done.demands)
            self.give(f"{texts}.append(", done.parts, ")")

    def bare(self, element: Element, level: int) -> Fragment:
        """An entry that is one element with text and attributes."""
        parts: list[str | Hole] = [f"{INDENT * level}<{element.name}"]
        names: list[str] = []
        for attribute in element.attributes:
            carried = self.plan.values[attribute.slots[0].value]
            name = self.name(carried)
            if len(attribute.slots) > 1 or not _bare(carried):
                raise Uncompiled(element.path)
            fresh = self.source.name(f"{attribute.name} text")
            with self.source.block(f"if not {name}:"):
                self.source.add(f'{fresh} = ""')
            with self.source.block("else:"):
                quote = """'"' in """ + name
                self.refuse([*self.unfit(name, attribute.node), quote, f"not {name}.isprintable()"])
                self.give(f"{fresh} = ", (f' {attribute.name}="', Hole(name), '"'))
            parts.append(Hole(fresh))
            names.append(fresh)
        slots = [slot for slot in element.texts if not slot.choice]
        value = self.plan.values[slots[0].value] if slots else None
        if value is None or len(slots) > 1 or not _bare(value):
            raise Uncompiled(element.path)
        name = self.name(value)
        parts += [">", Hole(name), f"</{element.name}>\n"]
        return Fragment(tuple(parts), (name, *names), (f"not {name}", *self.unfit(name, element.node)))


def _list(scope: Scope) -> Ref:
    return Ref(scope.parent or 0, scope.hops, scope.field)


def _all(element: Element) -> list[Element]:
    return [element, *(inner for child in element.children for inner in _all(child))]


def _bare(value: Value) -> bool:
    """A text that is written as it is."""
    more = value.codes or value.converter or value.default or value.constant or value.when or value.split or value.cut
    return value.kind == "text" and not more


def _nodes(element: Element) -> dict[int, Node | None]:
    found: dict[int, Node | None] = {}
    for each in _all(element):
        for slot in each.texts:
            if slot.role == "text" and not slot.choice:
                found.setdefault(slot.value, each.node)
        for attribute in each.attributes:
            for slot in attribute.slots:
                if slot.role == "text" and not slot.choice:
                    found.setdefault(slot.value, attribute.node)
    return found
