"""Collecting: when a file that is being filled goes out.

It goes when it is full (`per_file`), when its oldest message has waited for its time (`every`), or when the transport
of one of them is about to leave (`cut_off`), whichever is first; without `every` at once. Times are UTC.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from gateway.journal.ids import timestamp
from gateway.settings import timetable
from gateway.settings.connection import Outbound

HEAD_START = timedelta(minutes=1)  # to be written and sent before the cut-off


class Collected(NamedTuple):
    """One message that waits for its file; `departs_at` is when its transport leaves, where that is known."""

    id: str
    departs_at: datetime | None = None


def files(
    rule: Outbound, waiting: Sequence[Collected], now: datetime, *, flush: bool = False
) -> list[Sequence[Collected]]:
    """Those that need not wait longer, the oldest first, so many a file."""
    size = rule.per_file
    groups = [waiting[at : at + size] for at in range(0, len(waiting), size)]
    return [one for one in groups if flush or len(one) == size or _due(rule, one) <= now]


def due(rule: Outbound, oldest: str, departs_at: datetime | None = None) -> datetime:
    """When a file goes out that is not full: by its oldest message, and by the first transport that leaves."""
    collected = timetable.due(rule.every, timestamp(oldest), rule.timezone)
    last = cut_off(rule, departs_at)
    return collected if last is None else min(collected, last - HEAD_START)


def cut_off(rule: Outbound, departs_at: datetime | None) -> datetime | None:
    """Until when a filing must be out; None where nothing is agreed, or nobody said when the transport leaves."""
    return departs_at - rule.cut_off if departs_at is not None and rule.cut_off is not None else None


def _due(rule: Outbound, waiting: Sequence[Collected]) -> datetime:
    leaving = [one.departs_at for one in waiting if one.departs_at is not None]
    return due(rule, waiting[0].id, min(leaving, default=None))
