"""The names of compiled readers: variables of a scope, texts that are turned into values, entries that join their list.

What both readers have in common; where the texts come from is their own affair.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from gateway.checks.converters import CONVERTERS
from gateway.mapping.compiled.gather import gather
from gateway.mapping.compiled.known import Known, number
from gateway.mapping.compiled.settle import coded, moment, settled
from gateway.mapping.compiled.source import Source
from gateway.mapping.holders import Leaf, holders
from gateway.mapping.outer import chains, outers
from gateway.mapping.plan import Element, Plan, Role, Slot, Value
from gateway.model import Amount, Measure

BAD = "return None"
FLAGS = {"1": True, "true": True, "0": False, "false": False}


class Scopes:
    """What is known while a reader is written."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.holders = holders(plan)
        self.outer = outers(plan)
        self.unit = next((scope for scope in plan.scopes if scope.unit), plan.scopes[0])
        self.source = Source(Amount=Amount, Measure=Measure)
        self.variables: dict[Leaf, str] = {}
        self.raw: dict[tuple[int, int, int, str], str] = {}
        self.lists: dict[int, str] = {}
        self.open: list[int] = []
        self.alone: set[int] = set()
        self.stack: list[Element] = []
        self.counters: dict[int, str] = {}
        self.attached = attached(plan)
        self.shared = shared(plan)
        self.sure = True
        self.certain: set[str] = set()
        self.whole: set[str] = set()

    def begin(self, scope: int) -> None:
        """All names of a scope begin with nothing."""
        self.open.append(scope)
        names: list[str] = []
        for value in self.read(scope):
            names += self.declared(value)
        for value in self.plan.values:
            if value.scope == scope and not value.implied and value.only != "write":
                names += self.texts(value)
        for at in range(0, len(names), 6):
            self.source.add(" = ".join([*names[at : at + 6], "None"]))
        for value in filter(self.many, self.read(scope)):
            self.source.add(f"{self.variables[value.number, 0]} = " + ("()" if value.number in self.alone else "[]"))
        self.begin_lists(scope)

    def begin_lists(self, scope: int) -> None:
        """Lists of entries; several blocks may fill one."""
        made: dict[object, str] = {}
        for other in self.plan.scopes[1:]:
            if other.parent != scope or other.unit:
                continue
            place = (other.hops, other.field)
            if place not in made:
                made[place] = self.source.name(" ".join([*(hop.names[0] for hop in other.hops), other.field]))
                empty = "{}" if other.plain == "map" else "()" if -other.number in self.alone else "[]"
                self.source.add(f"{made[place]} = {empty}")
            self.lists[other.number] = made[place]

    def read(self, scope: int) -> Iterator[Value]:
        """The values that end in the record of a scope."""
        return (
            value
            for value in self.plan.values
            if value.refs and not value.implied and value.only != "write" and self.home(value) == scope
        )

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
        beside = set(value.beside) - ({"currency"} if value.number in self.attached and not value.currency else set())
        return (
            value.pieces == (1,)
            and not beside
            and value.none is None
            and not value.converter
            and (value.codes is None or value.kind == "text")
            and not any(outer.slot.value == value.number for outer in self.outer[value.scope])
        )

    def settle(self, value: Value) -> None:
        """A value of several texts, or one that needs more than a line."""
        with self.source.of(value.row):
            self._settle(value)

    def _settle(self, value: Value) -> None:
        if not value.refs or value.pieces != (1,) or value.codes or value.none or value.constant:
            self._at_length(value)
        elif value.converter and not value.beside and value.kind != "amount":
            self._converted(value)
        elif not value.converter and value.beside == _BESIDE.get(value.kind):
            self._quantity(value)
        else:
            self._at_length(value)

    def _converted(self, value: Value) -> None:
        """A text on its own that a converter reads."""
        parse = self.source.refer(f"READ_{value.converter}", CONVERTERS[value.converter].parse)
        text, fresh = self.raw[value.number, 0, 0, "text"], self.source.name("found")
        self.source.add(f"{fresh} = {parse}({text}, '') if {text} is not None else None")
        self.assign(value, fresh, guard=True)

    def _quantity(self, value: Value) -> None:
        """A number whose currency or unit stands in an element of its own."""
        out, (role,) = self.source, value.beside
        text, beside = (self.raw[value.number, 0, 0, each] for each in ("text", role))
        kind, usual = ("Amount", value.currency) if role == "currency" else ("Measure", value.unit)
        numbers, fresh = out.refer("NUMBERS", Known(None, number)), out.name("found")
        out.add(f"{fresh} = None")
        with out.block(f"if {text} is not None:"):
            if not usual:
                with out.block(f"if {beside} is None:"):
                    out.add(BAD)
            out.add(f"{fresh} = {kind}({numbers}[{text}], {beside}{f' or {usual!r}' if usual else ''})")
        if (value.number, role) not in self.shared:
            with out.block(f"elif {beside} is not None:"):
                out.add(BAD)
        self.assign(value, fresh, guard=True)

    def _at_length(self, value: Value) -> None:
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
        self._along(value, fresh)

    def _along(self, value: Value, found: str) -> None:
        """What its code list sets along; of several texts the twin knows which one it was."""
        names = [self.variables[value.number, at] for at, ref in enumerate(value.along, 1) if ref is not None]
        if not names:
            return
        with self.source.block(f"if {found} is not None:"):
            if value.pieces != (1,):
                self.source.add(BAD)
                return
            assert value.codes is not None
            codes = self.source.refer(f"CODES_{value.codes.name}", coded(self.plan, value))
            self.source.add(f"_, {', '.join(names)}, = {codes}[{self.raw[value.number, 0, 0, 'text']}]")

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
                self.source.add(BAD)
        else:
            self.source.add(f"{name} = {expression}")

    @contextmanager
    def unsure(self, doubtful: bool) -> Iterator[None]:
        """Inside, nothing is certain to be read."""
        before = self.sure
        self.sure = self.sure and not doubtful
        yield
        self.sure = before

    def wanted(self, slot: Slot) -> bool:
        value = self.plan.values[slot.value]
        return not value.implied and value.only != "write" and value.scope in self.open

    def append(self, number: int) -> None:
        """The entry joins its list."""
        with self.source.of(self.plan.scopes[number].row):
            self._append(number)

    def _append(self, number: int) -> None:
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

    def sured(self, name: str) -> None:
        if self.sure:
            self.certain.add(name)

    def take(self, value: Value, text: str, *, loop: bool) -> None:
        """A text that is turned into its value at once."""
        with self.source.of(value.row):
            self._take(value, text, loop=loop)

    def _take(self, value: Value, text: str, *, loop: bool) -> None:
        out = self.source
        if value.kind == "position":
            with out.block(f"if {text} != str({self.counters[id(self.stack[-1 - value.up])]}):"):
                out.add(BAD)
            return
        if value.constant is not None:
            with out.block(f"if {text} != {value.constant!r}:"):
                out.add(BAD)
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
            "flag": f"{self.source.refer('FLAGS', FLAGS)}[{text}]",
        }[value.kind]


_BESIDE: Mapping[str, tuple[Role, ...]] = {"amount": ("currency",), "measure": ("unit",)}


def shared(plan: Plan) -> set[tuple[int, str]]:
    """What stands beside several values at once: by value and role."""
    assert plan.document is not None
    found: set[tuple[int, str]] = set()
    for chain in chains(plan.document):
        for some in (chain[-1].texts, *(attribute.slots for attribute in chain[-1].attributes)):
            found |= {(slot.value, slot.role) for slot in some if len(some) > 1}
    return found


def attached(plan: Plan) -> set[int]:
    """Amounts whose currency is an attribute of their own element."""
    assert plan.document is not None
    found: set[int] = set()
    for chain in chains(plan.document):
        own = {slot.value for slot in chain[-1].texts if slot.role == "text"}
        found |= {s.value for a in chain[-1].attributes for s in a.slots if s.role == "currency" and s.value in own}
    return found
