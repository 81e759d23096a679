"""Lists by themselves: does each row stand once, does each code say what it means, where does the list come from.

Whether a two-way list can be read backwards is asked where a row uses it: `gateway.mapping.lint.codes`.
"""

import re
from collections.abc import Iterator

from gateway.findings.finding import Finding
from gateway.mapping.faults import Place, fault
from gateway.mapping.listing import ANY, LABEL, MESSAGE, MODEL, PREFERRED, Listing

DAMAGED = "\ufffd"  # what stands for bytes that are no UTF-8
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def lists(listing: Listing) -> Iterator[Finding]:
    """What is wrong or doubtful in one list, in the order of its file."""
    head = Place(listing.file, listing.head)
    if any(DAMAGED in column for column in listing.columns):
        yield fault("MAP408", head)
        return
    if not listing.source:
        yield fault("MAP403", head)
    if not _DATE.fullmatch(listing.date):
        yield fault("MAP404", head, said=f": '{listing.date}' is no date" if listing.date else "")
    for name in dict.fromkeys(listing.columns):
        if listing.columns.count(name) > 1:
            yield fault("MAP407", head, name=name)
    for row in listing.rows:
        place = Place(listing.file, row.line)
        if row.width != len(listing.columns):
            yield fault("MAP405", place, cells=row.width, columns=len(listing.columns))
        if any(DAMAGED in cell for cell in row.cells.values()):
            yield fault("MAP408", place)
    if listing.two_way:
        yield from _two_way(listing)


def _two_way(listing: Listing) -> Iterator[Finding]:
    seen: dict[tuple[str, str], int] = {}
    preferred: dict[str, int] = {}
    labelled = {row[MESSAGE] for row in listing.rows if row[LABEL]}
    asked = set(labelled)
    for row in listing.rows:
        place, code, model = Place(listing.file, row.line), row[MESSAGE], row[MODEL]
        if (line := seen.setdefault((code, model), row.line)) != row.line:
            yield fault("MAP401", place, code=code, model=model, line=line)
        if row[PREFERRED] and code != ANY and (line := preferred.setdefault(model, row.line)) != row.line:
            yield fault("MAP406", place, model=model, line=line)
        if code not in asked and code != ANY:
            asked.add(code)
            yield fault("MAP402", place, code=code)
