"""When something is due by a schedule: an interval after the last time, or the next time of a cron line.

A cron line is read in the time zone of the partner (else of the gateway), summer time included: a time that does not
exist on the day the clocks go forward comes as much later, one that exists twice comes twice.

>>> from zoneinfo import ZoneInfo
>>> nightly = Schedule(cron="30 2 * * *")
>>> due(nightly, datetime(2026, 3, 28, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin")).isoformat()
'2026-03-29T01:30:00+00:00'
>>> due(nightly, datetime(2026, 6, 1, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin")).isoformat()
'2026-06-02T00:30:00+00:00'
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gateway.settings.values import Schedule

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger


def cron_trigger(line: str, zone: ZoneInfo) -> "CronTrigger":
    """The trigger of a cron line with named weekdays. Raises: ValueError when it names no time."""
    from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415  # a tenth of a second that most files never need

    return CronTrigger.from_crontab(line, timezone=zone)


def due(schedule: Schedule | None, since: datetime, zone: ZoneInfo) -> datetime:
    """The first time after `since`, in UTC; without a schedule at once, by one that never comes (30 February) never."""
    since = since.astimezone(UTC)
    if schedule is None:
        return since
    if schedule.interval is not None:
        return since + schedule.interval
    found: datetime | None = cron_trigger(schedule.cron, zone).get_next_fire_time(None, since + timedelta(seconds=1))
    return found.astimezone(UTC) if found else datetime.max.replace(tzinfo=UTC)
