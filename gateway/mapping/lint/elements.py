"""Element tables by themselves: every row that says something no grammar can say, with its own file and line."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from gateway.findings.finding import Finding
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.grammar import COLUMNS, FACETS, UNBOUNDED, facets_of, form


def elements(name: str, path: Path) -> Iterator[Finding]:
    """The faults of one element table; `name` is what findings call it. Raises: OSError."""
    lines = [(n, line) for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if line[:1] != "#"]
    reader = csv.DictReader(line for _, line in lines)
    for column in COLUMNS:
        if column not in (reader.fieldnames or ()):
            known = [each for each in reader.fieldnames or () if each not in COLUMNS]
            yield unknown("MAP166", Place(name, lines[0][0] if lines else 1), column, known)
            return
    seen: dict[str, int] = {}
    for row in reader:
        place = Place(name, lines[reader.line_num - 1][0])
        yield from _row(row, place, seen)
        seen.setdefault(row["path"].strip("/ "), place.line)


def _row(row: Mapping[str, str], place: Place, seen: Mapping[str, int]) -> Iterator[Finding]:
    path = (row["path"] or "").strip("/ ")
    above = path.rpartition("/")[0]
    if path in seen:
        yield fault("MAP105", place, name=path)
    if above and above not in seen:
        yield unknown("MAP167", place, above, seen)
    for column in ("min", "max"):
        text = (row[column] or "").strip()
        if text and not text.isdecimal() and not (column == "max" and text in UNBOUNDED):
            yield fault(
                "MAP112", place, keyword=column, wanted="a number" if column == "min" else "a number or unbounded"
            )
    try:
        form(row["format"] or "")
    except ValueError:
        yield fault("MAP112", place, keyword="format", wanted="a form such as an..70, n..16,3 or a2")
    for facet in facets_of(row.get("facets") or ""):
        if facet not in FACETS:
            yield unknown("MAP168", place, facet, FACETS)
