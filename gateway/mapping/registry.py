"""Every table within reach: overlay folders first, the shipped ones last; loaded when asked for."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import msgspec

from gateway.findings.catalogue import text
from gateway.findings.errors import MappingInvalid
from gateway.findings.finding import Finding
from gateway.mapping import codelist, grammar, table
from gateway.mapping.build import Built, build
from gateway.mapping.codelist import CodeList
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.format import Format
from gateway.mapping.grammar import Node
from gateway.mapping.head import Head, head_of
from gateway.mapping.lint import lint, once
from gateway.mapping.plan import Plan
from gateway.mapping.plugins import authority_for, syntaxes
from gateway.mapping.profile import extend
from gateway.mapping.rows import Sources
from gateway.mapping.table import Table
from gateway.mapping.validity import validity

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
        return tuple(found) + validity(heads)

    def plan(self, name: str, on: date) -> Plan:
        """The plan in force on a day. Raises: MappingInvalid."""
        return self._plan(self._head(name, on), on)

    def format(self, name: str, on: date) -> Format:
        """The format in force on a day. Raises: MappingInvalid."""
        head = self._head(name, on)
        known = self._formats.get(head.file)
        if known is None:
            plan = self._plan(head, on)
            known = self._formats[head.file] = Format(plan, syntaxes()[plan.syntax])
        return known

    def merged(self, name: str, on: date) -> Table:
        """The table in force on a day with what it extends, as written. Raises: MappingInvalid."""
        return self._merged(self._head(name, on).file, on)

    def built(self, merged: Table) -> Built:
        """The plan of a table that is in no file, with its faults: what an edit would make of it."""
        return build(merged, self._sources)

    def recognise(self, head: bytes, on: date) -> tuple[str, ...]:
        """The names of the formats that these first bytes may be, best first."""
        plans = [self._plan(found, on) for found in self.heads() if found.reads and found.in_force(on)]
        return tuple(
            plan.name
            for name, syntax in syntaxes().items()
            for plan in syntax.recognise(head, tuple(plan for plan in plans if plan.syntax == name))
        )

    def codes(self, name: str) -> CodeList:
        """Raises: FileNotFoundError, KeyError."""
        return codelist.load(name, self.find(f"codes/{name}.csv"))

    def find(self, name: str) -> Path:
        """A file by its path below the roots. Raises: FileNotFoundError."""
        for root in self.roots:
            if (root / name).is_file():
                return root / name
        raise FileNotFoundError(name)

    def files(self, name: str, on: date) -> tuple[str, ...]:
        """The tables, element tables and code lists that a format is made of, as paths below the roots."""
        head = self._head(name, on)
        chain = list(self._chain(head.file, on))
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
        return tuple(head_of(table.load_head(path, name), self._by_name) for name, path in sorted(shown.items()))

    def _by_name(self, name: str) -> Table | None:
        try:
            return table.load_head(self.find(f"{name}.yaml"), f"{name}.yaml")
        except FileNotFoundError:
            return None

    @cached_property
    def _formats(self) -> dict[str, Format]:
        return {}

    @cached_property
    def _built(self) -> dict[str, Built]:
        return {}

    @cached_property
    def _grammars(self) -> dict[tuple[str, ...], Node]:
        return {}

    def _head(self, name: str, on: date) -> Head:
        found = next((head for head in self.heads() if head.format == name and head.in_force(on)), None)
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
        known = self._built.get(file)
        if known is None:
            merged = self._merged(file, on)
            built = build(merged, self._sources)
            known = self._built[file] = Built(built.plan, merged.faults + built.faults, built.places)
        return known

    def _merged(self, file: str, on: date) -> Table:
        """A table with what it extends."""
        own = table.load(self.find(file), file)
        base = own.text("extends")
        if not base:
            return own
        head = next((head for head in self.heads() if head.format == base and head.in_force(on)), None)
        if head is None or head.file == file:
            gone = unknown("MAP125", own.place("extends"), base, self.names())
            return msgspec.structs.replace(own, faults=(*own.faults, gone))
        return extend(self._merged(head.file, on), own)

    def _chain(self, file: str, on: date) -> Iterator[str]:
        yield file
        base = table.load_head(self.find(file), file).text("extends")
        if base:
            yield from self._chain(self._head(base, on).file, on)

    def _linted(self, head: Head) -> tuple[Finding, ...]:
        on = head.valid_from or date.today()  # noqa: DTZ011 - only which base is meant
        built = self._build(head.file, on)
        own = table.load(self.find(head.file), head.file)
        return once((*built.faults, *lint(built, own, syntaxes()), *self._replaced(own)))

    def _replaced(self, own: Table) -> tuple[Finding, ...]:
        """An overlay says which shipped table it replaces; that one must not have moved on."""
        below = [root / own.file for root in self.roots if (root / own.file).is_file()]
        if len(below) < 2:
            return ()
        now = hashlib.sha256(below[-1].read_bytes()).hexdigest()[:16]
        said = own.text("replaces")
        return () if said == now else (fault("MAP122", own.place("replaces"), now=now),)

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
    trouble = MappingInvalid(f"{where}{text(first)}" if first else name)
    trouble.findings = findings  # type: ignore[attr-defined]
    return trouble
