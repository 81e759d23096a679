"""Golden cases: what messages were understood to say when a person checked them, and whether they still do.

Beside `customs/uk/h7.yaml` stands `customs/uk/cases/h7/<name>.in`, a message, and `<name>.out`, its records as JSON
Lines (the record around the items first, where there is one). A case that begins with `{` is a record, one a line, and
its `.out` the text that is written. Of every message is asked: is it understood as it was; do compiled reader and
traced twin agree; does it come back when it is written. Of every table: does each row stand in a case, so that deleting
it would be noticed.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec

from gateway.findings.finding import Finding, Position
from gateway.mapping.format import Format
from gateway.mapping.law import LIMITS, back, openings, units
from gateway.mapping.protocols import Item
from gateway.mapping.registry import Registry
from gateway.mapping.trace import Entry
from gateway.model.dictionary import records as model_records

ENCODER = msgspec.json.Encoder(decimal_format="string")

__all__ = ["LIMITS", "Case", "CaseResult", "cases_of", "records", "rows_without_case", "run", "run_cases"]


class Case(msgspec.Struct, frozen=True):
    """One message with its records. `file` is its name as shown."""

    path: Path
    file: str
    message: bytes
    expected: tuple[bytes, ...]

    @property
    def is_record(self) -> bool:
        """Whether it is a record to be written, not a message to be read."""
        return self.message.lstrip()[:1] == b"{"


class CaseResult(msgspec.Struct, frozen=True):
    """One case of one table with all that is not as it should be."""

    format: str
    case: str
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.findings


def run_cases(registry: Registry, names: Sequence[str] = (), on: date | None = None) -> tuple[CaseResult, ...]:
    """Every case of these tables (none: of all), and as a case `rows` the rows that stand in none."""
    found: list[CaseResult] = []
    for name in names or registry.names():
        table = registry.format(name, on or date.today())  # noqa: DTZ011 - which of several tables is in force
        cases = list(cases_of(name, registry.roots))
        found += (CaseResult(name, case.file, tuple(run(table, case))) for case in cases)
        found.append(CaseResult(name, "rows", tuple(rows_without_case(table, cases))))
    return tuple(found)


def cases_of(name: str, roots: Iterable[Path]) -> Iterator[Case]:
    """The cases of a table in every mapping folder."""
    family, _, table = name.rpartition("/")
    for root in roots:
        for path in sorted((root / family / "cases" / table).glob("*.in")):
            out = path.with_suffix(".out")
            expected = tuple(out.read_bytes().splitlines()) if out.is_file() else ()
            yield Case(path, path.relative_to(root).as_posix(), path.read_bytes(), expected)


def records(table: Format, message: bytes) -> tuple[bytes, ...]:
    """What a message says, as a case's `.out` holds it; of records, the text that is written."""
    if message.lstrip()[:1] == b"{":
        return tuple(line for record in _records(table, message) for line in _text(table, record).splitlines())
    outer = [table.read_outer(opening).record for opening in openings(table, message)]
    items = [table.read(unit.item).record for unit in units(table, message) if isinstance(unit.item, Item)]
    return tuple(ENCODER.encode(record) for record in (*outer, *items) if record is not None)


def run(table: Format, case: Case) -> Iterator[Finding]:
    """Everything that is not as it should be with one case."""
    found = records(table, case.message)
    for number, (was, now) in enumerate(zip_longest(case.expected, found, fillvalue=b"null"), 1):
        if was != now:
            difference = f"was {was.decode()}, is {now.decode()}" if case.is_record else _difference(was, now)
            yield _fault("MAP136", case, place=f"record {number}", difference=difference)
    if case.is_record:
        return
    for unit in units(table, case.message):
        if not isinstance(unit.item, Item):
            continue
        trace = table.trace_read(unit.item, unit.data, unit.opening)
        compiled = table.reader(unit.item.body, unit.item.equals)
        if compiled is not None and (compiled != trace.record or trace.findings):
            difference = _difference(ENCODER.encode(trace.record), ENCODER.encode(compiled))
            yield _fault("MAP137", case, line=unit.item.span.line, difference=difference)
    for broken in back(table, case.message):
        yield _fault("MAP138", case, path=broken.path, text=broken.text, problem=broken.problem)


def rows_without_case(table: Format, cases: Sequence[Case]) -> Iterator[Finding]:
    """Rows whose deletion no case would notice."""
    said = {entry.row for case in cases for entry in _entries(table, case)}
    missing = {value.row: value for value in table.plan.values if not value.implied and value.row not in said}
    for row, value in missing.items():
        place = Position(row.file, row.line, path=f"{row.file}:{row.line}:1")
        yield Finding("MAP139", "warning", {"path": value.key, "model": value.model}, source=place, row=row)


def _entries(table: Format, case: Case) -> Iterator[Entry]:
    if case.is_record:
        for record in _records(table, case.message):
            yield from table.trace_write(record).entries
        return
    for unit in units(table, case.message):
        if isinstance(unit.item, Item):
            trace = table.trace_read(unit.item, unit.data, unit.opening)
            yield from trace.entries
            if table.plan.writes and trace.record is not None:
                yield from table.trace_write(trace.record).entries
    for opening in openings(table, case.message):
        outer = table.trace_outer(opening)
        yield from outer.entries if outer else ()


def _records(table: Format, message: bytes) -> Iterator[Any]:
    kind = model_records()[table.plan.unit_record]
    return (msgspec.json.decode(line, type=kind) for line in message.splitlines() if line.strip())


def _text(table: Format, record: Any) -> bytes:
    written = table.write(record)
    return (written.text or "".join(f"{finding.code}\n" for finding in written.findings)).encode()


def _difference(was: bytes, now: bytes) -> str:
    """The first place where two records differ, with both values."""
    return next(_differences("", msgspec.json.decode(was), msgspec.json.decode(now)), "findings of the twin")


def _differences(path: str, was: Any, now: Any) -> Iterator[str]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in {**was, **now}:
            yield from _differences(f"{path}.{key}".lstrip("."), was.get(key), now.get(key))
    elif isinstance(was, list) and isinstance(now, list):
        for number, (one, other) in enumerate(zip_longest(was, now), 1):
            yield from _differences(f"{path}[{number}]", one, other)
    elif was != now:
        yield f"{path}: was {was!r}, is {now!r}"


def _fault(code: str, case: Case, line: int | None = None, place: str = "", **values: str) -> Finding:
    return Finding(code, values=values, source=Position(case.file, line, path=place))
