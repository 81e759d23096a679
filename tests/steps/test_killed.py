"""Killed at any step, in two lives one after the other: nothing lost, nothing twice, and the start-up finds the rest.

One site for all: each test brings mail of its own and takes away what came of it.
"""

import re
from contextlib import suppress
from datetime import timedelta

import pytest

from gateway.findings.failpoint import NAMES
from gateway.journal.snapshot import dump
from gateway.steps import purge
from gateway.steps.start import recover
from tests.steps.answers import response
from tests.steps.killing import Killed, dying, passing
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

ITEMS = 4
AGE = timedelta(minutes=2)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    settings = site.folder / "config/gateway.yaml"
    settings.write_text(settings.read_text().replace("raw: 90d", "raw: 1m"))
    return site


@pytest.fixture
def mail(site):
    """One message, of which one item is at fault."""
    seed = len(list((site.folder / "post/done").iterdir())) + 1
    data = itmatt(ITEMS, seed, faults={2: "gross-zero"}, reference=f"ITM{seed}", day=site.clock.at.date())
    site.post(data, f"{seed}.xml")
    yield {number.decode() for number in re.findall(rb"<item-id>(\w+)<", data)}
    for file in [*(site.folder / "customs/in").iterdir(), *(site.folder / "post/in").iterdir()]:
        file.unlink()


def exchange(site, gate):
    """Declarations out, answers back, raw bytes purged: every step is passed."""
    site.run(gate)
    for name in site.filed():
        said = site.folder / "customs/done" / name
        if not said.exists():
            said.touch()
            site.say(response("09", name.removesuffix(".xml")), name)
    site.run(gate)
    site.clock.at += AGE
    purge.purge(gate)


def test_a_clean_run_passes_every_named_step(site, mail, monkeypatch):
    passed = []
    with passing(monkeypatch, passed.append), site.gate() as gate:
        exchange(site, gate)
    assert set(NAMES) == {name for name in passed if not name.startswith("worker.")}
    assert told(site) == sorted(mail)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_and_nothing_twice(site, mail, monkeypatch, name):
    for times in (1, 2):
        with dying(monkeypatch, name, times), suppress(Killed), site.gate() as gate:
            exchange(site, gate)
    with site.gate() as gate:
        assert dumped(gate) == dumped(gate, then=recover), "the start-up found everything the first time"
        exchange(site, gate)
        assert len(site.filed()) == ITEMS - 1
        assert told(site) == sorted(mail), "each item is answered, once"
        assert {row["state"] for row in site.rows(gate, "filing")} == {"settled"}
        assert {row["state"] for row in site.rows(gate, "delivery")} == {"sent"}
        assert site.violations(gate) == []


def dumped(gate, then=lambda _: None):
    then(gate)
    with gate.journal.read() as conn:
        return dump(conn)


def told(site):
    return sorted(re.findall(r"<item-id>(\w+)</item-id>", site.answers()))
