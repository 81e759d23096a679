"""The story of a demonstration in lines: what happened, stage by stage, and what to try next. Told from the journal."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection, select

from gateway.demo.tally import Tally
from gateway.findings import catalogue
from gateway.journal import schema

MEANING = {
    "held": "wait for a person's word",
    "quarantined": "kept with their bytes, the post is told",
    "returned": "given back to the post",
    "repeat": "known already, not filed again",
}
MOST = 6  # kinds of faults that are named


def numbers(tally: Tally) -> Iterator[str]:
    """What happened to the items, what customs said, what the post was told."""
    yield _line(tally.items, "items received", _plural(tally.files, "file"))
    yield _line(tally.filings, "filed with customs", "one declaration each")
    if tally.held_back:
        yield _line(tally.held_back, "declarations held back", "lack what customs demands")
    yield from (_line(tally.states[state], state, why) for state, why in MEANING.items() if state in tally.states)
    yield from (_line(number, f"  {_title(code)}", code) for code, number in list(tally.faults.items())[:MOST])
    yield _line(sum(tally.decisions.values()), "answers of customs", _listed(tally.decisions))
    yield from (_line(number, f"  {outcome.replace('_', ' ')}", "") for outcome, number in tally.outcomes.items())
    yield _line(tally.answers, "answers to the post", _plural(tally.answer_files, "file"))


def commands(program: str, settings: Path, lrn: str) -> Iterator[str]:
    """What to try next, ready to paste."""
    tried = ["status", "balance", "items search --state held", *([f"explain {lrn}"] if lrn else [])]
    yield from (f"{program} {command} --config {shlex.quote(str(settings))}" for command in tried)


def rejected(conn: Connection) -> str:
    """The LRN of one rejected declaration, the first by LRN; empty when customs rejected none."""
    f = schema.filing
    return conn.scalar(select(f.c.lrn).where(f.c.outcome == "rejected").order_by(f.c.lrn).limit(1)) or ""


def _line(number: int, what: str, more: str) -> str:
    return f"{number:>7,}  {what:<44}{more}".rstrip()


def _title(code: str) -> str:
    return catalogue.entry(code).name


def _plural(number: int, what: str) -> str:
    return f"in {number:,} {what}{'s' if number != 1 else ''}"


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in counted.items())
