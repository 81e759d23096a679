"""What a person means by a text: an item by any reference, or something of ours by its id."""

from contextlib import suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.journal.search import Hit
    from gateway.steps.gate import Gate


class Unknown(click.UsageError):
    """The journal knows nothing by this name."""

    def __init__(self, text: str) -> None:
        super().__init__(f"nothing is known of {text!r}")


def subject_of(gate: "Gate", text: str) -> str:
    """What an action is about: what has this id, else the held filing of an accepted item, else the item.

    Of several held filings it is the one that the LRN names, else the first.
    """
    from sqlalchemy import select

    from gateway.journal import schema
    from gateway.steps.refusal import NotPossible
    from gateway.steps.subjects import state_of

    with gate.journal.read() as conn:
        with suppress(NotPossible):
            if state_of(conn, text)[0] != "item":
                return text
        hit = one_item(conn, text)
        f = schema.filing
        waiting = select(f.c.id).where(f.c.item == hit.item, f.c.state == "held").order_by(f.c.lrn != text, f.c.id)
        held = conn.scalar(waiting.limit(1))
        return str(held) if held is not None and hit.state == "accepted" else hit.item


def one_item(conn: "Connection", text: str) -> "Hit":
    """The newest item that a text leads to; one that is open before one that is done."""
    from gateway.journal.search import find

    hits = find(conn, text)
    if not hits:
        raise Unknown(text)
    return next(
        (h for h in hits if h.state in {"held", "quarantined"}), next((h for h in hits if h.state != "repeat"), hits[0])
    )


def code_of(word: str) -> str:
    """The code of a finding that is named by code or name."""
    from gateway.findings.catalogue import all_entries

    known = {name: entry.code for entry in all_entries() for name in (entry.code, entry.name)}
    code = known.get(word) or known.get(word.upper())
    if code is None:
        raise click.BadParameter(f"there is no finding {word!r}; `gateway rule` lists them", param_hint="--code")
    return code
