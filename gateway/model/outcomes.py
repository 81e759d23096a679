"""The outcomes that answers of customs may have, as a table: one vocabulary for every authority and scheme.

The table stands beside this file; the code of the authority is always kept beside the outcome. Sources: WCO Framework
of Standards on Cross-Border E-Commerce, UPU EAD solutions (modules 08, 09, 11), HMRC CDS end-to-end service guide,
Danish DMS notification guide; names and ranks are ours.

>>> outcome("do_not_load").sticky, outcome("cleared").frees, outcome("request_denied").aspect
(True, True, 'request')
>>> outcome("no such outcome").name
'notice'
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec

from gateway.model.decision import Decision

TABLE = Path(__file__).with_name("outcomes.csv")
NOTICE = "notice"
FLAGS = {"yes": True, "no": False}


class Outcome(msgspec.Struct, frozen=True):
    """One row of the table; `of_request` and `told` may be empty."""

    name: str
    rank: int
    aspect: Literal["state", "duty", "request", "notice"]
    stage: str
    blocks_goods: bool
    final: bool
    frees: bool
    sticky: bool
    subject: str
    action_by: str
    of_request: str
    told: str
    labels: Mapping[str, str]


def outcomes() -> tuple[Outcome, ...]:
    """Every outcome, by rank."""
    return tuple(_table().values())


def outcome(name: str | None) -> Outcome:
    """The outcome of that name; what is not known is for information."""
    return _table().get(name or NOTICE) or _table()[NOTICE]


def label(name: str, language: str = "en") -> str:
    """An outcome in words; in English where the language has none."""
    labels = outcome(name).labels
    return labels.get(language) or labels["en"]


def said(decision: Decision) -> str:
    """What a decision says of the declaration it is about.

    Where it names a request of ours, a refusal refuses the request and never the declaration; where it releases goods
    items and keeps others, the release is a part of one.

    >>> said(Decision(outcome="rejected", request_reference="26DKCOR00000000009"))
    'request_denied'
    """
    found = outcome(decision.outcome)
    if decision.request_reference and found.of_request:
        return found.of_request
    if found.frees and any(one.released is False for one in decision.releases):
        return "partly_released"
    return found.name


@cache
def _table() -> Mapping[str, Outcome]:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        made = [_row(row) for row in rows]
    return MappingProxyType({one.name: one for one in sorted(made, key=lambda one: one.rank)})


def _row(row: dict[str, str]) -> Outcome:
    flags = {name: FLAGS[row[name]] for name in ("blocks_goods", "final", "frees", "sticky")}
    labels = {"en": row["label"], "fr": row["label_fr"], "es": row["label_es"]}
    return msgspec.convert({**row, **flags, "labels": labels}, Outcome, strict=False)
