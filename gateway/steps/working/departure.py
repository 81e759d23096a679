"""Departure: when the transport of a parcel leaves, as an instant.

>>> departure(Moment("2026-09-16"), ZoneInfo("Europe/Paris")).isoformat()
'2026-09-15T22:00:00+00:00'
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gateway.model import Moment


def departure(said: Moment | None, zone: ZoneInfo) -> datetime | None:
    """Of a day its first moment: nobody knows the hour, and late is worse than early. One beyond all years is none."""
    try:
        return said.datetime(zone).astimezone(UTC) if said else None
    except OverflowError:
        return None
