"""The intermediate form of a table: expanded, merged, pruned and ordered. It feeds the compiler and the traced twin.

A plan is one tree of message elements in output order. Each element carries *slots*: its text or an attribute is (a
part of) a *value*, and a value is one row of the table with the model paths it corresponds to. Lists of the model open
a *scope*: one record is made of each element that begins the scope.
"""

from datetime import date
from typing import Literal

import msgspec

from gateway.findings.finding import Row
from gateway.mapping.codelist import CodeList
from gateway.mapping.grammar import Node

Kind = Literal["text", "count", "number", "measure", "amount", "moment", "flag", "position"]
Role = Literal["text", "unit", "currency", "date"]
Only = Literal["", "read", "write"]
BESIDE: dict[Kind, Role] = {"measure": "unit", "amount": "currency"}
"""Kinds whose code list is one of what stands beside their number."""
_NUMBERS = {"number", "measure", "amount", "count"}
REST = 0  # in `Value.split`: the piece that takes what is left


class Step(msgspec.Struct, frozen=True):
    """One element on the way from the document's root to a unit of failure.

    `constants` are its predicates: relative path (local names) and the text that stands there.
    """

    local: str
    namespace: str = ""
    constants: tuple[tuple[str, str], ...] = ()


class Test(msgspec.Struct, frozen=True):
    """A predicate: a child path (tags; the last may be `@name`, none is the own text) and what must stand there.

    Without values it asks for presence, or for absence where `present` is false; the first value is the one written.
    """

    path: tuple[str, ...]
    values: tuple[str, ...] = ()
    present: bool = True


class Hop(msgspec.Struct, frozen=True):
    """One step of a model path before its field: a part (the first present of `names`), or the entry of a list.

    `entry` says that the field is a list: its entry that fits `where`, or, where nothing is asked, the entry whose
    number is the element's (`reasons.code` on a repeated element).
    """

    names: tuple[str, ...]
    where: tuple[tuple[str, str], ...] = ()
    entry: bool = False


class Ref(msgspec.Struct, frozen=True):
    """A place in the model: the scope whose record holds it, the way there, the field (empty: the entry itself).

    `listed` says that the field is a list of plain values, `key` names the entry of a map.
    """

    scope: int
    hops: tuple[Hop, ...]
    field: str
    listed: bool = False
    key: str = ""

    def path(self) -> str:
        """The dotted path within the scope, as it is shown and as findings name it."""
        names = [hop.names[0] for hop in self.hops]
        return ".".join([*names, *filter(None, (self.field, self.key))])


class When(msgspec.Struct, frozen=True):
    """A form rule for writing: only where a model value is present, or absent."""

    ref: Ref
    present: bool = True


class Value(msgspec.Struct, frozen=True):
    """What one row says of one value, in the scope where the row stands.

    The first of `refs` is set when read, the first present is written. `pieces` says how many elements each
    alternative of the key joins, `beside` which roles stand in the message. `implied` is the constant of a predicate.
    Kind `position` is the number of the element `up` steps above.
    """

    number: int
    row: Row
    key: str
    model: str
    scope: int = 0
    kind: Kind = "text"
    refs: tuple[Ref, ...] = ()
    implied: bool = False
    constant: str | None = None
    default: str | None = None
    none: str | None = None
    required: bool = False
    split: tuple[int, ...] = ()
    check: str = ""
    codes: CodeList | None = None
    along: tuple[Ref | None, ...] = ()
    unit: str = ""
    currency: str = ""
    date: str = ""
    beside: tuple[Role, ...] = ()
    up: int = 0
    converter: str = ""
    when: When | None = None
    only: Only = ""
    cut: bool = False
    hint: str = ""
    note: str = ""
    pieces: tuple[int, ...] = (1,)

    @property
    def numeric(self) -> bool:
        """Whether its text is a number."""
        return self.kind in _NUMBERS and not self.converter and (self.codes is None or self.kind in BESIDE)

    @property
    def listed(self) -> bool:
        """Whether it is a list of plain values."""
        return bool(self.refs) and self.refs[0].listed

    @property
    def column(self) -> bool:
        """Whether it is one field of the entries of a list, told by their number (`reasons.code`)."""
        return bool(self.refs) and any(hop.entry and not hop.where for hop in self.refs[0].hops)

    @property
    def weighs(self) -> bool:
        """Whether it brings an optional element about; a constant or a number alone does not."""
        return self.constant is None and self.kind != "position"


class Slot(msgspec.Struct, frozen=True):
    """Where (a part of) a value stands: alternative and piece of the row's key, or what gives its unit or date form."""

    value: int
    role: Role = "text"
    choice: int = 0
    piece: int = 0


class Attribute(msgspec.Struct, frozen=True):
    """An attribute that rows carry, with what the grammar says of it."""

    name: str
    slots: tuple[Slot, ...]
    node: Node | None = None


class Element(msgspec.Struct, frozen=True):
    """One message element that rows carry, with its children in output order.

    `name` is how it is written (`md:MetaData`), `path` the local names from the document's root; `opens` is the scope
    that each such element begins. Elements of one tag are told apart by their tests, tried in order. One that is left
    `aside` says nothing, with all below it: its row says why.
    """

    tag: str
    name: str
    path: str
    node: Node | None = None
    tests: tuple[Test, ...] = ()
    opens: int | None = None
    when: When | None = None
    texts: tuple[Slot, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    children: tuple["Element", ...] = ()
    row: Row | None = None
    repeats: bool = False
    required: bool = False
    aside: bool = False


class Scope(msgspec.Struct, frozen=True):
    """A list of the model: the record each entry is, where the list hangs in the parent scope, what each entry says.

    `plain` is `text` for a list of texts, `map` for the entries of a map.
    """

    number: int
    parent: int | None
    record: str
    hops: tuple[Hop, ...] = ()
    field: str = ""
    where: tuple[tuple[str, str], ...] = ()
    unit: bool = False
    plain: str = ""
    row: Row | None = None


class Plan(msgspec.Struct, frozen=True):
    """What one table says, ready to be compiled.

    `root` leads from the document to one record, `unit` from there to the element that is one unit of failure (empty:
    the last step of `root` is the unit). `any_root` says that the first step is only written, any name is read: a root
    of several steps whose first has no predicate. Tags of elements are `{namespace}local` with the first of the
    prefix's namespaces. `group` are the columns whose equal values make several rows one item (none: each row is one);
    None where the message is not made of rows. `checks` are the named checks of the rows, by model path from the unit's
    record.
    """

    name: str
    title: str
    syntax: str
    record: str
    unit_record: str
    root: tuple[Step, ...]
    unit: tuple[Step, ...]
    namespaces: dict[str, tuple[str, ...]]
    any_root: bool = False
    group: tuple[str, ...] | None = None
    basis: str = ""
    file: str = ""
    reads: bool = True
    writes: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    values: tuple[Value, ...] = ()
    scopes: tuple[Scope, ...] = ()
    document: Element | None = None
    checks: tuple[tuple[str, str], ...] = ()

    @property
    def framed(self) -> bool:
        """Whether a document can hold several units, each written for itself."""
        return bool(self.unit) or self.group is not None
