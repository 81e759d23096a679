"""A journal is saved, lost and put back beside the spool of a later hour; a whole backup is put back elsewhere."""

import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from sqlalchemy import make_url

from gateway.journal.shelf import newest
from gateway.journal.sqlite import NAME
from gateway.runner import local
from gateway.runner.gates import load_settings, open_gate
from gateway.steps.ground.gate import Gate
from gateway.steps.recovering.start import recover, sweep
from tests import postgresql
from tests.crash.partners import Partner, clear, names_sent, once, repeated
from tests.crash.scenarios.commands import command
from tests.crash.scenarios.filing import exchange
from tests.crash.scenarios.grouped import in_company
from tests.crash.stage import Counts, Scenario
from tests.steps.company import groups, mail
from tests.steps.site import Site

MAIL = {f"{n}.xml": mail(2, n, faults={1: "gross-zero"}, reference=f"ITM{n}") for n in (1, 2, 3)}
WAIT = timedelta(minutes=11)  # longer than a parcel waits for others of its declaration


def _lay_grouped(site: Site) -> None:
    groups(site)
    _lay(site)


def _lay(site: Site) -> None:
    Partner(site.folder / "post").say("1.xml", MAIL["1.xml"])


def _saved_and_lost(site: Site, gate: Gate) -> None:
    """Saved between two messages."""
    gate.journal.close()
    if not (site.folder / "lost.once").exists():
        _exchange(site)
        if not (site.folder / "saved.once").exists():
            _save(site)
            once(site.folder, "saved")
        Partner(site.folder / "post").say("2.xml", MAIL["2.xml"])
        _exchange(site)
        once(site.folder, "lost")


def _save(site: Site) -> None:
    """A journal on a server is saved by its own means, before the rest."""
    if name := _database(site):
        postgresql.copy(name, "saved")
    for _ in range(2):
        command(site, "backup", str(site.folder / "saved"), "--with-configuration", "--keep", "1")


def _database(site: Site) -> str:
    """The name of the database with the journal; empty when it is a file."""
    journal = load_settings(site.folder / "config/gateway.yaml").gateway.journal
    return make_url(journal).database or "" if journal else ""


def _beside_the_spool(site: Site, gate: Gate) -> None:
    """The journal alone was lost."""
    _saved_and_lost(site, gate)
    tomorrow = _config(site, "tomorrow")
    if once(site.folder, "spool"):
        _spool(site, tomorrow.folder / "state")
    _afterwards(site, tomorrow)


def _whole(site: Site, gate: Gate) -> None:
    """All of it was lost, or a journal was put back by hand."""
    _saved_and_lost(site, gate)
    _elsewhere(site, site.folder / "saved")
    _by_hand(site, site.folder / "saved")


def _afterwards(site: Site, tomorrow: SimpleNamespace) -> None:
    """The gateway goes on with the restored journal; what was sent since is not sent again."""
    if not (site.folder / "restored.once").exists():
        assert command(tomorrow, "restore", str(site.folder / "saved"), "--keep-spool") in {0, 1}
        if command(tomorrow, "status") == 0 and not (tomorrow.folder / "state/restore.begun").exists():
            once(site.folder, "restored")
    with patch("gateway.cli.resuming.here", return_value=[]):  # nothing is amiss here, and to look takes long
        command(tomorrow, "resume", "deliveries")
    Partner(site.folder / "post").say("3.xml", MAIL["3.xml"])
    _exchange(site, tomorrow)
    local.run(tomorrow.folder / "config/gateway.yaml", once=True, roles=("mover",))


def _elsewhere(site: Site, saved: Path) -> None:
    """First from a backup that is damaged, then from one that is whole; in the end nothing of it is remembered."""
    elsewhere = _config(site, "elsewhere")
    broken = shutil.copytree(newest(saved), site.folder / "broken", dirs_exist_ok=True)
    spoilt = next(broken.glob("spool/in/*/*.raw"))
    spoilt.write_bytes(spoilt.read_bytes()[::-1])  # as long as before
    command(elsewhere, "restore", str(broken))
    command(elsewhere, "backup", str(broken), "--verify")
    command(elsewhere, "restore", str(saved))
    with open_gate(load_settings(elsewhere.folder / "config/gateway.yaml"), site.clock):
        pass


def _by_hand(site: Site, saved: Path) -> None:
    """Nobody said that the journal is an older one: the gateway finds out; much later it forgets what it learned."""
    found = _config(site, "by-hand")
    if once(site.folder, "by-hand"):
        _spool(site, found.folder / "state")
        for journal in newest(saved).glob(NAME):
            shutil.copy(journal, found.folder / "state")
    with open_gate(load_settings(found.folder / "config/gateway.yaml"), site.clock) as gate:
        recover(gate)
        now, site.clock.at = site.clock.at, site.clock.at.replace(year=site.clock.at.year + 2)
        sweep(gate)
        site.clock.at = now


def _exchange(site: Site, of: Site | SimpleNamespace | None = None) -> None:
    """What there is to do, by the gateway of this site or of another state folder."""
    with open_gate(load_settings((of or site).folder / "config/gateway.yaml"), site.clock) as gate:
        recover(gate)
        exchange(site, lambda: in_company(site, gate, WAIT), lambda customs: clear(customs, site.clock.at))


def _config(site: Site, name: str) -> SimpleNamespace:
    """The same gateway with another state folder, and with a database that was put back from the one that was saved."""
    folder = site.folder / name
    shutil.copytree(site.folder / "config", folder / "config", dirs_exist_ok=True)
    if database := _database(site):
        restored = postgresql.copy(database, name.replace("-", "_"), of=f"{database}_saved")
        file = folder / "config/gateway.yaml"
        file.write_text(file.read_text().replace(database, restored))
    return SimpleNamespace(folder=folder, clock=site.clock)


def _spool(site: Site, state: Path) -> None:
    """Today's, without its journal."""
    for name in ("spool", "logbook", "rulesets"):
        shutil.copytree(site.folder / "state" / name, state / name, dirs_exist_ok=True)
    for key in (site.folder / "state").glob("*.key"):
        shutil.copy(key, state / key.name)


def _count(site: Site) -> Counts:
    """The sound parcel of each message is declared once; a sender may be told the same twice."""
    filed, wanted = names_sent(Partner(site.folder / "customs")), len(list(site.folder.glob("post/said/*.xml")))
    return Counts([] if len(filed) >= wanted else [f"{wanted - len(filed)} declarations"], repeated(filed))


SCENARIOS = (
    Scenario("restored", _lay, _beside_the_spool, _count),
    Scenario("put-back", _lay, _whole, _count),
    Scenario("restored-groups", _lay_grouped, _beside_the_spool, _count),
)
