"""From rows to a plan: every row finds its elements, its model paths and its facts.

Faults are collected, never raised: a person sees all of them at once.
"""

from collections.abc import Iterator, Mapping
from itertools import takewhile

import msgspec

from gateway.findings.finding import Finding, Row
from gateway.mapping import model
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.finish import imply, occur, prune, steps_to
from gateway.mapping.foundation import ROW, Foundation, by_rows, foundation, prefixes, undeclared
from gateway.mapping.head import day
from gateway.mapping.model import Context, Resolved
from gateway.mapping.paths import Key, MessagePath, PathError, PathStep, message_key
from gateway.mapping.plan import Hop, Plan, Ref, Scope, Slot, Value
from gateway.mapping.rows import ROLES, Rows, Sources, path_in
from gateway.mapping.table import Line, Table
from gateway.mapping.tree import Branch
from gateway.model.dictionary import FieldInfo

UNITS_OF_FAILURE = {"Consignment", "Decision"}
_OF_THE_MODEL = {"MAP103", "MAP128", "MAP129"}


class Built(msgspec.Struct, frozen=True):
    """A plan with its faults; `places` are the exact places of its rows."""

    plan: Plan | None
    faults: tuple[Finding, ...]
    places: Mapping[Row, Place] = {}


def build(table: Table, sources: Sources) -> Built:
    """The plan of a table whose profiles are merged, as far as it can be understood, with all its faults."""
    ground = foundation(table, sources)
    built = _Builder(table, sources, ground).built(ground.trunk)
    faults = (f for f in built.faults if ground.sure or f.code not in _OF_THE_MODEL)
    return msgspec.structs.replace(built, faults=(*ground.faults, *faults))


class _Builder:
    def __init__(self, table: Table, sources: Sources, ground: Foundation) -> None:
        self.table, self.names = table, ground.names
        self.declared = frozenset(ground.names)
        self.by_rows = by_rows(table)
        self.top = Context(0, ground.record)
        self.rows = Rows(sources, self.top)
        self.faults = self.rows.faults
        self.values: list[Value] = []
        self.scopes = [Scope(0, None, ground.record.__name__, unit=ground.record.__name__ in UNITS_OF_FAILURE)]
        self.checks: list[tuple[str, str]] = []
        self.places: dict[Row, Place] = {}

    def built(self, trunk: list[Branch]) -> Built:
        document, root = trunk[0], trunk[-1]
        before = tuple(takewhile(lambda line: line.key.startswith("/"), self.table.lines))
        self.lines(before, root, self.top, "")
        for branch in trunk[1:]:  # without a grammar the record stands where its first row does
            branch.last()
        self.lines(self.table.lines[len(before) :], root, self.top, "")
        imply(document, self.names, self.implied)
        self.faults += prune(document, self.values, self.places, profile="extends" in self.table.head)
        occur(document, self.values)
        self.faults += [*self.keyless(), *self.grouped(root)]
        return Built(self.plan(document, len(trunk)), tuple(self.faults), self.places)

    def keyless(self) -> Iterator[Finding]:
        """Blocks of a map whose entries have no key."""
        keyed = {value.refs[0].scope for value in self.values if value.refs and value.refs[0].field == "key"}
        for scope in self.scopes:
            if scope.plain == model.MAP and scope.number not in keyed and scope.row is not None:
                yield fault("MAP306", self.places[scope.row], name=scope.field)

    def grouped(self, root: Branch) -> Iterator[Finding]:
        """Columns of the group that no header has."""
        rows = {child.local for branch in root.walk() for child in branch.children}
        known = root.node.children if root.node else rows
        for name in self.table.texts("group"):
            if name not in known:
                yield unknown("MAP116", self.table.place("group"), name, known, path=f"{root.path}/{name}")

    # rows

    def lines(self, lines: tuple[Line, ...], here: Branch, context: Context | None, only: str) -> None:
        """Rows where they stand; without a context, as much of them as does not ask the model."""
        for line in lines:
            self.places.setdefault(line.place.row(), line.place)
            try:
                key = message_key(line.key)
                self.declare(line, key)
                if line.lines is None:
                    self.row(line, key, here, context, only)
                else:
                    self.block(line, key, here, context, only)
            except PathError as trouble:
                self.faults.append(fault("MAP104", line.place, path=str(trouble) or line.key))

    def declare(self, line: Line, key: Key) -> None:
        """A prefix that the head does not declare is a fault of each row that uses it."""
        beside = [path for role in ROLES if (path := path_in(line.text(role)))]
        for prefix in prefixes(*(path for side in key for path in side), *beside):
            if prefix not in self.declared:
                self.faults.append(unknown("MAP126", line.place, prefix, self.declared))
                self.names[prefix] = undeclared(prefix)

    def row(self, line: Line, key: Key, here: Branch, context: Context | None, only: str) -> None:
        if set(line.words) == {"note"} and not any(path.attribute for side in key for path in side):
            self.leave(line, key, here)
            return
        value = self.rows.value(line, key, context, len(self.values), only) if context else None
        if value is not None:
            self.values.append(value)
        elif context is None:
            self.rows.words(line)
        for choice, pieces in enumerate(key):
            for piece, path in enumerate(pieces):
                slot = None if value is None else Slot(value.number, "text", choice, piece)
                self.put(line, here.at(path), path.attribute, slot)
        if value and value.check and value.refs:
            self.checks.append((self.full(value.refs[0]), value.check))

    def leave(self, line: Line, key: Key, here: Branch) -> None:
        """A row that says nothing but why: the element is left aside on purpose, with all below it."""
        for branch in (here.at(path) for side in key for path in side):
            branch.aside, branch.row = True, line.place.row()

    def put(self, line: Line, branch: Branch, attribute: str, slot: Slot | None) -> None:
        """A value in its element, with the unit, currency or date form that stands in the message beside it."""
        branch.row = branch.row or line.place.row()
        if slot is None:
            return
        branch.put(attribute, slot)
        for role in ROLES:
            if beside := path_in(line.text(role)):
                branch.at(beside).put(beside.attribute, msgspec.structs.replace(slot, role=role))

    def block(self, line: Line, key: Key, here: Branch, context: Context | None, only: str) -> None:
        if len(key) > 1 or len(key[0]) > 1 or key[0][0].attribute:
            raise PathError(line.key)
        branch = here.at(self.rows_of(line, key[0][0], context) if context else key[0][0])
        branch.row = branch.row or line.place.row()
        branch.when = (context and self.rows.when(line, context)) or branch.when
        inner = self.inner(line, branch, context) if context else None
        begun = len(self.faults)
        self.lines(line.lines or (), branch, inner, line.text("only") or only)
        if context and inner and inner.scope != context.scope and len(self.faults) == begun and self.empty(inner.scope):
            self.faults.append(fault("MAP158", line.place, path=line.key))

    def empty(self, scope: int) -> bool:
        """Whether no row of a list, or of a list in it, holds a value: every entry would be nothing."""
        return not any(value.weighs and value.scope >= scope for value in self.values)

    def rows_of(self, line: Line, path: MessagePath, context: Context) -> MessagePath:
        """`.` as a list: in a message made of rows it is each row of the item."""
        if not self.by_rows or path.steps or path.absolute or path.up:
            return path
        paths = self.rows.paths(line.text("is") or ".", line.place_of("is"))
        found = self.rows.resolved(paths[0], context, line) if paths and paths[0].steps else None
        return MessagePath((PathStep(ROW),)) if found and found.info and found.info.is_list else path

    def inner(self, line: Line, branch: Branch, context: Context) -> Context | None:
        """What a block is: the same record, a part of it, or a list of which each element is an entry."""
        paths = self.rows.paths(line.text("is") or ".", line.place_of("is"))
        if not paths or not paths[0].steps:
            return (self.top if paths[0].absolute else context) if paths else None
        found = [other for path in paths if (other := self.rows.block(path, context, line))]
        if len(found) < len(paths):
            return None
        first, where = found[0], paths[0].steps[-1].where
        info = first.info
        if info and (info.is_list or info.kind == "map"):
            return self.opened(line, branch, first, info, where)
        if info is None or info.record is None or where or any(other.record is not info.record for other in found):
            self.faults.append(fault("MAP128", line.place, keyword="fields", wanted="a part or a list"))
            return None
        names = tuple(other.ref.field for other in found)
        return Context(first.ref.scope, info.record, (*first.ref.hops, Hop(names)))

    def opened(
        self, line: Line, branch: Branch, at: Resolved, info: FieldInfo, where: tuple[tuple[str, str], ...]
    ) -> Context | None:
        """A list: each such element begins an entry."""
        if branch.opens is not None:
            first = branch.row.line if branch.row else 1
            self.faults.append(fault("MAP118", line.place, path=line.key, line=first))
            return None
        record = info.record.__name__ if info.record else ""
        whole = any(scope.unit for scope in self.scopes)
        if line.says("isolate") and (whole or not record):
            wanted = "a list of records that is in no declaration or decision, and is the only such list"
            self.faults.append(fault("MAP128", line.place, keyword="isolate", wanted=wanted))
        scope = Scope(
            number=len(self.scopes),
            parent=at.ref.scope,
            record=record,
            hops=at.ref.hops,
            field=at.ref.field,
            where=where,
            unit=(record in UNITS_OF_FAILURE or (line.says("isolate") and bool(record))) and not whole,
            plain="" if record else model.MAP if info.kind == "map" else model.ENTRY,
            row=line.place.row(),
        )
        self.scopes.append(scope)
        branch.opens = scope.number
        branch.repeats = branch.node is None or branch.node.most != 1
        return Context(scope.number, info.record, plain=scope.plain)

    def full(self, ref: Ref) -> str:
        """The model path from the unit's record."""
        scope, names = self.scopes[ref.scope], [ref.path()]
        while not scope.unit and scope.parent is not None:
            names.insert(0, Ref(scope.parent, scope.hops, scope.field).path())
            scope = self.scopes[scope.parent]
        return ".".join(filter(None, names))

    def implied(self, branch: Branch, text: str) -> Slot:
        """The constant of a predicate."""
        row = branch.row or self.table.place("root").row()
        self.values.append(Value(len(self.values), row, branch.path, "", constant=text, implied=True))
        return Slot(len(self.values) - 1)

    # the whole

    def plan(self, document: Branch, depth: int) -> Plan:
        head = self.table
        unit = next((scope for scope in self.scopes if scope.unit), self.scopes[0])
        root = steps_to(document, lambda branch: branch.on_trunk and not any(c.on_trunk for c in branch.children))
        to_unit = steps_to(document, lambda branch: branch.opens is not None and self.scopes[branch.opens].unit)
        return Plan(
            name=head.text("format"),
            title=head.text("title"),
            syntax=head.text("syntax"),
            record=head.text("record"),
            unit_record=unit.record,
            root=root,
            unit=to_unit[depth:],
            namespaces={prefix: tuple(uris) for prefix, uris in self.names.items()},
            any_root=depth > 1 and not document.tests,
            group=head.texts("group") if self.by_rows else None,
            basis=head.text("basis"),
            file=head.file,
            reads=head.text("only") != "write",
            writes=head.text("only") != "read",
            valid_from=day(head.said("valid", "from")),
            valid_to=day(head.said("valid", "to")),
            values=tuple(self.values),
            scopes=tuple(self.scopes),
            document=document.frozen(),
            checks=tuple(self.checks),
        )
