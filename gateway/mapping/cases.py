"""Golden cases: what messages were understood to say when a person checked them, and whether they still do.

`cases/<table>/<name>.in` beside the tables is a message, `<name>.out` its records as JSON Lines (the record around the
items first, where there is one). Of every case is asked: is it understood as it was; do compiled reader and traced twin
agree; does it come back when it is written. Of every table: does each row stand in a case, so that deleting it would
be noticed.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec

from gateway.findings.finding import Finding, Position
from gateway.mapping.format import Format
from gateway.mapping.protocols import Bad, Item, Limits, Opening, Slice
from gateway.mapping.trace import Entry
from gateway.mapping.twin.reading import Reader

ENCODER = msgspec.json.Encoder(decimal_format="string")
LIMITS = Limits()
Walked = tuple[Opening, Item, bytes]


class Case(msgspec.Struct, frozen=True):
    """One message with its records. `file` is its name as shown."""

    path: Path
    file: str
    message: bytes
    expected: tuple[bytes, ...]


def cases_of(name: str, roots: Iterable[Path]) -> Iterator[Case]:
    """The cases of a table in every mapping folder."""
    family, _, table = name.rpartition("/")
    for root in roots:
        for path in sorted((root / family / "cases" / table).glob("*.in")):
            out = path.with_suffix(".out")
            expected = tuple(out.read_bytes().splitlines()) if out.is_file() else ()
            yield Case(path, path.relative_to(root).as_posix(), path.read_bytes(), expected)


def records(table: Format, message: bytes) -> tuple[bytes, ...]:
    """What a message says, as a case's `.out` holds it."""
    outer = [read.record for read in (table.read_outer(opening) for opening in _openings(table, message))]
    items = [table.read(item).record for _, item, _ in _walk(table, message)]
    return tuple(ENCODER.encode(record) for record in (*outer, *items) if record is not None)


def run(table: Format, case: Case) -> Iterator[Finding]:
    """Everything that is not as it should be with one case."""
    found = records(table, case.message)
    for number, (was, now) in enumerate(_pairs(case.expected, found), 1):
        if was != now:
            yield _fault("MAP136", case, place=f"record {number}", difference=_difference(was, now))
    for _, item, raw in _walk(table, case.message):
        traced = ENCODER.encode(table.trace_read(item, raw).record)
        compiled = ENCODER.encode(table.read(item).record)
        if traced != compiled:
            yield _fault("MAP137", case, line=item.span.line, difference=_difference(traced, compiled))
    if table.plan.reads and table.plan.writes:
        yield from _there_and_back(table, case)


def rows_without_case(table: Format, cases: Sequence[Case]) -> Iterator[Finding]:
    """Rows whose deletion no case would notice."""
    said = {entry.row for case in cases for entry in _entries(table, case.message)}
    missing = {value.row: value for value in table.plan.values if not value.implied and value.row not in said}
    for row, value in missing.items():
        place = Position(row.file, row.line, path=f"{row.file}:{row.line}:1")
        yield Finding("MAP139", "warning", {"path": value.key, "model": value.model}, source=place, row=row)


def _there_and_back(table: Format, case: Case) -> Iterator[Finding]:
    """`read(write(read(m))) = read(m)`, and what was written has every value of `m`."""
    written = _written(table, case.message)
    if written is None:
        yield _fault("MAP138", case, path="", text="", problem="cannot be written")
        return
    before, after = _values(table, case.message), _values(table, written)
    for path, text in before - after:
        yield _fault("MAP138", case, path=path, text=text, problem="is lost")
    for path, text in after - before:
        yield _fault("MAP138", case, path=path, text=text, problem="is added")
    for was, now in _pairs(records(table, case.message), records(table, written)):
        if was != now:
            yield _fault("MAP138", case, path="", text=_difference(was, now), problem="is read otherwise")


def _written(table: Format, message: bytes) -> bytes | None:
    units = [table.write(table.read(item).record).text for _, item, _ in _walk(table, message)]
    texts = [unit for unit in units if unit is not None]
    if len(texts) < len(units):
        return None
    if not table.plan.unit:
        return "".join(texts).encode()
    opening = next(_openings(table, message))
    return b"".join(table.frame(table.read_outer(opening).record, texts))


def _walk(table: Format, message: bytes) -> Iterator[Walked]:
    """Every readable item with what stands around it and its bytes."""
    opening: Opening | None = None
    for part in table.syntax.slices(io.BytesIO(message), table.plan, len(message), LIMITS):
        if isinstance(part, Opening):
            opening = part
        elif isinstance(part, Slice) and opening is not None:
            raw = message[part.offset : part.offset + part.length]
            for item in table.syntax.items(opening, part, raw, table.plan, LIMITS):
                if not isinstance(item, Bad):
                    yield opening, item, message[item.span.offset : item.span.offset + item.span.length]


def _openings(table: Format, message: bytes) -> Iterator[Opening]:
    parts = table.syntax.slices(io.BytesIO(message), table.plan, len(message), LIMITS)
    return (part for part in parts if isinstance(part, Opening))


def _values(table: Format, message: bytes) -> Counter[tuple[str, str]]:
    """Every value of the items by the names on its way, without numbers."""
    return Counter(
        ("/".join(name for name, _ in leaf.steps), leaf.text.strip())
        for opening, item, raw in _walk(table, message)
        for leaf in table.syntax.leaves(item, opening, raw, table.plan)
        if leaf.text.strip()
    )


def _entries(table: Format, message: bytes) -> Iterator[Entry]:
    for opening, item, raw in _walk(table, message):
        yield from table.trace_read(item, raw, opening).entries
    for opening in _openings(table, message) if table.plan.unit else ():
        outer = table.syntax.outer(opening, table.plan)
        if not isinstance(outer, Bad):
            yield from Reader(table.plan).read_outer(outer).entries


def _pairs(one: Sequence[bytes], other: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    return zip_longest(one, other, fillvalue=b"null")


def _difference(was: bytes, now: bytes) -> str:
    """The first place where two records differ, with both values."""
    return next(_differences("", msgspec.json.decode(was), msgspec.json.decode(now)), "")


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
