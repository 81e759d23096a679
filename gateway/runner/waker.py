"""Wakes movers by the schedule of their connections: in an interval, or by a cron line in the partner's time zone.

APScheduler is a wake-up only: a missed or doubled one changes nothing.

Its interval jobs stop for an hour when the clock is set back an hour; `guard` re-arms what is late by the monotonic
clock.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from gateway.journal.clock import Clock
from gateway.settings.connection import Connection
from gateway.settings.timetable import cron_trigger
from gateway.settings.values import Schedule

STEP_BOUND = 900.0  # seconds: the longest a mover's single step may take by its own deadlines
DAY = 86_400.0

log = logging.getLogger("gateway.waker")


class Woken(Protocol):
    """What is woken for a connection. `beat` is when it last ended a step, by the monotonic clock."""

    connection: Connection
    busy: bool
    beat: float

    def look(self) -> None: ...


class Waker:
    """One job a mover."""

    def __init__(self, movers: Mapping[str, Woken], clock: Clock) -> None:
        self._movers, self._clock = movers, clock
        self._woken = dict.fromkeys(movers, clock.monotonic())
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        for name in self._movers:
            self._arm(name)
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def guard(self) -> bool:
        """From the core loop: re-arm what a clock step delayed; False when a mover is stuck beyond all deadlines."""
        now = self._clock.monotonic()
        for name, mover in self._movers.items():
            if now - self._woken[name] > 2 * period(mover.connection.every):
                log.warning("waker.rearmed", extra={"connection": name})
                self._arm(name)
        return all(not m.busy or now - m.beat <= STEP_BOUND + period(m.connection.every) for m in self._movers.values())

    def _arm(self, name: str) -> None:
        self._woken[name] = self._clock.monotonic()
        line = self._movers[name].connection
        trigger = _trigger(line.every, line.timezone)
        now = datetime.now(UTC) if isinstance(trigger, IntervalTrigger) else None
        first = {"next_run_time": now} if now else {}
        self._scheduler.add_job(self._tick, trigger, args=[name], id=name, replace_existing=True, **first)

    def _tick(self, name: str) -> None:
        self._woken[name] = self._clock.monotonic()
        self._movers[name].look()


def period(schedule: Schedule) -> float:
    """Seconds between two wake-ups; of a cron line at most a day."""
    return schedule.interval.total_seconds() if schedule.interval else DAY


def _trigger(schedule: Schedule, zone: ZoneInfo) -> BaseTrigger:
    if schedule.interval is not None:
        return IntervalTrigger(seconds=max(1, int(schedule.interval.total_seconds())), timezone="UTC")
    return cron_trigger(schedule.cron, zone)
