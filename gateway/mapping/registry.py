"""Every table within reach: overlay folders first, the shipped ones last; loaded when asked for."""

from collections.abc import Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import msgspec

from gateway.checks.lists import among
from gateway.findings.catalogue import text
from gateway.findings.errors import MappingInvalid
from gateway.findings.finding import Finding
from gateway.mapping import codelist, editions, grammar, listing, table, validity
from gateway.mapping.build import Built, build
from gateway.mapping.codelist import CodeList
from gateway.mapping.editions import Edition
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.fingerprint import fingerprint
from gateway.mapping.format import Format
from gateway.mapping.grammar import Node
from gateway.mapping.head import Head, head_of
from gateway.mapping.lint import lint, once
from gateway.mapping.lint.elements import elements
from gateway.mapping.lint.lists import lists
from gateway.mapping.listing import Listing
from gateway.mapping.official import Official
from gateway.mapping.plan import Plan
from gateway.mapping.plugins import authority_for, syntaxes
from gateway.mapping.profile import extend
from gateway.mapping.protocols import Tabled, Validator
from gateway.mapping.rows import Sources
from gateway.mapping.table import Table
from gateway.mapping.validity import days

__all__ = ["Head", "Registry", "authority_for", "shipped"]

_ASIDE = {"codes", "cases"}


@cache
def shipped() -> Path:
    """The tables that come with the gateway: `mappings/` of a checkout, `gateway/_mappings` of an installed wheel."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_mappings"
    return installed if installed.is_dir() else package.parent / "mappings"


class Registry:
    """Formats by name. The shipped ones stand behind all others, unless the roots are said to be the whole."""

    def __init__(self, roots: Sequence[Path] = (), *, whole: bool = False) -> None:
        self.roots = tuple(dict.fromkeys(roots if whole else (*roots, shipped())))

    def names(self) -> tuple[str, ...]:
        return tuple(sorted({head.format for head in self.heads()}))

    def heads(self) -> tuple[Head, ...]:
        return self._heads

    def faults(self, name: str | None = None) -> tuple[Finding, ...]:
        """What is wrong with a table, or with all of them and how they fit together."""
        heads = [head for head in self.heads() if name in {None, head.format}]
        if name is not None and not heads:
            return (self._missing(name, date.today()),)  # noqa: DTZ011 - only shown
        found = [finding for head in heads for finding in self._linted(head)]
        found += [
            fault for edition in self._editions if name in {None, edition.format} for fault in self._broken(edition)
        ]
        return tuple(found) + validity.follows(heads, lambda head: self._head_table(head.file).place("valid"))

    def plan(self, name: str, on: date) -> Plan:
        """The plan in force on a day. Raises: MappingInvalid."""
        return self._plan(self._head(name, on), on)

    def format(self, name: str, on: date) -> Format:
        """The format in force on a day. Raises: MappingInvalid."""
        head = self._head(name, on)
        edition = self.edition(name, on)
        key = (*self._chain(head.file, on), str(edition or ""))
        known = self._formats.get(key)
        if known is None:
            plan = self._plan(head, on)
            official = self._official(edition, plan.syntax) if edition else None
            known = self._formats[key] = Format(plan, syntaxes()[plan.syntax], official)
        return known

    def takes_several(self, name: str) -> bool:
        """Whether a file of the format holds several messages; of a table that cannot be used lint says why."""
        try:
            return any(self.plan(name, head.day).framed for head in self.heads() if head.format == name)
        except MappingInvalid:
            return True

    def edition(self, name: str, on: date) -> Edition | None:
        """The edition of an official schema that documents of a format must fit on a day."""
        if not self._editions:
            return None
        fitting = (one for one in self._editions if one.format == name and one.in_force(on))
        return max(fitting, key=lambda one: one.valid_from, default=None)

    def merged(self, name: str, on: date) -> Table:
        """The table in force on a day with what it extends, as written. Raises: MappingInvalid."""
        return self._merged(self._head(name, on).file, on)

    def built(self, merged: Table) -> Built:
        """The plan of a table that is in no file, with its faults: what an edit would make of it."""
        return build(merged, self._sources)

    def recognise(self, head: bytes, on: date) -> tuple[str, ...]:
        """The names of the formats that these first bytes may be, best first."""
        readable = [found for found in self.heads() if found.reads and found.in_force(on)]
        return tuple(
            plan.name
            for name, syntax in syntaxes().items()
            for plan in syntax.recognise(
                head,
                tuple(
                    self._plan(found, on)
                    for found in readable
                    if found.syntax == name and syntax.may_be(head, found.root)
                ),
            )
        )

    def codes(self, name: str) -> CodeList:
        """Raises: FileNotFoundError, KeyError."""
        return codelist.load(name, self.find(f"codes/{name}.csv"))

    def listing(self, name: str) -> Listing:
        """A code list or a table of facts, as it stands in its file. Raises: FileNotFoundError."""
        return listing.read(name, self.find(f"codes/{name}.csv"))

    def list_names(self) -> tuple[str, ...]:
        """Every list within reach, by name."""
        return self._code_names()

    def list_faults(self) -> tuple[Finding, ...]:
        """What is wrong or doubtful in lists by themselves."""
        return tuple(finding for name in self.list_names() for finding in lists(self.listing(name)))

    def law_faults(self, name: str) -> tuple[Finding, ...]:
        """What is wrong in the dated tables of the authority that a format belongs to, as a worker would read them."""
        pack = authority_for(name)
        return pack.faults(among(self.roots), date.today()) if isinstance(pack, Tabled) else ()  # noqa: DTZ011

    def find(self, name: str) -> Path:
        """A file by its path below the roots, never beside them. Raises: FileNotFoundError."""
        if name.startswith("/") or ".." in name.split("/"):
            raise FileNotFoundError(name)
        for root in self.roots:
            if (root / name).is_file():
                return root / name
        raise FileNotFoundError(name)

    def layers(self, name: str) -> tuple[Path, ...]:
        """Every file of that path below the roots: the first is in use, each replaces the next."""
        return tuple(root / name for root in self.roots if (root / name).is_file())

    def files(self, name: str, on: date) -> tuple[str, ...]:
        """The tables, element tables and code lists that a format is made of, as paths below the roots."""
        head = self._head(name, on)
        chain = self._chain(head.file, on)
        merged = self._merged(head.file, on)
        codes = {value.codes.name for value in self._plan(head, on).values if value.codes}
        return (*chain, *merged.texts("grammar"), *(f"codes/{code}.csv" for code in sorted(codes)))

    # tables

    @cached_property
    def _heads(self) -> tuple[Head, ...]:
        shown: dict[str, Path] = {}
        for root in self.roots:
            for path in sorted(root.rglob("*.yaml")):
                relative = path.relative_to(root)
                if not _ASIDE & set(relative.parts):
                    shown.setdefault(relative.as_posix(), path)
        by_name = sorted(
            shown, key=lambda file: file.removesuffix(".yaml")
        )  # a profile comes after what it is named by
        return tuple(head_of(self._head_table(file), self._by_name) for file in by_name)

    def _by_name(self, name: str) -> Table | None:
        try:
            return self._head_table(f"{name}.yaml")
        except FileNotFoundError:
            return None

    def _head_table(self, file: str) -> Table:
        """A table without its rows, read once."""
        known = self._head_tables.get(file)
        if known is None:
            known = self._head_tables[file] = table.load_head(self.find(file), file)
        return known

    def _table(self, file: str) -> Table:
        """A table as its file says it, read once: profiles share it."""
        known = self._tables.get(file)
        if known is None:
            known = self._tables[file] = table.load(self.find(file), file)
        return known

    @cached_property
    def _head_tables(self) -> dict[str, Table]:
        return {}

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {}

    @cached_property
    def _editions(self) -> dict[Edition, Path]:
        return {one: folder for folder, one in editions.among(self.roots)}

    def _official(self, edition: Edition, syntax: str) -> Official:
        """The schema of an edition, compiled. Raises: MappingInvalid."""
        validator = syntaxes()[syntax]
        if not isinstance(validator, Validator):
            raise invalid(edition.format, (Finding("CFG138", values={"format": edition.format}),))
        made = validator.compiled(editions.contents(self._editions[edition]), edition.root)
        if made.schema is None:
            raise invalid(edition.format, made.findings)
        return Official(edition, made.schema)

    @cached_property
    def _formats(self) -> dict[tuple[str, ...], Format]:
        return {}

    @cached_property
    def _built(self) -> dict[tuple[str, ...], Built]:
        return {}

    @cached_property
    def _grammars(self) -> dict[tuple[str, ...], Node]:
        return {}

    def _in_force(self, name: str, on: date) -> Head | None:
        return next((head for head in self.heads() if head.format == name and head.in_force(on)), None)

    def _head(self, name: str, on: date) -> Head:
        found = self._in_force(name, on)
        if found is None:
            raise invalid(name, (self._missing(name, on),))
        return found

    def _missing(self, name: str, on: date) -> Finding:
        return unknown("MAP135", Place(name), name, self.names(), day=on.isoformat())

    def _plan(self, head: Head, on: date) -> Plan:
        built = self._build(head.file, on)
        errors = tuple(finding for finding in built.faults if finding.severity == "error")
        if built.plan is None or errors:
            raise invalid(head.format, errors)
        return built.plan

    def _build(self, file: str, on: date) -> Built:
        chain = self._chain(file, on)
        known = self._built.get(chain)
        if known is None:
            merged = self._merged(file, on)
            built = build(merged, self._sources)
            known = self._built[chain] = Built(built.plan, merged.faults + built.faults, built.places)
        return known

    def _merged(self, file: str, on: date, above: tuple[str, ...] = ()) -> Table:
        """A table with what it extends; `above` are those that extend it."""
        return self.complete(self._table(file), on, above)

    def complete(self, own: Table, on: date, above: tuple[str, ...] = ()) -> Table:
        """A table with what it extends on a day."""
        base = own.text("extends")
        if not base:
            return own
        head = self._in_force(base, on)
        if head is None or head.file in (own.file, *above):
            code = "MAP149" if head else "MAP125"
            gone = unknown(code, own.place("extends"), base, self.names())
            return msgspec.structs.replace(own, faults=(*own.faults, gone))
        return extend(self._merged(head.file, on, (own.file, *above)), own)

    def _chain(self, file: str, on: date) -> tuple[str, ...]:
        """The table's file and those of the tables that it extends on a day."""
        chain = [file]
        while base := self._head_table(chain[-1]).text("extends"):
            head = self._in_force(base, on)
            if head is None or head.file in chain:
                break
            chain.append(head.file)
        return tuple(chain)

    def _linted(self, head: Head) -> tuple[Finding, ...]:
        """A profile is looked at over each of the tables that it extends in its time."""
        own = self._table(head.file)
        bases = [other for other in self.heads() if other.format == own.text("extends")]
        found: list[Finding] = []
        for day in days(head, bases):
            built = self._build(head.file, day)
            found += [*built.faults, *lint(built, own, syntaxes())]
        found += [
            fault for name in self._merged(head.file, head.day).texts("grammar") for fault in self._elements(name)
        ]
        return once((*found, *validity.span(head, own, bases), *self._replaced(own)))

    def _broken(self, edition: Edition) -> tuple[Finding, ...]:
        """What keeps an installed schema from being used; one of a format that is gone harms nobody."""
        head = next((head for head in self.heads() if head.format == edition.format), None)
        try:
            if head is not None:
                self._official(edition, head.syntax)
        except MappingInvalid as error:
            return error.findings
        return ()

    def _elements(self, name: str) -> tuple[Finding, ...]:
        """The faults of an element table; one that is not there is a fault of the table that names it."""
        found = self.layers(name)[:1]
        return tuple(fault for path in found for fault in elements(name, path))

    def _replaced(self, own: Table) -> tuple[Finding, ...]:
        """An overlay says which table it replaces; that one must not have moved on."""
        said, below = own.text("replaces"), self.layers(own.file)[1:]
        if not below:
            return (fault("MAP147", own.place("replaces")),) if said else ()
        now, name = fingerprint(table.load(below[0], own.file)), own.text("format")
        shown = f"was made from {said}" if said else "does not say what it was made from"
        return () if said == now else (fault("MAP122", own.place("replaces"), now=now, said=shown, name=name),)

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self._grammar, self.codes, self._code_names)

    def _grammar(self, names: tuple[str, ...]) -> Node:
        known = self._grammars.get(names)
        if known is None:
            known = self._grammars[names] = grammar.load(self.find(name) for name in names)
        return known

    def _code_names(self) -> tuple[str, ...]:
        found = {
            path.relative_to(root / "codes").with_suffix("").as_posix()
            for root in self.roots
            for path in (root / "codes").rglob("*.csv")
        }
        return tuple(sorted(found))


def invalid(name: str, findings: tuple[Finding, ...]) -> MappingInvalid:
    """The exception with its findings."""
    first = findings[0] if findings else None
    where = f"{first.source.path}: " if first and first.source else ""
    return MappingInvalid(f"{where}{text(first)}" if first else name, findings)
