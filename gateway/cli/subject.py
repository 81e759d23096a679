"""What a person means by a text: an item by any reference, or something of ours by its id."""

from contextlib import suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from gateway.journal.search import Hit
    from gateway.steps.ground.gate import Gate


SHOWN = 5  # parcels that are named where one has to be chosen


class Unclear(click.UsageError):
    """A text that names no one thing."""


class Unknown(Unclear):
    """The journal knows nothing by this name."""

    def __init__(self, text: str) -> None:
        super().__init__(f"nothing is known of {text!r}")


class Several(Unclear):
    """It leads to more than one parcel: what is done to one of them must name that one."""

    def __init__(self, text: str, found: "Sequence[Hit]") -> None:
        named = ", ".join(f"{one.item_id or '-'} ({one.environment}, {one.state}: {one.item})" for one in found[:SHOWN])
        more = ", …" if len(found) > SHOWN else ""
        super().__init__(f"{text!r} leads to more than one: {named}{more}; name one of them, by its id if need be")


def subject_of(gate: "Gate", text: str) -> str:
    """What an action is about: what has this id, else the held filing of an accepted item, else the item.

    Of several held filings it is the one that the LRN names, else the first.
    """
    from sqlalchemy import select

    from gateway.journal import schema
    from gateway.steps.ground.refusal import NotPossible
    from gateway.steps.repeating.subjects import state_of

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
    """The newest item of the one parcel that a text leads to; one that is open before one that is done.

    Raises: Unknown; Several, and for a pattern in any case: today it may lead to one, tomorrow to another.
    """
    from gateway.journal.search import ANY, find

    hits = _declared_so(conn, text, find(conn, text))
    if not hits:
        raise Unknown(text)
    parcels = {(h.environment, h.item_id or h.dossier or h.item): h for h in hits if h.kind == "consignment"}
    if len(parcels) > 1 or text.strip().endswith(ANY):
        raise Several(text, list(parcels.values()) or hits)
    return next(
        (h for h in hits if h.state in {"held", "quarantined"}), next((h for h in hits if h.state != "repeat"), hits[0])
    )


def _declared_so(conn: "Connection", text: str, hits: "list[Hit]") -> "list[Hit]":
    """Of several parcels in one declaration, its LRN names the one that carries it."""
    from sqlalchemy import select

    from gateway.journal.schema import filing
    from gateway.journal.search import normal

    own = set(conn.scalars(select(filing.c.dossier).where(filing.c.lrn == normal(text))))
    return [hit for hit in hits if hit.dossier in own] or hits


def items_of(gate: "Gate", text: str) -> "list[Hit]":
    """All items that a reference leads to, however many. Raises: Unknown, and UsageError for a pattern."""
    from gateway.journal.search import ANY, every

    if text.strip().endswith(ANY):
        raise click.UsageError(f"{text!r} may stand for anything: name what `gateway items search` finds by it")
    found = list(every(gate.journal, text))
    if not found:
        raise Unknown(text)
    return found


def code_of(word: str) -> str:
    """The code of a finding that is named by code or name."""
    from gateway.findings.catalogue import all_entries

    known = {name: entry.code for entry in all_entries() for name in (entry.code, entry.name)}
    code = known.get(word) or known.get(word.upper())
    if code is None:
        raise click.BadParameter(f"there is no finding {word!r}; `gateway rule` lists them", param_hint="--code")
    return code
