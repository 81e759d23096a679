"""The daemon itself on folders, tables taken up while it runs, people told of alarms, the audit trail anchored."""

import os
import signal
import stat
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from gateway.findings.errors import ConfigurationInvalid
from gateway.runner import local
from gateway.runner.alerts import GATHER, Alerts
from gateway.runner.channels import CommandChannel, MailChannel
from gateway.runner.gates import pin
from gateway.runner.program import hand_to
from gateway.runner.reload import renewed
from gateway.steps.ground.alarm import clear_alarm, raise_alarm
from gateway.steps.ground.gate import Gate
from gateway.steps.reading import intake, translate
from gateway.steps.recovering import start
from gateway.steps.watching import anchor
from tests.crash.partners import Partner, clear
from tests.crash.scenarios import filing
from tests.crash.scenarios.disturbed import disturbed
from tests.crash.stage import Scenario
from tests.steps.site import Site

ALARM = ("DLV602", "uk-customs.live")
DAYS = timedelta(days=2)
PATIENCE = 120.0  # seconds for a host, on a busy machine


def _lay_daemon(site: Site) -> None:
    site.change("gateway.yaml", "retention:", "metrics: {textfile: ../figures.prom}\nretention:")
    filing.lay(site)


def _lay_queue(site: Site) -> None:
    """Units of work are carried by the queue."""
    site.change("gateway.yaml", "workers: 1", "workers: 1, runner: procrastinate")
    filing.lay(site)


def _live(site: Site, gate: Gate) -> None:
    """Until nothing comes or goes; customs answers between two runs."""
    gate.journal.close()  # the daemon opens its own
    post, customs = Partner(site.folder / "post"), Partner(site.folder / "customs")
    work = True
    while work:
        local.run(site.folder / "config/gateway.yaml", once=True)
        work = clear(customs, datetime.now(UTC)) | post.take()


def _live_host(site: Site, gate: Gate) -> None:
    """One host among others never ends by itself: it is told to when both partners have all. Another died at work."""
    site.poll(gate)
    intake.intake(gate)
    translate.take(gate, 1)
    start.rescue(gate, ())
    gate.journal.close()
    threading.Thread(target=_end_when_done, args=(site,)).start()
    local.run(site.folder / "config/gateway.yaml")


def _end_when_done(site: Site) -> None:
    post, customs = Partner(site.folder / "post"), Partner(site.folder / "customs")
    end = time.monotonic() + PATIENCE
    while filing.count(site).lost and time.monotonic() < end:
        time.sleep(0.2)
        clear(customs, datetime.now(UTC))
        post.take()
    os.kill(os.getpid(), signal.SIGTERM)


def _lay_alarms(site: Site) -> None:
    """A program that keeps what it is told; a copy of the audit's head goes to it as well."""
    program = site.folder / "config/tell"
    program.write_text(f"#!/bin/sh\ncat >>{site.folder}/told\n")
    program.chmod(stat.S_IRWXU)
    filing.lay(site)


def _alarms(site: Site, gate: Gate) -> None:
    """An alarm that no channel takes, then both; over, it is told as well, and one that nobody was told of goes."""
    program = site.folder / "config/tell"
    channels = (CommandChannel(program), _Mail(site.folder / "mailed"))
    _raise(gate)
    _tell(site, Alerts(gate, (CommandChannel(Path("/nonexistent")),)))
    _tell(site, Alerts(gate, channels))
    _clear(gate)
    site.clock.at += DAYS
    _tell(site, Alerts(gate, channels))
    _raise(gate)
    _clear(gate)
    site.clock.at += DAYS
    Alerts(gate, channels).look()
    anchor.anchor(gate, partial(hand_to, program))
    with patch.object(anchor, "page", side_effect=OSError):
        site.clock.at += DAYS
        anchor.anchor(gate)


class _Mail(MailChannel):
    """By a server that keeps letters in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def _letter(self, message):
        return str(message)

    @contextmanager
    def _server(self):
        yield SimpleNamespace(send_message=lambda letter: self._file.open("a").write(f"{letter}\n"))

    def _log_in(self, server) -> None:
        """Nobody asks."""


def _raise(gate: Gate) -> None:
    with gate.journal.write() as conn:
        raise_alarm(conn, *ALARM, {"connection": ALARM[1]})


def _clear(gate: Gate) -> None:
    with gate.journal.write() as conn:
        clear_alarm(conn, *ALARM)


def _tell(site: Site, alerts: Alerts) -> None:
    alerts.look()
    site.clock.at += timedelta(seconds=GATHER + 1)
    alerts.look()


def _reloading(site: Site, gate: Gate) -> None:  # noqa: ARG001  # a course has both
    """Tables are taken up; a configuration at fault is refused, and the old one stays in force."""
    renewed(gate, lambda settings: pin(gate.journal, gate.archive, settings))
    with suppress(ConfigurationInvalid):
        renewed(gate, _refused)


def _refused(_settings: object) -> str:
    raise ConfigurationInvalid("its tables are at fault")


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("daemon", _lay_daemon, _live, filing.count),
    Scenario("queue", _lay_queue, _live_host, filing.count, stores=("postgresql",)),
    disturbed("alarms", _alarms, lay=_lay_alarms),
    disturbed("reloading", _reloading),
)
