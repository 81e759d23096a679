"""One item at fault among 2,000: that one is quarantined, with its code and its place; all others are filed.

Through the daemon's own translation, without its journal. Where the fault stands is known from how the file was made,
never from the gateway's own word.

    python -m tests.acceptance.isolation
"""

import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

from gateway.cli.sources import Source
from gateway.cli.translate import Batch, translated
from gateway.demo import corpus
from gateway.findings import Finding
from gateway.mapping.protocols import Bad, Limits
from gateway.mapping.registry import shipped
from gateway.steps.working.filer import Filer
from gateway.steps.working.outcome import ItemOutcome, RoutePlan, Setup

ITEMS = 2000
POSITIONS = (1, 1234, ITEMS)
ROUTE = RoutePlan(
    "uk-h7",
    target="customs/uk/h7",
    partner="uk-customs",
    connection="uk-customs.live",
    filer=Filer({"declarant-id": "GB123456789000", "location": "GBAUBELBFSBEL", "exchange-rates": "sample"}),
)

Change = Callable[[bytes], bytes]


def put(old: bytes, new: bytes) -> Change:
    """Replace the first occurrence, which must be there."""

    def change(item: bytes) -> bytes:
        assert old in item
        return item.replace(old, new, 1)

    return change


def cut(pattern: bytes, new: bytes = b"") -> Change:
    """Replace what fits the pattern, wherever it stands."""

    def change(item: bytes) -> bytes:
        changed, times = re.subn(pattern, new, item, flags=re.DOTALL)
        assert times
        return changed

    return change


# Kinds that the corpus does not make, with the code each must get.
EXTRA: Mapping[str, tuple[str, Change]] = {
    "start-tag-missing": ("SRC222", put(b"<item>", b"")),
    "start-tag-twice": ("SRC223", put(b"<object-type>", b"<object-type><object-type>")),
    "comment-unclosed": ("SRC229", put(b"<description>", b"<!-- <description>")),
    "section-unclosed": ("SRC229", put(b"<description>", b"<description><![CDATA[ ")),
    "attribute-twice": ("SRC226", put(b"<postage ", b'<postage currency="EUR" ')),
    "prefix-undeclared": ("SRC228", put(b"<object-type>MI</object-type>", b"<x:object-type>MI</x:object-type>")),
    "byte-of-no-encoding": ("SRC224", put(b"<description>", b"<description>\xff\xfe ")),
    "control-character-reference": ("SRC225", put(b"<description>", b"<description>a&#11;b ")),
    "oversize": ("SRC230", put(b"<description>", b"<description>" + b"long " * 210_000)),
    "element-repeated": ("SRC256", put(b"<object-type>MI</object-type>", b"<object-type>MI</object-type>" * 2)),
    "no-content-piece": ("SRC253", cut(rb"<content-piece>.*</content-piece>")),
    "no-number": ("SRC260", cut(rb"<number-of-units>\d+<", b"<number-of-units>a dozen<")),
    "no-date": ("SRC261", cut(rb"<posting-date>[^<]*<", b"<posting-date>2026-13-41<")),
}
KINDS: Mapping[str, str] = {
    **{name: fault.code for name, fault in corpus.FAULTS.items() if fault.fate == "quarantined"},
    **{name: code for name, (code, _) in EXTRA.items()},
}


@dataclass(frozen=True)
class Made:
    """A file with one item at fault, and that item's bytes as they were put in."""

    data: bytes
    item: bytes


@dataclass(frozen=True)
class Mail:
    """A sound message of so many items, and where each stands in it."""

    items: int = ITEMS
    seed: int = 7
    day: date = corpus.DAY

    @cached_property
    def data(self) -> bytes:
        return b"".join(corpus.itmatt(self.items, self.seed, day=self.day))

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Start and end of each item, with its indentation and line end."""
        return [one.span() for one in re.finditer(rb" *<item>.*?</item>\n", self.data, re.DOTALL)]

    def spoiled(self, kind: str, position: int) -> Made:
        """The same with the item at `position` at fault."""
        start, end = self.places[position - 1]
        before, after = self.data[:start], self.data[end:]
        if kind in EXTRA:
            item = EXTRA[kind][1](self.data[start:end])
        else:
            whole = b"".join(corpus.itmatt(self.items, self.seed, {position: kind}, day=self.day))
            item = whole[len(before) : len(whole) - len(after)]
        return Made(before + item + after, item)


@dataclass(frozen=True)
class Seen:
    """What became of a file: fates counted, who was quarantined and why, the bytes at the place that was told."""

    fates: Counter[str]
    ordinals: tuple[int, ...]
    codes: tuple[str, ...]
    at_place: bytes


def seen(data: bytes, on: date = corpus.DAY) -> Seen:
    """Translate a file received on a day, and look at all of its items."""
    setup = Setup("", (str(shipped()),), "upu/itmatt-1.5", "test", on, (ROUTE,), Limits())
    outcomes = list(_outcomes(data, setup))
    refused = [one for one in outcomes if one.state == "quarantined"]
    codes = tuple(f.code for one in refused for f in one.findings if f.severity == "error")
    at_place = b"".join(data[one.offset : one.offset + one.length] for one in refused)
    return Seen(Counter(map(_fate, outcomes)), tuple(one.ordinal for one in refused), codes, at_place)


def _outcomes(data: bytes, setup: Setup) -> Iterator[ItemOutcome]:
    for event in translated(Source("made.xml", io.BytesIO(data), len(data)), setup):
        if isinstance(event, Batch):
            yield from event.outcomes
        elif isinstance(event, Bad):
            at = event.span
            lost = ItemOutcome(
                event.ordinal or 0, at.offset, at.length, at.line, "quarantined", findings=event.findings
            )
            yield lost
        else:
            assert isinstance(event, Finding)
            assert event.severity != "error", event


def _fate(outcome: ItemOutcome) -> str:
    if outcome.draft is None:
        return outcome.state
    return "filed" if outcome.draft.state == "written" else "held"


def table() -> Iterator[tuple[str, bool]]:
    """One line for each kind and position, and whether all is as it should be."""
    mail = Mail()
    for (kind, code), position in product(KINDS.items(), POSITIONS):
        file = mail.spoiled(kind, position)
        found = seen(file.data)
        exact = found.at_place.strip() == file.item.strip()
        alone = (found.fates, found.ordinals) == ({"filed": ITEMS - 1, "quarantined": 1}, (position,))
        told = code if code in found.codes else f"{found.codes[:1]}, not {code}"
        counts = f"{found.fates['filed']:>6,} {found.fates['quarantined']:>11}"
        yield (
            f"{kind:<28} {position:>8,} {counts}  {told:<6} {'yes' if exact else 'no':>8}",
            (alone and exact and code in found.codes),
        )


def main() -> int:
    wrong = 0
    say(f"{'kind':<28} {'position':>8} {'filed':>6} {'quarantined':>11}  {'code':<6} {'cut out':>8}")
    for line, right in table():
        say(line if right else f"{line}   WRONG")
        wrong += not right
    say(f"\n{len(KINDS)} kinds at {len(POSITIONS)} places of {ITEMS:,} items: {wrong} not as they should be")
    return 1 if wrong else 0


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
