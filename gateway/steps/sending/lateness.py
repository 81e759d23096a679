"""Lateness: filings that begin to leave after the cut-off before the departure of their parcel's transport."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from gateway.steps.ground import notes
from gateway.steps.ground.gate import Gate
from gateway.steps.sending.collecting import Collected, cut_off
from gateway.steps.sending.outgoing import Due

CODE = "DLV667"


def note_late(gate: Gate, conn: Connection, due: Due, filings: Sequence[Collected]) -> None:
    """It goes all the same, at once; what came late stays written beside it."""
    now = gate.now()
    for one in filings:
        last = cut_off(due.rule, one.departs_at)
        if one.departs_at is not None and last is not None and last < now:
            found = notes.made(CODE, at=told(gate, now), departs=told(gate, one.departs_at))
            notes.note(conn, "filing", one.id, due.connection, [found])


def told(gate: Gate, moment: datetime) -> str:
    """A moment as the operator reads the clock."""
    return moment.astimezone(gate.hub.settings.gateway.timezone).strftime("%Y-%m-%d %H:%M")
