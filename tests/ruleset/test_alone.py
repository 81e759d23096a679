"""An archived ruleset stands alone: what is installed later, by an upgrade in between, says nothing in it."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from gateway.checks import lists
from gateway.mapping import registry
from gateway.mapping.registry import Registry, shipped
from gateway.runner import gates as runner_gates
from gateway.steps.ground import gate as gates
from gateway.steps.ground import source
from gateway.steps.reading import intake
from gateway.steps.working import translation
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

TABLE = "upu/itmatt-1.5.yaml"
ORIGIN, DESTINATION = (re.compile(rf"^ +{word}-operator: .*\n", re.MULTILINE) for word in ("origin", "destination"))


def fresh(roots, *, whole=False):
    return Registry([Path(root) for root in roots], whole=whole)


@pytest.fixture
def upgrade(tmp_path, monkeypatch):
    """Puts another package in the place of the installed one, as an upgrade does."""
    for module in (translation, gates):
        monkeypatch.setattr(module, "registry_for", fresh)
    later = shutil.copytree(shipped(), tmp_path / "later")

    def do():
        for module in (registry, runner_gates):
            monkeypatch.setattr(module, "shipped", lambda: later)
        monkeypatch.setattr(lists, "folder", lambda: later / "codes")
        return later

    return do


def test_a_table_that_only_the_upgrade_brings_is_none_of_an_archived_ruleset(tmp_path, upgrade):
    site = Site(tmp_path / "site")
    with site.gate() as gate:
        before, ruleset = gate.registry(gate.ruleset).names(), gate.ruleset
    later = upgrade()
    (later / "upu/later-1.yaml").write_text((later / TABLE).read_text().replace("upu/itmatt-1.5", "upu/later-1"))
    (later / TABLE).unlink()
    with site.gate() as gate:
        assert gate.registry(ruleset).names() == before
        assert "upu/later-1" in gate.registry(gate.ruleset).names() and gate.ruleset != ruleset
        assert gate.registry(ruleset).format("upu/itmatt-1.5", date(2026, 9, 14)).plan.name == "upu/itmatt-1.5"


def test_a_list_that_only_the_upgrade_brings_is_none_of_an_archived_ruleset(tmp_path, upgrade):
    site = Site(tmp_path / "site")
    with site.gate() as gate:
        ruleset = gate.ruleset
    later = upgrade()
    (later / "codes/customs/uk/later.csv").write_text("# later, 2026-09-14\ncode\nA\n")
    with site.gate() as gate:
        assert list(lists.among(gate.registry(gate.ruleset).roots)("customs/uk/later"))
        with pytest.raises(LookupError):
            list(lists.among(gate.registry(ruleset).roots)("customs/uk/later"))


def test_a_file_in_flight_is_read_and_filed_by_the_tables_it_was_taken_up_under(tmp_path, upgrade):
    site = Site(tmp_path / "site")
    with site.gate() as gate:
        site.post(itmatt(2))
        site.poll(gate)
        intake.intake(gate)
        (file,) = site.rows(gate, "file")
    later = upgrade()
    text = (later / TABLE).read_text()
    row = DESTINATION.search(text)[0]
    (later / TABLE).write_text(ORIGIN.sub("", text).replace(row, row.replace("destination_", "origin_")))
    with site.gate() as gate:
        assert gate.ruleset != file["ruleset"]
        site.run(gate)
        assert site.states(gate) == {"accepted": 2} and len(site.filed()) == 2
        assert said(site, gate) == ["GBA", "GBA"]
        site.post(itmatt(1, 5, reference="ITM5"), "b.xml")
        site.run(gate)
        assert said(site, gate) == ["GBA", "GBA", None], "what comes later is read by the new tables"


def said(site, gate):
    """The destination operator of every item, as it was understood."""
    ids = site.ids(gate, "item")
    with gate.journal.read() as conn:
        records = [source.record_of(gate, conn, source.item_row(conn, one)) for one in ids]
    return [record.destination_operator for record in records]
