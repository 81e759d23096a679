"""Answers of customs in figures: Danish notifications kind by kind, and the codes of every scheme against a map.

Samples are our own: those beside the tables (`mappings/customs/dk/cases`) and the synthetic ones of the shared data.
Of each notification: which of its leaves the table carries into the decision, which it leaves aside by a row that says
why, and how many pointers it has. Codes: outcome, stage, what the goods may do, whether it is the last word and who
acts, held against `wco/decision-map.csv`; where we say something else, the reason stands here. Stories: six answers in
every order.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from gateway.mapping.listing import read
from gateway.mapping.registry import Registry, shipped
from gateway.mapping.trace import Trace
from gateway.model import Decision
from gateway.model.outcomes import said
from gateway.steps.hearing.fold import Standing, fold
from tests.steps.hearing.test_fold import STORIES
from tests.tables.conftest import Desk, leaves_of

TABLES = (
    "notification",
    "notification-1",
    "synchronous-error",
    "synchronous-error-validation",
    "synchronous-receipt",
)
PAGES = {"notification": "notifications_v2_page0.xml", "synchronous-error": "synchronous_error.xml"}
CASES = shipped() / "customs" / "dk" / "cases"
OCCURRENCE = re.compile(r"\[\d+\]")


class Row(NamedTuple):
    """One kind of notification; `aside` are the leaves that no field of the decision holds."""

    table: str
    kind: str
    outcome: str
    samples: int
    leaves: int
    carried: int
    aside: tuple[str, ...]
    pointers: int


class Story(NamedTuple):
    """Six answers: in how many orders they were folded, and in what they ended."""

    name: str
    orders: int
    ends: tuple[str, ...]


class Code(NamedTuple):
    """One code of a scheme as the map has it and as our list has it: outcome, stage, blocks, final, who acts."""

    scheme: str
    code: str
    mapped: tuple[str, ...]
    ours: tuple[str, ...]

    @property
    def differing(self) -> tuple[str, ...]:
        """The columns in which they differ."""
        return tuple(name for name, one, other in zip(ASKED, self.mapped, self.ours, strict=True) if one != other)


def stories() -> list[Story]:
    """Every order of the six answers of each story."""
    return [_story(name, [fold(order) for order in permutations(words)]) for name, (words, _) in STORIES.items()]


def _story(name: str, ends: list[Standing]) -> Story:
    return Story(name, len(ends), tuple(sorted({end.outcome for end in set(ends)})))


def rows(shared: Path, registry: Registry) -> list[Row]:
    """One row a kind of notification, by table and code."""
    found: dict[tuple[str, str], list[tuple[Decision, Trace, bytes]]] = {}
    for table in TABLES:
        desk = Desk(registry, f"customs/dk/{table}")
        for data in messages(table, shared):
            for (item, opening, raw), reading in zip(desk.items(data), desk.read(data), strict=True):
                trace = desk.format.trace_read(item, raw, opening)
                code = (reading.record.code or "") if table.startswith("notification") else table
                found.setdefault((table, code), []).append((reading.record, trace, raw))
    return [_row(table, code, some) for (table, code), some in sorted(found.items())]


def messages(table: str, shared: Path) -> Iterator[bytes]:
    for path in sorted((CASES / table).glob("*.in")):
        if path.with_suffix(".out").exists():  # the others are of another version, and refused
            yield path.read_bytes()
    if table in PAGES:
        yield (shared / "dk-dms" / "samples" / "own" / PAGES[table]).read_bytes()


def _row(table: str, code: str, some: list[tuple[Decision, Trace, bytes]]) -> Row:
    leaves, aside = 0, Counter[str]()
    for _, trace, raw in some:
        within = leaves_of(etree.fromstring(raw))
        leaves += len(within)
        aside += Counter(path.strip("/").partition("/")[2] for path, _ in _uncarried(within, trace))
    pointers = sum(len(reason.pointer) for record, _, _ in some for reason in record.reasons)
    outcomes = sorted({said(record) for record, _, _ in some})
    kept = leaves - aside.total()
    return Row(table, code, " ".join(outcomes), len(some), leaves, kept, tuple(sorted(aside)), pointers)


def _uncarried(leaves: list[tuple[str, str]], trace: Trace) -> Counter[tuple[str, str]]:
    """The leaves that are not in the trace: each place once, whatever else a code list sets along with it."""
    places = {entry.message_path: entry.text for entry in reversed(trace.entries)}
    carried = Counter((f"/{_inside(path)}", text) for path, text in places.items())
    return Counter(leaves) - carried


def _inside(path: str) -> str:
    """A place as a path without occurrences; `a/b/../c` is `a/c`."""
    steps: list[str] = []
    for step in OCCURRENCE.sub("", path).split("/"):
        if step == ".." and steps:
            steps.pop()
        else:
            steps.append(step)
    return "/".join(steps)


ASKED = ("outcome", "stage", "blocks_goods", "final", "action_by")
SCHEMES: Mapping[str, str] = {
    "UK CDS RES FunctionCode": "customs/uk/res-function",
    "DK DMS NotificationEventType": "customs/dk/notification-event",
    "ICS2": "decisions/ics2",
    "UPU EAD status": "decisions/upu-ead",
    "CUSRSP decision (Indian example)": "decisions/cusrsp-example",
    "CUSRES GIS/GEI 7365": "decisions/cusres-7365",
    "CONTRL 0083": "decisions/contrl-0083",
    "ASYCUDA state": "decisions/asycuda",
}
NAMED_OTHERWISE = {"selected (yellow, red)": "selected", "released / exit note": "released"}
FLAGS = {"no": "false", "yes": "true", "item": "true"}  # what goods items may do is said item by item

EXAMINED = "an examination is `under_control`; `held` waits for a decision without one"
LACKS = "`incomplete` is not a question: what was filed lacks something"
ELSEWHERE = "another row of the answer says which: the position of customs on the request"
DIFFERENCES: Mapping[tuple[str, str], str] = {
    ("customs/uk/res-function", "05"): EXAMINED,
    ("customs/dk/notification-event", "CWMCTL"): EXAMINED,
    ("decisions/ics2", "IE3N08"): EXAMINED,
    ("decisions/ics2", "IE3N09"): EXAMINED,
    ("decisions/cusres-7365", "5"): EXAMINED,
    ("decisions/asycuda", "selected"): EXAMINED,
    ("customs/dk/notification-event", "CWMINC"): LACKS,
    ("decisions/ics2", "IE3N02"): LACKS,
    ("decisions/upu-ead", "INC"): LACKS,
    ("customs/dk/notification-event", "CWMREQ"): ELSEWHERE,
    ("customs/uk/res-function", "11"): "the status that would say which has no public list",
    ("decisions/cusres-7365", "67"): "what an error names is refused: said of these, not by the code",
}
"""Why a code means something else to us than in the map."""


def codes(shared: Path) -> list[Code]:
    """Every code of the map with what our lists make of it; one that we do not have stands with nothing."""
    ours = {name: _listed(name) for name in SCHEMES.values()}
    with (shared / "wco" / "decision-map.csv").open(encoding="utf-8", newline="") as stream:
        return [_code(row, ours[SCHEMES[row["scheme"]]]) for row in csv.DictReader(stream)]


def _code(row: dict[str, str], ours: Mapping[str, tuple[str, ...]]) -> Code:
    name = NAMED_OTHERWISE.get(row["code"], row["code"])
    asked = tuple(FLAGS.get(row[column], row[column]) for column in ASKED)
    return Code(SCHEMES[row["scheme"]], name, asked, ours.get(name, ("",) * len(ASKED)))


def _listed(name: str) -> dict[str, tuple[str, ...]]:
    listing = read(name, shipped() / "codes" / f"{name}.csv")
    return {row["message"]: tuple(row[column] for column in ASKED) for row in listing.rows}
