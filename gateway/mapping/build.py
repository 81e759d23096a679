"""From rows to a plan: every row finds its elements, its model paths and its facts; faults are collected, never raised."""

from collections.abc import Callable, Mapping
from datetime import date

import msgspec

from gateway.checks.converters import CONVERTERS
from gateway.checks.named import CHECKS
from gateway.findings.finding import Finding
from gateway.mapping import model
from gateway.mapping.codelist import CodeList
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.grammar import Node
from gateway.mapping.model import Context, Resolved
from gateway.mapping.paths import Key, MessagePath, ModelPath, PathError, message_key, message_path, model_paths, split
from gateway.mapping.plan import REST, Hop, Plan, Ref, Scope, Slot, Step, Value, When
from gateway.mapping.table import Line, Table
from gateway.mapping.tree import Branch, NoPrefix, tag
from gateway.mapping.units import UNITS
from gateway.model import Record
from gateway.model.dictionary import FieldInfo, fields, records
from gateway.model.moment import KINDS

UNITS_OF_FAILURE = {"Consignment", "Decision"}
_NEEDS = {"unit": "measure", "currency": "amount", "date": "moment"}


class Sources(msgspec.Struct, frozen=True):
    """What a table may refer to: grammars and code lists by name, the syntaxes at hand."""

    grammar: Callable[[tuple[str, ...]], Node]
    codes: Callable[[str], CodeList]
    code_names: Callable[[], tuple[str, ...]]
    syntaxes: tuple[str, ...] = ()


class Built(msgspec.Struct, frozen=True):
    """A plan, its faults, and what lint still asks of the tree."""

    plan: Plan | None
    faults: tuple[Finding, ...]
    root: Branch | None = None


def build(table: Table, sources: Sources) -> Built:
    """The plan of a table whose profiles are merged; none where its head cannot be understood."""
    return _Builder(table, sources).built()


class _Builder:
    def __init__(self, table: Table, sources: Sources) -> None:
        self.table, self.sources = table, sources
        self.faults: list[Finding] = []
        self.values: list[Value] = []
        self.scopes: list[Scope] = []
        self.checks: list[tuple[str, str]] = []
        self.names = namespaces(table)
        self.pruning = "extends" in table.head
        self.top = Context(0, None)

    def built(self) -> Built:
        record = self.record()
        document = self.document()
        if record is None or document is None:
            return Built(None, tuple(self.faults))
        self.top = Context(0, record)
        self.scopes.append(Scope(0, None, record.__name__, unit=record.__name__ in UNITS_OF_FAILURE))
        root = document
        while root.children:
            root = root.children[0]
        self.lines(self.table.lines, root, self.top, "")
        self.imply(document)
        self.prune(document)
        self.occur(document)
        return Built(self.plan(document, root), tuple(self.faults), document)

    # head

    def record(self) -> type[Record] | None:
        name = self.table.text("record")
        found = records().get(name)
        if found is None:
            self.faults.append(unknown("MAP111", self.table.place("record"), name, records(), key="record"))
        return found

    def document(self) -> Branch | None:
        try:
            path = message_path(self.table.text("root"))
            grammar = self.grammar()
            here: Branch | None = None
            first: Branch | None = None
            for step in path.steps:
                fresh = Branch(step, here, grammar, self.names)
                fresh.on_trunk = fresh.required = True
                if here:
                    here.children.append(fresh)
                here, first = fresh, first or fresh
        except NoPrefix as trouble:
            self.faults.append(unknown("MAP126", self.table.place("root"), str(trouble), self.names))
            return None
        except PathError as trouble:
            self.faults.append(fault("MAP104", self.table.place("root"), path=trouble))
            return None
        return first

    def grammar(self) -> Node | None:
        names = self.table.texts("grammar")
        if not names:
            return None
        try:
            return self.sources.grammar(names)
        except (OSError, KeyError, ValueError) as trouble:
            self.faults.append(fault("MAP115", self.table.place("grammar"), name=", ".join(names), problem=trouble))
            return None

    # rows

    def lines(self, lines: tuple[Line, ...], here: Branch, context: Context, only: str) -> None:
        for line in lines:
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

    def block(self, line: Line, key: Key, here: Branch, context: Context, only: str) -> None:
        if len(key) > 1 or len(key[0]) > 1 or key[0][0].attribute:
            raise PathError(line.key)
        branch = here.at(key[0][0])
        branch.row = branch.row or line.place.row()
        inner = self.inner(line, branch, context)
        if when := self.when(line, context):
            branch.when = when
        if inner is not None and line.lines is not None:
            self.lines(line.lines, branch, inner, line.text("only") or only)

    def inner(self, line: Line, branch: Branch, context: Context) -> Context | None:
        """What a block is: the same record, a part of it, or a list of which each element is an entry."""
        paths = self.paths(line.text("is") or ".", line.words["is"].place if "is" in line.words else line.place)
        if not paths:
            return None
        if not paths[0].steps:
            return self.top if paths[0].absolute else context
        found = [self.resolved(path, context, line) for path in paths]
        first = found[0]
        if first is None or None in found:
            return None
        info = first.info
        assert info is not None
        if info.is_list or info.kind == "map":
            return self.opened(line, branch, first, info, paths[0])
        if info.record is None or any(other and other.record is not info.record for other in found):
            self.faults.append(fault("MAP128", line.place, keyword="fields", wanted="a part or a list"))
            return None
        if paths[0].steps[-1].where:
            self.faults.append(fault("MAP104", line.place, path=line.text("is")))
        names = tuple(other.ref.field for other in found if other)
        return Context(first.ref.scope, info.record, (*first.ref.hops, Hop(names)))

    def opened(self, line: Line, branch: Branch, at: Resolved, info: FieldInfo, path: ModelPath) -> Context | None:
        if branch.opens is not None:
            self.faults.append(fault("MAP118", line.place, path=line.key))
            return None
        number = len(self.scopes)
        branch.opens = number
        branch.repeats = branch.node is None or branch.node.most != 1
        record = info.record.__name__ if info.record else ""
        plain = "" if info.record else model.MAP if info.kind == "map" else model.ENTRY
        self.scopes.append(
            Scope(
                number,
                at.ref.scope,
                record,
                at.ref.hops,
                at.ref.field,
                path.steps[-1].where,
                record in UNITS_OF_FAILURE and not any(s.unit for s in self.scopes),
                line.says("isolate"),
                plain,
                line.place.row(),
            )  # fmt: skip
        )
        return Context(number, info.record, plain=plain)

    def row(self, line: Line, key: Key, here: Branch, context: Context, only: str) -> None:
        value = self.value(line, key, context, only)
        if value is None:
            return
        self.values.append(value)
        for choice, pieces in enumerate(key):
            for piece, path in enumerate(pieces):
                branch = here.at(path)
                branch.row = branch.row or line.place.row()
                branch.put(path.attribute, Slot(value.number, "text", choice, piece))
                self.beside(line, value, branch, choice, piece)
        if value.check and value.refs:
            self.checks.append((self.full(value.refs[0]), value.check))

    def beside(self, line: Line, value: Value, branch: Branch, choice: int, piece: int) -> None:
        """Slots of the unit, currency or date form that stands in the message."""
        for role in ("unit", "currency", "date"):
            if path := _path_in(line.text(role)):
                branch.at(path).put(path.attribute, Slot(value.number, role, choice, piece))  # type: ignore[arg-type]

    def value(self, line: Line, key: Key, context: Context, only: str) -> Value | None:
        found = self.target(line, context)
        if found is None and "is" in line.words:
            return None
        refs = tuple(other.ref for other in found or ())
        own = line.text("is").strip() if "is" in line.words else ""
        kind = "position" if own == "#" else found[0].kind if found else "text"
        if kind is None:
            self.faults.append(fault("MAP128", line.place, keyword="is", wanted="a value, not a record"))
            return None
        codes = self.codes(line)
        value = Value(
            number=len(self.values),
            row=line.place.row(),
            key=line.key,
            model=own,
            scope=context.scope,
            kind=kind,
            refs=() if kind == "position" else refs,
            constant=line.text("constant") if "constant" in line.words else None,
            default=line.text("default") if "default" in line.words else None,
            none=line.text("none") if "none" in line.words else None,
            required=line.says("required"),
            split=self.split(line),
            check=self.named(line, "check", CHECKS, "MAP106"),
            codes=codes,
            along=self.along(codes, context, line) if codes else (),
            unit=self.plain(line, "unit", UNITS),
            currency=self.plain(line, "currency", None),
            date=self.plain(line, "date", KINDS),
            beside=tuple(role for role in ("unit", "currency", "date") if _path_in(line.text(role))),  # type: ignore[misc]
            up=len(key[0][0].steps),
            converter=self.named(line, "as", CONVERTERS, "MAP109"),
            when=self.when(line, context),
            only=line.text("only") or only,  # type: ignore[arg-type]
            cut=line.says("cut"),
            hint=line.text("hint"),
            note=line.text("note"),
            pieces=tuple(len(side) for side in key),
        )
        self.fits(line, value)
        return value

    def target(self, line: Line, context: Context) -> list[Resolved] | None:
        if "is" not in line.words:
            return None
        paths = self.paths(line.text("is"), line.words["is"].place)
        if paths and paths[0].number:
            return []
        found = [self.resolved(path, context, line) for path in paths]
        return [other for other in found if other] if found and None not in found else None

    def resolved(self, path: ModelPath, context: Context, line: Line) -> Resolved | None:
        place = line.words["is"].place if "is" in line.words else line.place
        found = model.resolve(path, context, self.top, place)
        if isinstance(found, Finding):
            self.faults.append(found)
            return None
        return found

    def paths(self, text: str, place: Place) -> tuple[ModelPath, ...]:
        try:
            return model_paths(text)
        except PathError as trouble:
            self.faults.append(fault("MAP104", place, path=trouble))
            return ()

    def when(self, line: Line, context: Context) -> When | None:
        text = line.text("when").strip()
        if not text:
            return None
        present = not (text.startswith("not(") and text.endswith(")"))
        place = line.words["when"].place
        for path in self.paths(text if present else text[4:-1], place):
            found = model.resolve(path, context, self.top, place)
            if not isinstance(found, Finding):
                return When(found.ref, present)
            self.faults.append(found)
        return None

    def split(self, line: Line) -> tuple[int, ...]:
        if "split" not in line.words:
            return ()
        word = line.words["split"]
        widths = word.value if isinstance(word.value, tuple) else (word.value,)
        if all(width == "rest" or str(width).isdecimal() for width in widths):
            return tuple(REST if width == "rest" else int(width) for width in widths)
        self.faults.append(fault("MAP112", word.place, keyword="split", wanted="widths such as [1, rest]"))
        return ()

    def named(self, line: Line, keyword: str, known: Mapping[str, object], code: str) -> str:
        name = line.text(keyword)
        if name and name not in known:
            self.faults.append(unknown(code, line.words[keyword].place, name, known))
            return ""
        return name

    def plain(self, line: Line, keyword: str, known: object) -> str:
        """The constant of `unit`, `currency` or `date`; a path has its own slot."""
        constant = next((part for part in split(line.text(keyword), "|") if part and part[0] not in "@./"), "")
        if constant and known is not None and constant not in known:  # type: ignore[operator]
            self.faults.append(unknown("MAP108", line.words[keyword].place, constant, known))  # type: ignore[arg-type]
        return constant

    def codes(self, line: Line) -> CodeList | None:
        if "codes" not in line.words:
            return None
        name, place = line.text("codes"), line.words["codes"].place
        try:
            return self.sources.codes(name)
        except OSError:
            self.faults.append(unknown("MAP107", place, name, self.sources.code_names()))
        except KeyError as trouble:
            self.faults.append(fault("MAP120", place, name=name, problem=f"column {trouble} is missing"))
        return None

    def along(self, codes: CodeList, context: Context, line: Line) -> tuple[Ref | None, ...]:
        """Further columns headed by model paths; a heading that is none is for people."""
        found: list[Ref | None] = []
        for column in codes.columns:
            path = model_paths(column)[0] if column.replace(".", "").replace("_", "").isalnum() else None
            first = path.steps[0].name if path and path.steps else ""
            if path is None or context.record is None or first not in fields(context.record):
                found.append(None)
                continue
            resolved = model.resolve(path, context, self.top, line.words["codes"].place)
            found.append(None if isinstance(resolved, Finding) else resolved.ref)
        return tuple(found)

    def fits(self, line: Line, value: Value) -> None:
        """Keywords against the kind of the field: an amount needs a currency, a measure a unit."""
        for keyword, kind in _NEEDS.items():
            if keyword in line.words and value.kind != kind:
                self.faults.append(
                    fault("MAP128", line.words[keyword].place, keyword=keyword, wanted=f"a field of kind {kind}")
                )
            if keyword not in line.words and value.kind == kind and keyword != "date":
                self.faults.append(fault("MAP129", line.place, keyword=keyword, kind=kind))
        if not value.refs and value.kind != "position" and value.constant is None:
            self.faults.append(fault("MAP131", line.place, path=line.key))
        if any(count > 1 for count in value.pieces) and not value.split and not value.converter:
            self.faults.append(fault("MAP132", line.place, path=line.key))

    def full(self, ref: Ref) -> str:
        """The model path from the unit's record."""
        scope, names = self.scopes[ref.scope], [ref.path()]
        while not scope.unit and scope.parent is not None:
            names.insert(0, Ref(scope.parent, scope.hops, scope.field).path())
            scope = self.scopes[scope.parent]
        return ".".join(filter(None, names))

    # afterwards

    def imply(self, document: Branch) -> None:
        """A predicate's value is written as a constant, unless its element has a row of its own."""
        for branch in document.walk():
            for test in branch.tests:
                if not test.values or len(test.path) != 1:
                    continue
                (name,) = test.path
                if name.startswith("@"):
                    if name[1:] not in branch.attributes:
                        branch.attributes[name[1:]] = [Slot(self.implied(branch, test.values[0]).number)]
                elif not any(child.tag == name and (child.texts or child.children) for child in branch.children):
                    child = next((c for c in branch.children if c.tag == name), None) or self.grown(branch, name)
                    child.texts.append(Slot(self.implied(branch, test.values[0]).number))

    def grown(self, branch: Branch, name: str) -> Branch:
        for prefix in self.names or {"": ("",)}:
            local = name.rpartition("}")[2]
            full = f"{prefix}:{local}" if prefix else local
            if tag(full, self.names) == name:
                return branch.at(MessagePath(message_path(full).steps))
        raise AssertionError(name)

    def implied(self, branch: Branch, text: str) -> Value:
        row = branch.row or self.table.place("root").row()
        value = Value(len(self.values), row, branch.path, "", constant=text, implied=True)
        self.values.append(value)
        return value

    def prune(self, document: Branch) -> None:
        """What the grammar does not know: left out of a profile and of a shared block, else a fault."""
        known = {branch.row for branch in document.walk() if not branch.strange}
        for branch in document.walk():
            for child in [child for child in branch.children if child.strange]:
                branch.children.remove(child)
                place = Place(child.row.file, child.row.line) if child.row else self.table.place()
                code = "MAP123" if self.pruning or child.row in known else "MAP116"
                self.faults.append(fault(code, place, path=child.path))

    def occur(self, document: Branch) -> None:
        """What may stand several times, what must stand once: the grammar says, else the row."""
        for branch in document.walk():
            values = [self.values[slot.value] for slot in branch.texts if slot.role == "text"]
            if branch.node:
                branch.repeats = branch.node.most != 1
                branch.required = branch.required or branch.node.least > 0
            else:
                branch.repeats = branch.repeats or any(value.listed or value.column for value in values)
            branch.required = branch.required or any(value.required and value.pieces == (1,) for value in values)

    def plan(self, document: Branch, root: Branch) -> Plan:
        head = self.table
        steps = self.steps(document)
        at = root.path.count("/") + 1
        unit = next((s for s in self.scopes if s.unit), self.scopes[0])
        whole = unit.number == 0
        valid = head.head["valid"].value if "valid" in head.head else {}
        only = head.text("only")
        return Plan(
            name=head.text("format"),
            title=head.text("title"),
            syntax=head.text("syntax"),
            record=head.text("record"),
            unit_record=unit.record,
            root=steps[:at],
            unit=() if whole else steps[at:],
            namespaces={prefix: tuple(uris) for prefix, uris in self.names.items()},
            any_root=at > 1 and not document.tests,
            basis=head.text("basis"),
            file=head.file,
            reads=only != "write",
            writes=only != "read",
            valid_from=_day(valid.get("from")),
            valid_to=_day(valid.get("to")),
            values=tuple(self.values),
            scopes=tuple(self.scopes),
            document=document.frozen(),
            checks=tuple(self.checks),
        )

    def steps(self, document: Branch) -> tuple[Step, ...]:
        """From the document to the unit of failure."""
        chain = _way(document, lambda branch: branch.opens is not None and self.scopes[branch.opens].unit)
        return tuple(_step(branch) for branch in chain or _way(document, lambda branch: not _trunk(branch)))


def namespaces(table: Table) -> dict[str, tuple[str, ...]]:
    word = table.head.get("namespaces")
    found = word.value if word and isinstance(word.value, dict) else {}
    return {prefix: (uris,) if isinstance(uris, str) else tuple(uris) for prefix, uris in found.items()}


def _trunk(branch: Branch) -> bool:
    return any(child.on_trunk for child in branch.children)


def _way(branch: Branch, wanted: Callable[[Branch], bool]) -> list[Branch]:
    if wanted(branch):
        return [branch]
    for child in branch.children:
        if found := _way(child, wanted):
            return [branch, *found]
    return []


def _step(branch: Branch) -> Step:
    namespace = branch.tag[1:].partition("}")[0] if branch.tag.startswith("{") else ""
    constants = tuple(
        ("/".join(part.rpartition("}")[2] for part in test.path), test.values[0])
        for test in branch.tests
        if test.values
    )
    return Step(branch.local, namespace, constants)


def _path_in(text: str) -> MessagePath | None:
    return next((message_path(part) for part in split(text, "|") if part and part[0] in "@./"), None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
