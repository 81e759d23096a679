"""From rows to a plan: every row finds its elements, its model paths and its facts.

Faults are collected, never raised: a person sees all of them at once.
"""

from collections.abc import Mapping
from itertools import takewhile

import msgspec

from gateway.findings.finding import Finding, Row
from gateway.mapping import model
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.finish import imply, occur, prune, steps_to
from gateway.mapping.grammar import Node, header
from gateway.mapping.head import day
from gateway.mapping.model import Context, Resolved
from gateway.mapping.paths import Key, MessagePath, PathError, PathStep, message_key, message_path
from gateway.mapping.plan import Hop, Plan, Ref, Scope, Slot, Value
from gateway.mapping.rows import ROLES, Rows, Sources, path_in
from gateway.mapping.table import Line, Table
from gateway.mapping.tree import Branch, NoPrefix
from gateway.model import Record
from gateway.model.dictionary import FieldInfo, records

UNITS_OF_FAILURE = {"Consignment", "Decision"}
ITEM, ROW = "item", "row"  # how the rows of one item and each of them are called in paths; `root` may say it better


class Built(msgspec.Struct, frozen=True):
    """A plan with its faults; `places` are the exact places of its rows."""

    plan: Plan | None
    faults: tuple[Finding, ...]
    places: Mapping[Row, Place] = {}


def build(table: Table, sources: Sources) -> Built:
    """The plan of a table whose profiles are merged; none where its head cannot be understood."""
    names = _namespaces(table)
    record = records().get(table.text("record"))
    if record is None:
        wrong = unknown("MAP111", table.place("record"), table.text("record"), records(), key="record")
        return Built(None, (wrong,))
    try:
        grammar = _grammar(table, sources)
        trunk = _trunk(table, grammar, names)
    except NoPrefix as trouble:
        return Built(None, (unknown("MAP126", table.place("root"), str(trouble), names),))
    except PathError as trouble:
        return Built(None, (fault("MAP104", table.place("root"), path=trouble),))
    except (OSError, KeyError, ValueError) as trouble:
        shown = ", ".join(table.texts("grammar"))
        return Built(None, (fault("MAP115", table.place("grammar"), name=shown, problem=trouble),))
    return _Builder(table, sources, record, names).built(trunk)


class _Builder:
    def __init__(self, table: Table, sources: Sources, record: type[Record], names: dict[str, tuple[str, ...]]) -> None:
        self.table, self.names = table, names
        self.top = Context(0, record)
        self.rows = Rows(sources, self.top)
        self.faults = self.rows.faults
        self.values: list[Value] = []
        self.scopes = [Scope(0, None, record.__name__, unit=record.__name__ in UNITS_OF_FAILURE)]
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
        self.faults += prune(document, self.places, profile="extends" in self.table.head)
        occur(document, self.values)
        return Built(self.plan(document, len(trunk)), tuple(self.faults), self.places)

    # rows

    def lines(self, lines: tuple[Line, ...], here: Branch, context: Context, only: str) -> None:
        for line in lines:
            self.places.setdefault(line.place.row(), line.place)
            try:
                key = message_key(line.key)
                if line.lines is None:
                    self.row(line, key, here, context, only)
                else:
                    self.block(line, key, here, context, only)
            except NoPrefix as trouble:
                self.faults.append(unknown("MAP126", line.place, str(trouble), self.names))
            except PathError as trouble:
                self.faults.append(fault("MAP104", line.place, path=trouble))

    def row(self, line: Line, key: Key, here: Branch, context: Context, only: str) -> None:
        value = self.rows.value(line, key, context, len(self.values), only)
        if value is None:
            return
        self.values.append(value)
        for choice, pieces in enumerate(key):
            for piece, path in enumerate(pieces):
                branch = here.at(path)
                branch.row = branch.row or line.place.row()
                branch.put(path.attribute, Slot(value.number, "text", choice, piece))
                for role in ROLES:  # the unit, currency or date form that stands in the message
                    if beside := path_in(line.text(role)):
                        branch.at(beside).put(beside.attribute, Slot(value.number, role, choice, piece))
        if value.check and value.refs:
            self.checks.append((self.full(value.refs[0]), value.check))

    def block(self, line: Line, key: Key, here: Branch, context: Context, only: str) -> None:
        if len(key) > 1 or len(key[0]) > 1 or key[0][0].attribute:
            raise PathError(line.key)
        branch = here.at(self.rows_of(line, key[0][0], context))
        branch.row = branch.row or line.place.row()
        branch.when = self.rows.when(line, context) or branch.when
        inner = self.inner(line, branch, context)
        if inner is not None and line.lines is not None:
            self.lines(line.lines, branch, inner, line.text("only") or only)

    def rows_of(self, line: Line, path: MessagePath, context: Context) -> MessagePath:
        """`.` as a list: in a message made of rows it is each row of the item."""
        if "group" not in self.table.head or path.steps or path.absolute or path.up:
            return path
        paths = self.rows.paths(line.text("is") or ".", line.place_of("is"))
        found = self.rows.resolved(paths[0], context, line) if paths and paths[0].steps else None
        return MessagePath((PathStep(ROW),)) if found and found.info and found.info.is_list else path

    def inner(self, line: Line, branch: Branch, context: Context) -> Context | None:
        """What a block is: the same record, a part of it, or a list of which each element is an entry."""
        paths = self.rows.paths(line.text("is") or ".", line.place_of("is"))
        if not paths or not paths[0].steps:
            return (self.top if paths[0].absolute else context) if paths else None
        found = [other for path in paths if (other := self.rows.resolved(path, context, line))]
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
            self.faults.append(fault("MAP118", line.place, path=line.key))
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
            group=head.texts("group") if "group" in head.head else None,
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


def _trunk(table: Table, grammar: Node | None, names: dict[str, tuple[str, ...]]) -> list[Branch]:
    """The elements from the document to one record. Raises: NoPrefix, PathError."""
    trunk: list[Branch] = []
    for step in message_path(table.text("root") or (ITEM if "group" in table.head else "")).steps:
        branch = Branch(step, trunk[-1] if trunk else None, grammar, names)
        branch.on_trunk = branch.required = True
        if trunk:
            trunk[-1].children.append(branch)
        trunk.append(branch)
    if not trunk:
        raise PathError(table.text("root"))
    return trunk


def _grammar(table: Table, sources: Sources) -> Node | None:
    """Raises: OSError, KeyError, ValueError."""
    names = table.texts("grammar")
    found = sources.grammar(names) if names else None
    return found if found is None or "group" not in table.head else header(found, table.text("root") or ITEM, ROW)


def _namespaces(table: Table) -> dict[str, tuple[str, ...]]:
    word = table.head.get("namespaces")
    found = word.value if word and isinstance(word.value, dict) else {}
    return {prefix: (uris,) if isinstance(uris, str) else tuple(uris) for prefix, uris in found.items()}
