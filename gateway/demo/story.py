"""The story of a demonstration in lines: what happened, stage by stage, and what to try next. Told from the journal."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection, select

from gateway.demo.tally import HELD_BACK, Tally
from gateway.findings import catalogue
from gateway.journal import schema

MEANING = {
    "held": "held until a person says a word",
    "quarantined": "quarantined: kept with their bytes, and the post is told",
    "returned": "returned to the post",
    "repeat": "known already and not filed again",
}
MOST = 6  # kinds of faults that are named


def numbers(tally: Tally) -> Iterator[str]:
    """What happened to the items, what customs said, what the post was told."""
    yield _line(tally.items, f"items received {_in_files(tally.files)}")
    yield _line(tally.filings, "filed with customs, one declaration each; by now")
    yield from (_part(number, outcome.replace("_", " ")) for outcome, number in tally.outcomes.items())
    if tally.held_back:
        yield _line(tally.held_back, "declarations held back: they lack what customs demands")
        yield from _reasons(tally, HELD_BACK)
    for state, why in MEANING.items():
        if state in tally.states:
            yield _line(tally.states[state], why)
            yield from _reasons(tally, state)
    yield _line(sum(tally.decisions.values()), f"notifications of customs: {_listed(tally.decisions)}")
    yield _line(tally.answers, f"answers to the post {_in_files(tally.answer_files)}")


def commands(program: str, settings: Path, lrn: str) -> Iterator[str]:
    """What to try next, ready to paste."""
    tried = ["status", "balance", "items search --state held", *([f"explain {lrn}"] if lrn else [])]
    yield from (f"{program} {command} --config {shlex.quote(str(settings))}" for command in tried)


def rejected(conn: Connection) -> str:
    """The LRN of one rejected declaration, the first by LRN; empty when customs rejected none."""
    f = schema.filing
    return conn.scalar(select(f.c.lrn).where(f.c.outcome == "rejected").order_by(f.c.lrn).limit(1)) or ""


def _line(number: int, what: str) -> str:
    return f"{number:>7,}  {what}"


def _part(number: int, what: str) -> str:
    return f"{number:>13,}  {what}"


def _reasons(tally: Tally, state: str) -> Iterator[str]:
    """Why parcels are where they are, under their own heading."""
    named = list(tally.faults.get(state, {}).items())
    yield from (_part(number, f"{code} {_title(code)}") for code, number in named[:MOST])
    if more := named[MOST:]:
        yield _part(sum(number for _, number in more), f"for {len(more)} other reasons")


def _title(code: str) -> str:
    return catalogue.entry(code).name


def _in_files(number: int) -> str:
    return f"in {number:,} file{'s' if number != 1 else ''}"


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in counted.items())
