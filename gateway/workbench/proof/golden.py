"""Golden cases run: what of a case is no longer as it was when a person checked it.

Of every message is asked: is it understood as it was, with the same findings; do compiled reader and traced twin agree;
does it come back when it is written. Of every table: does each row stand in a case.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import msgspec

from gateway.findings.finding import Finding, Position
from gateway.mapping.cases import ENCODER, Case, entries, recognised, told
from gateway.mapping.faults import Place, fault
from gateway.mapping.format import Format
from gateway.mapping.law import Broken, back, exceptions, units
from gateway.mapping.protocols import Item


def run(table: Format, case: Case) -> Iterator[Finding]:
    """Everything that is not as it should be with one case."""
    yield from otherwise(table, case)
    if not case.is_record and recognised(table, case.message):
        for unit in units(table, case.message):
            if isinstance(unit.item, Item):
                yield from _twins(table, case, unit.item)
    for broken in lost(table, case):
        yield _fault("MAP138", case, path=broken.path, text=broken.text, problem=broken.problem)


def otherwise(table: Format, case: Case) -> Iterator[Finding]:
    """Where a case is understood or written otherwise, or has other findings."""
    now = told(table, case)
    pairs = enumerate(zip_longest(case.expected.lines, now.lines), 1)
    other = [(number, was, got) for number, (was, got) in pairs if was != got]
    kind, most = ("line", 1) if case.is_record else ("record", None)  # a text that begins to differ goes on differing
    for number, was, got in other[:most]:
        yield _fault("MAP136", case, place=f"{kind} {number}", difference=difference(was, got))
    was_found, got_found = Counter(case.expected.findings), Counter(now.findings)
    for sign, lines in (("not", was_found - got_found), ("now", got_found - was_found)):
        for line in lines.elements():
            place, _, what = line.partition(": ")
            yield _fault("MAP303", case, place=place, difference=f"{sign} {what}")


def lost(table: Format, case: Case) -> Iterator[Broken]:
    """Where the two-way law does not hold, and neither a row nor a finding says why."""
    if not case.is_record and recognised(table, case.message):
        yield from (broken for broken in back(table, case.message) if not broken.excuse)


def one_way(table: Format) -> Iterator[Finding]:
    """The exceptions from the two-way law that a table has."""
    for value, reason in exceptions(table.plan):
        yield fault("MAP304", Place(value.row.file, value.row.line), path=value.key, reason=reason)


def rows_without_case(table: Format, cases: Sequence[Case]) -> Iterator[Finding]:
    """Rows that stand in no case."""
    said = {entry.row for case in cases for entry in entries(table, case)}
    missing = {value.row: value for value in table.plan.values if not value.implied and value.row not in said}
    for row, value in missing.items():
        yield fault("MAP139", Place(row.file, row.line), path=value.key, model=value.model)


def updated(table: Format, case: Case) -> bool:
    """Write what is made of a case now as what is expected; gives whether anything changed."""
    now = told(table, case)
    for suffix, lines in ((".out", now.lines), (".findings", now.findings)):
        file = case.path.with_suffix(suffix)
        if lines:
            file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        else:
            file.unlink(missing_ok=True)
    return now != case.expected


def difference(was: str | None, got: str | None) -> str:
    """The first place where two records differ, with both values."""
    try:
        before, after = (msgspec.json.decode(text) if text else None for text in (was, got))
    except msgspec.DecodeError:
        return f"was {was!r}, is {got!r}"
    return next(_differences("", before, after), "in its layout only")


def _differences(path: str, was: Any, now: Any) -> Iterator[str]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in {**was, **now}:
            yield from _differences(f"{path}.{key}".lstrip("."), was.get(key), now.get(key))
    elif isinstance(was, list) and isinstance(now, list):
        for number, (one, other) in enumerate(zip_longest(was, now), 1):
            yield from _differences(f"{path}[{number}]", one, other)
    elif was != now:
        yield f"{path}: was {was!r}, is {now!r}".lstrip(": ")


def _twins(table: Format, case: Case, item: Item) -> Iterator[Finding]:
    """The compiled reader may have no opinion; where it has one it is the twin's."""
    compiled, trace = table.reader(item.body, item.equals), table.twin_reader.read(item)
    if compiled is not None and (compiled != trace.record or trace.findings):
        first = difference(*(ENCODER.encode(record).decode() for record in (trace.record, compiled)))
        yield _fault("MAP137", case, line=item.span.line, difference=first)


def _fault(code: str, case: Case, line: int | None = None, place: str = "", **values: str) -> Finding:
    return Finding(code, values=values, source=Position(case.file, line, path=place))
