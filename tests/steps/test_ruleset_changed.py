"""A file is read, filed and answered by the ruleset it was opened with, whatever is in force by then."""

import re

import pytest
from sqlalchemy import select

from gateway.findings.errors import ConfigurationInvalid, MappingInvalid
from gateway.journal.schema import audit
from gateway.runner.gates import pin
from gateway.runner.reload import renewed
from gateway.steps.ground.force import enforce, in_force
from gateway.steps.reading import intake
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

ITMATT, DOCUMENTS, STAGES = "upu/itmatt-1.5.yaml", "codes/upu/document-type.csv", "codes/upu/cusrsp-stage.csv"


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path, overlay=True)


def renew(gate):
    return renewed(gate, lambda settings: pin(gate.journal, gate.archive, settings))


def said(gate):
    with gate.journal.read() as conn:
        columns = (audit.c.action, audit.c.subject, audit.c.before, audit.c.after)
        return [
            tuple(row)
            for row in conn.execute(select(*columns).where(columns[1].in_(("ruleset", "reload"))).order_by(audit.c.seq))
        ]


def force(gate):
    with gate.journal.write() as conn:
        enforce(conn, gate.ruleset, "T", "start")


def test_what_is_in_force_is_said_once_for_each_change(site):
    with site.gate() as gate:
        force(gate)
        force(gate)
        site.shadow_table(DOCUMENTS, "N380", "N325")
        after = renew(gate)
        with gate.journal.read() as conn:
            assert in_force(conn) == after.ruleset != gate.ruleset
        assert said(gate) == [
            ("start", "ruleset", None, gate.ruleset),
            ("reload", "ruleset", gate.ruleset, after.ruleset),
        ]


def test_a_file_that_was_opened_is_read_by_its_ruleset_and_the_next_by_the_new_one(site):
    with site.gate() as gate:
        site.post(itmatt(2), "a.xml")
        site.poll(gate)
        intake.intake(gate)
        site.shadow_table(DOCUMENTS, "N380", "N325")
        after = renew(gate)
        site.post(itmatt(2, seed=9), "b.xml")
        site.run(after)
        found = {row["name"]: row["ruleset"] for row in site.rows(after, "file")}
        assert found == {b"a.xml": gate.ruleset, b"b.xml": after.ruleset}
        files = {row["id"]: row["ruleset"] for row in site.rows(after, "file")}
        items = {row["id"]: row for row in site.rows(after, "item")}
        assert all(row["ruleset"] == files[row["file"]] for row in items.values())
        assert all(row["ruleset"] == items[row["item"]]["ruleset"] for row in site.rows(after, "filing"))


def test_an_opened_file_is_filed_with_the_filer_of_its_ruleset(site):
    with site.gate() as gate:
        site.post(itmatt(1), "a.xml")
        site.poll(gate)
        intake.intake(gate)
        site.change("partners/uk-customs.yaml", "lrn-prefix: GW1", "lrn-prefix: NEW")
        after = renew(gate)
        site.post(itmatt(1, seed=9), "b.xml")
        site.run(after)
        assert sorted(row["lrn"][:3] for row in site.rows(after, "filing")) == ["GW1", "NEW"]


def test_an_item_is_answered_by_the_ruleset_it_was_read_with(site):
    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "gross-zero"}), "a.xml")
        site.poll(gate)
        intake.intake(gate)
    site.shadow_table(STAGES, "advance,advance,yes", "early,advance,yes")
    with site.gate() as gate:
        site.post(itmatt(1, seed=9, faults={1: "gross-zero"}), "b.xml")
        site.run(gate)
        assert sorted(re.findall("<stage>(.*?)<", site.answers())) == ["advance", "early"]


def test_an_answer_that_its_ruleset_cannot_write_is_written_by_the_one_in_force(site):
    site.shadow_table(STAGES, "advance,advance,yes", "advance,nothing,yes")
    with site.gate() as gate:
        site.post(itmatt(1, faults={1: "gross-zero"}), "a.xml")
        site.run(gate)
        assert site.answers() == "" and "RSP702" in site.codes(gate)
    (site.folder / "overlay" / STAGES).unlink()
    with site.gate() as gate:
        site.run(gate)
        assert "<stage>advance<" in site.answers()


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        ("routes.yaml", "default: hold", "default: warn", ConfigurationInvalid),
        ("gateway.yaml", "raw: 90d", "raw: 80d", ConfigurationInvalid),
        ("partners/example-post.yaml", "every: 1s", "every: 2s", ConfigurationInvalid),
        ("routes.yaml", "uk-customs", "uk-custom", ConfigurationInvalid),
    ],
)
def test_what_a_daemon_keeps_from_its_start_is_not_taken_up(site, name, old, new, error):
    with site.gate() as gate:
        force(gate)
        site.change(name, old, new)
        with pytest.raises(error):
            renew(gate)
        assert said(gate)[1:] == [("refuse", "reload", gate.ruleset, error.__name__)]


@pytest.mark.parametrize(
    ("name", "old", "new"), [(ITMATT, "check: s10", "chek: s10"), (DOCUMENTS, "LI,LI,", "IV,N380,")]
)
def test_a_table_or_list_with_a_fault_is_not_taken_up(site, name, old, new):
    with site.gate() as gate:
        force(gate)
        site.shadow_table(name, old, new)
        with pytest.raises(MappingInvalid):
            renew(gate)
        with gate.journal.read() as conn:
            assert in_force(conn) == gate.ruleset
