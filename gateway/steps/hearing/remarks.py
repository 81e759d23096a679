"""What a person should know of an answer, beside the outcome: that it came too late to count, that goods must stop.

A late answer changes no state in silence, and neither does one against which a block stands.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from gateway.findings import Finding
from gateway.journal import schema
from gateway.model.outcomes import outcome
from gateway.steps.ground import notes
from gateway.steps.hearing.fold import fold
from gateway.steps.hearing.words import SAID, Word, heard

d = schema.decision
Row = Mapping[Any, Any]


def remark(conn: Connection, filing: Row, rows: Iterable[Row]) -> None:
    """Note on a declaration what there is to say of answers about it that have just come."""
    new = {row["id"]: heard(row) for row in rows}
    before = _told(conn, filing["id"], new) if filing["outcome"] else []
    if found := list(_remarks(before, new.values())):
        notes.note(conn, "filing", filing["id"], filing["connection"], found)


def _told(conn: Connection, filing: str, new: Collection[str]) -> list[Word]:
    """What was said of a filing before these decisions came."""
    said = select(d.c.id, *(d.c[name] for name in SAID)).where(d.c.filing == filing)
    return [heard(row) for row in conn.execute(said).mappings() if row["id"] not in new]


def _remarks(before: list[Word], new: Iterable[Word]) -> Iterator[Finding]:
    stood = fold(before)
    for word in sorted(new, key=lambda word: word.issued_at):
        meant = outcome(word.outcome)
        said = {"outcome": _words(word.outcome), "issued": word.issued_at or "…"}
        if meant.sticky:
            yield notes.made("RSP731", **said)
        elif meant.aspect == "state" and word.outcome != stood.outcome and fold([*before, word]) == stood:
            yield notes.made("RSP730", **said, holds=_words(stood.outcome))


def _words(name: str) -> str:
    return name.replace("_", " ")
