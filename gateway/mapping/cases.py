"""Golden cases: what messages were understood to say when a person checked them.

Beside `customs/uk/h7.yaml` stands `customs/uk/cases/h7/<name>.in`, a message, and `<name>.out`, its records as JSON
Lines (the record around the items first, where there is one). `<name>.record` is a case the other way: records, one a
line, and in its `.out` the text that is written. Where something is found, `<name>.findings` holds it, a line each:
`item 1: SRC255 item/colour`, from the mapping and from the checks that the rows name; `file: SRC205` says that the
table must not take the message for its own.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from gateway.checks import of_rows
from gateway.findings.finding import Finding
from gateway.mapping.format import Format
from gateway.mapping.law import LIMITS, openings, units
from gateway.mapping.protocols import Bad, Item
from gateway.mapping.trace import Entry
from gateway.model.dictionary import records as model_records

ENCODER = msgspec.json.Encoder(decimal_format="string")
HEAD = 65_536  # bytes by which a file is recognised

__all__ = ["ENCODER", "LIMITS", "Case", "Told", "cases_of", "entries", "recognised", "records", "told"]


class Told(msgspec.Struct, frozen=True):
    """What a table makes of a case, as its golden files hold it: records (or texts) and findings, line by line."""

    lines: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


class Case(msgspec.Struct, frozen=True):
    """One message (or records) with what was expected of it. `file` is its name as shown."""

    path: Path
    file: str
    message: bytes
    expected: Told

    @property
    def is_record(self) -> bool:
        """Whether it holds records to be written, not a message to be read."""
        return self.path.suffix == ".record"


def cases_of(name: str, roots: Iterable[Path]) -> Iterator[Case]:
    """The cases of a table in every mapping folder; of two with one name that of the first folder."""
    family, _, table = name.rpartition("/")
    found: dict[str, Path] = {}
    for root in roots:
        folder = root / family / "cases" / table
        for path in sorted((*folder.glob("*.in"), *folder.glob("*.record"))):
            found.setdefault(path.relative_to(root).as_posix(), path)
    for file, path in found.items():
        expected = Told(_lines(path.with_suffix(".out")), _lines(path.with_suffix(".findings")))
        yield Case(path, file, path.read_bytes(), expected)


def told(table: Format, case: Case) -> Told:
    """What the traced twin of a table makes of a case now."""
    return _written(table, case.message) if case.is_record else _understood(table, case.message)


def recognised(table: Format, message: bytes) -> bool:
    """Whether the table takes a message for its own."""
    return bool(table.syntax.recognise(message[:HEAD], (table.plan,)))


def records(table: Format, message: bytes) -> tuple[bytes, ...]:
    """What a message says, as a case's `.out` holds it."""
    return tuple(line.encode() for line in _understood(table, message).lines)


def entries(table: Format, case: Case) -> Iterator[Entry]:
    """Every value of a case, read and written, with the row that carries it."""
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


def _understood(table: Format, message: bytes) -> Told:
    lines: list[str] = []
    found: list[str] = []

    def say(name: str, record: Any, findings: Iterable[Finding]) -> None:
        found.extend(_shown(name, finding) for finding in findings)
        if record is not None:
            lines.append(ENCODER.encode(record).decode())
            found.extend(f"{name}: {code} {path}" for code, path, _ in of_rows(record, table.plan.checks))

    if not recognised(table, message):
        return Told((), ("file: SRC205",))
    for opening in openings(table, message):
        outer = table.trace_outer(opening)
        say("envelope", outer and outer.record, outer.findings if outer else ())
    for number, unit in enumerate(units(table, message), 1):
        if isinstance(unit.item, Bad):
            say(f"item {number}", None, unit.item.findings)
        else:
            trace = table.twin_reader.read(unit.item)
            say(f"item {number}", trace.record, trace.findings)
    return Told(tuple(lines), tuple(found))


def _written(table: Format, lines: bytes) -> Told:
    texts: list[str] = []
    found: list[str] = []
    for number, record in enumerate(_records(table, lines), 1):
        text, trace = table.twin_writer.write(record)
        texts += (text or "").splitlines()
        found += (_shown(f"record {number}", finding) for finding in trace.findings)
    return Told(tuple(texts), tuple(found))


def _records(table: Format, lines: bytes) -> Iterator[Any]:
    kind = model_records()[table.plan.unit_record]
    return (msgspec.json.decode(line, type=kind) for line in lines.splitlines() if line.strip())


def _shown(name: str, finding: Finding) -> str:
    return f"{name}: {finding.code} {finding.source.path if finding.source else finding.model_path}".rstrip()


def _lines(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text("utf-8").splitlines()) if path.is_file() else ()
