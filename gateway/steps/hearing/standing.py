"""How a filing stands with customs, with its money and days: the fold over its decisions, as far as they are kept."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

from gateway.steps.ground import source
from gateway.steps.ground.gate import Gate
from gateway.steps.hearing.fold import Standing, fold
from gateway.steps.hearing.words import Word, heard


def standing(gate: Gate, conn: Connection, decisions: Iterable[Mapping[Any, Any]]) -> Standing:
    """What holds after some decisions of the journal; of one whose bytes are gone what the journal itself says."""
    return fold(_word(gate, conn, row) for row in decisions)


def _word(gate: Gate, conn: Connection, row: Mapping[Any, Any]) -> Word:
    word = heard(row)
    try:
        said = source.said_in(gate, conn, row)
    except source.GONE:
        return word
    due = said.deadline.iso if said.deadline else ""
    return msgspec.structs.replace(word, deadline=due, taxes=said.taxes, total=said.total)
