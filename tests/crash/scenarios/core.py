"""The core in trouble: workers that die, leases that are over, units that meet an error of ours, groups undone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from gateway.journal.ids import timestamp
from gateway.steps.declaring import brake, compose, group, groupkeeping
from gateway.steps.ground import aside
from gateway.steps.ground.gate import Gate
from gateway.steps.hearing import collect
from gateway.steps.reading import intake, translate
from gateway.steps.repeating import expire, operate
from tests.crash.partners import Partner, clear, missing, names_sent, once, repeated, told
from tests.crash.scenarios import grouped
from tests.crash.scenarios.disturbed import disturbed
from tests.crash.stage import Counts, Scenario
from tests.steps.answers import mrn_of, response
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

WHO = "O:tester"
LEASE = timedelta(hours=2)
WEEKS = timedelta(days=15)
POST = "partners/example-post.yaml"


class Bug(Exception):
    """An error of ours."""


@contextmanager
def broken(module: Any, name: str) -> Iterator[None]:
    """A function of ours that raises."""
    with patch.object(module, name, side_effect=Bug):
        yield


def _reading(site: Site, gate: Gate) -> None:
    """A file that cannot be opened at first; a batch whose claim is unknown, whose lease ends, whose worker
    dies, that is set aside.
    """
    first = once(site.folder, "death")  # a second one would be judged
    site.poll(gate)
    with broken(intake, "open_file"):
        intake.intake(gate)
    for file in site.ids(gate, "file", state="refused"):
        operate.retry(gate, file, WHO)
    intake.intake(gate)
    translate.take(gate, 4)
    translate.recall(gate, ())  # as if the answer to the commit had been lost
    translate.take(gate, 4)
    site.clock.at += LEASE
    translate.expire(gate)
    for taken, _ in translate.take(gate, 4) if first else ():
        for one in taken:
            translate.lose(gate, one, "the worker process died")
    for taken, _ in translate.take(gate, 4):
        for one in taken:
            translate.set_aside(gate, one, Bug())
    with gate.journal.write() as conn:
        aside.take_up(conn)


def _live_grouped(site: Site, gate: Gate) -> None:
    """Parcels that wait for others are held, each by itself, and released; then the route groups no more."""
    site.poll(gate)
    site.work_without_assembly(gate)
    waiting = sorted(site.ids(gate, "filing", state="waiting"))
    for one in waiting[:1]:
        groupkeeping.hold(gate, [(one, "uk-customs.live", ())])
    for one in waiting[1:2]:
        compose.give_up(gate, one, "the worker process died")
    for row in site.rows(gate, "filing"):
        if row["state"] == "held" and row["id"] == waiting[0]:
            operate.release(gate, row["id"], [], WHO)
        elif row["state"] == "held":
            operate.retry(gate, row["id"], WHO)
    grouped.live(site, gate)


def _ungroup(site: Site) -> None:
    file = site.folder / "config/routes.yaml"
    text = file.read_text()
    file.write_text(text.replace(", group: {items: 6, wait: 10m, by: [postage.currency]}", ""))


def _live_scattered(site: Site, gate: Gate) -> None:
    site.poll(gate)
    site.work_without_assembly(gate)
    _ungroup(site)
    with site.gate() as other:
        group.scatter(other)
        grouped.live(site, other)


def _lay_held(site: Site) -> None:
    site.change(POST, "sends:", "holds: {expire: 14d}\nsends:")
    site.change("partners/uk-customs.yaml", "in_doubt: resend", "in_doubt: resend, brake: 1 of 5")
    Partner(site.folder / "post").say("a.xml", HELD)


HELD = itmatt(3, 1, faults={2: "units-zero"}, reference="ITM1")


def _live_held(site: Site, gate: Gate) -> None:
    """One item is held until its time is over; customs rejects the others, which stops the route."""
    post, customs = Partner(site.folder / "post"), Partner(site.folder / "customs")
    _run(site, gate, customs, "03")
    brake.brake(gate)
    site.clock.at = max(_newest(site, gate), site.clock.at) + WEEKS
    expire.expire(gate)
    _run(site, gate, customs, "03")
    post.take()


def _newest(site: Site, gate: Gate) -> datetime:
    return max((timestamp(row["id"]) for row in site.rows(gate, "item")), default=site.clock.at)


def _count_held(site: Site) -> Counts:
    sent, heard = names_sent(Partner(site.folder / "customs")), told(Partner(site.folder / "post"))
    short = ["declarations"] * (2 - len(sent))
    return Counts(short + missing(_numbers(HELD), heard), repeated(sent) + repeated(heard))


def _numbers(data: bytes) -> list[str]:
    return [number.decode() for number in re.findall(rb"<item-id>(\w+)<", data)]


def _run(site: Site, gate: Gate, customs: Partner, code: str) -> None:
    work = True
    while work:
        site.run(gate)
        work = clear(customs, site.clock.at, code)


def _early(site: Site, gate: Gate) -> None:
    """Customs names its own number before it has told it, and answers on something that nobody knows."""
    customs = Partner(site.folder / "customs")
    site.run(gate)
    customs.take()
    for one in customs.log()[:1]:
        customs.say(
            "early.xml", response("01", "", notification="early", mrn=mrn_of(one.lrn), issued="20260915080000Z")
        )
    customs.say("nobody.xml", response("09", "", notification="nobody", mrn="26GB0000000NOBODY5"))
    site.run(gate)
    for one in customs.log()[:1]:
        customs.say("number.xml", response("01", one.lrn, notification="number", issued="20260915090000Z"))
    site.run(gate)
    collect.rematch(gate)
    site.clock.at += 40 * timedelta(days=1)
    collect.rematch(gate)


SCENARIOS: tuple[Scenario, ...] = (
    disturbed("reading", _reading),
    Scenario("held-in-groups", grouped.lay, _live_grouped, grouped.count),
    Scenario("scattered", grouped.lay, _live_scattered, grouped.count),
    Scenario("held", _lay_held, _live_held, _count_held),
    disturbed("early", _early),
)
