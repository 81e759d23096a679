"""Tells people of alarms: one message for many, never more than one a minute, in a thread that no step waits for.

The first alarm waits for a moment, so that what belongs together is told together; while alarms keep coming the next
message gathers a minute of them. What no channel takes is tried again after a pause that grows; when one of two
channels does not work the other one says so.
"""

import logging
import threading
from collections.abc import Sequence
from typing import Protocol

from gateway.findings.errors import GatewayError
from gateway.observe.metrics import MESSAGES
from gateway.steps.ground.alarm import clear_alarm, raise_alarm
from gateway.steps.ground.failure import where
from gateway.steps.ground.gate import Gate
from gateway.steps.watching import notice
from gateway.steps.watching.message import Message, message_of

LOOK = 5.0  # seconds between two looks at what is due
GATHER = 15.0  # seconds that the first alarm waits for others
GAP = 60.0  # seconds between two messages
FIRST, TOP = 30.0, 900.0  # seconds of pause after the first failure, doubling to the longest
PATIENCE = 5.0  # seconds for a message that is leaving when the process ends
CODE = "INT964"

log = logging.getLogger("gateway.alerts")


class Channel(Protocol):
    """A way to people."""

    @property
    def name(self) -> str:
        """One word: `command`, `mail`."""

    def send(self, message: Message) -> None:
        """Hand the message over, within a time of its own. Raises: GatewayError."""


class Alerts:
    """What is told when. Times are of the gate's monotonic clock, so that a clock step starts no storm."""

    def __init__(self, gate: Gate, channels: Sequence[Channel]) -> None:
        self.gate, self._channels = gate, channels
        self._pause = 0.0
        self._not_before = gate.clock.monotonic()
        self._first: float | None = None  # when there was something to tell for the first time since the last message

    def look(self, *, at_once: bool = False) -> bool:
        """Tell what is due, if it is time for a message or `at_once`; True when one has left."""
        notice.forget(self.gate, everything=not self._channels)
        now = self.gate.clock.monotonic()
        if not self._channels or not notice.due(self.gate):
            self._first = None
            return False
        self._first = now if self._first is None else self._first
        if not at_once and now < max(self._not_before, self._first + GATHER):
            return False
        return self._tell()

    def _tell(self) -> bool:
        taken = notice.take(self.gate)
        if not taken.alarms:  # another host is telling it
            return False
        said = self._send(taken)
        sent = "" in said.values() or not said
        if sent:
            notice.told(self.gate, taken)
            log.info("alerts.sent", extra={"count": len(taken.alarms)})
        else:
            notice.release(self.gate)
        self._pause = 0.0 if sent else min(TOP, max(FIRST, self._pause * 2))
        self._not_before = self.gate.clock.monotonic() + max(GAP, self._pause)
        self._first = None if sent else self._first
        self._note(said)
        return sent

    def _send(self, taken: notice.Taken) -> dict[str, str]:
        """By every channel, none is told of itself; gives each with the reason why it failed, or with nothing."""
        said = {}
        for channel in self._channels:
            others = [one for one in taken.alarms if (one.code, one.subject) != (CODE, channel.name)]
            if others:
                said[channel.name] = self._sent(channel, notice.Taken(taken.at, tuple(others)))
        return said

    def _sent(self, channel: Channel, taken: notice.Taken) -> str:
        counted = MESSAGES.labels
        try:
            channel.send(message_of(self.gate.hub.settings.gateway.id, taken))
        except Exception as error:
            log.warning("alerts.not_sent", extra={"channel": channel.name, "reason": where(error)}, exc_info=True)
            counted(channel.name, "failed").inc()
            return str(error) if isinstance(error, GatewayError) else type(error).__name__
        counted(channel.name, "sent").inc()
        return ""

    def _note(self, said: dict[str, str]) -> None:
        """A channel that does not work is an alarm itself; one that works again ends it."""
        with self.gate.journal.write("alert.channel") as conn:
            for name, reason in said.items():
                if reason:
                    raise_alarm(conn, CODE, name, {"channel": name, "reason": reason})
                else:
                    clear_alarm(conn, CODE, name)


class Teller(threading.Thread):
    """Looks every few seconds. Nothing that goes wrong here reaches a step, and nothing ends the thread but `end`."""

    def __init__(self, alerts: Alerts) -> None:
        super().__init__(name="alerts", daemon=True)
        self.alerts = alerts
        self._ending = threading.Event()

    def end(self) -> None:
        """Look no more. A message under way may leave for a moment: the journal is closed afterwards."""
        self._ending.set()
        if self.is_alive():
            self.join(PATIENCE)

    def run(self) -> None:
        while not self._ending.wait(LOOK):
            try:
                self.alerts.look()
            except Exception as error:
                log.exception("alerts.bug", extra={"reason": where(error)})
