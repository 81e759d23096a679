"""What other tables would change, over the files that a gateway has received; which ruleset is in force."""

from pathlib import Path

import pytest

from gateway.mapping.registry import shipped
from tests.cli.copies import copied
from tests.cli.messages import itmatt, replaced
from tests.cli.test_mapping_diff import CARRIES, LIST
from tests.cli.test_state import configured


@pytest.fixture(scope="module")
def ran(tmp_path_factory, program):
    """A small gateway that has read a file of three items and refused another."""
    folder = tmp_path_factory.mktemp("gateway")
    config = configured(folder)
    settings = config / "gateway.yaml"
    settings.write_text(settings.read_text().replace("/state,", "/state, mappings: ../tables,"))
    (folder / "tables").mkdir()
    (folder / "post/out/a.xml").write_text(itmatt(3, {2: CARRIES}))
    (folder / "post/out/b.xml").write_text("not XML at all")
    assert program(folder, "run", "--once", "--config", config).code == 0
    return folder


@pytest.fixture
def site(ran, tmp_path, gateway):
    """A copy, its tables, and a way to ask it."""
    return copied(gateway, ran, tmp_path, "state", "tables")


def edit(folder, name=LIST, old="N380", new="N325"):
    target = folder / "tables" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    text = (Path(shipped()) / name).read_text()
    assert old in text
    target.write_text(text.replace(old, new))


def in_force(site):
    return site("status", "--json").json["data"]["ruleset"]["in_force"]


def test_nothing_would_change_while_the_disk_is_as_it_was(site):
    said = site("mapping", "diff", "in-force", "disk", "--journal")
    assert said.code == 0
    assert "3 items of 2 files, 0 would differ" in said.out


def test_a_changed_row_shows_in_records_and_declarations(site, tmp_path):
    edit(tmp_path)
    data = site("mapping", "diff", "in-force", "disk", "--journal", "--json").json["data"]
    kinds = {(one["kind"], one["what"].rpartition("/")[2], one["changes"]) for one in data["changes"]}
    assert kinds == {("value", "documents.type", 1), ("output", "TypeCode", 1)}
    (example,) = data["changes"][0]["examples"]
    assert example["file"].startswith("a.xml (") and (example["before"], example["after"]) == ("N380", "N325")


def test_rulesets_are_named_by_their_first_digits(site, tmp_path):
    before = in_force(site)
    edit(tmp_path)
    said = site("mapping", "diff", before[:8], "disk", "--journal", "--json")
    assert said.json["data"]["old"] == before[:12]
    assert said.code == 1
    assert "no ruleset of this gateway" in site("mapping", "diff", "ffffffff", "disk", "--journal").err


def test_routes_and_words_of_the_configuration_count_for_files_as_if_they_came(site, tmp_path):
    edit(tmp_path)
    message = tmp_path / "c.xml"
    message.write_text(itmatt(2, {1: CARRIES, 2: replaced("<m33:number-of-units>2<", "<m33:number-of-units>0<")}))
    said = site("mapping", "diff", "in-force", "disk", message, "--from", "example-post.live", "--json")
    assert {one["kind"] for one in said.json["data"]["changes"]} == {"value", "output"}
    assert site("mapping", "diff", "in-force", "disk", message, "--from", "example-pots.live").code == 2


def test_an_item_that_would_be_held_otherwise_is_told(site, tmp_path):
    edit(tmp_path, "upu/itmatt-1.5.yaml", "{is: hs_code, check: hs,", "{is: hs_code, check: s10,")
    data = site("mapping", "diff", "in-force", "disk", "--journal", "--json").json["data"]
    changes = {(one["kind"], one["what"]) for one in data["changes"]}
    assert ("item", "filed → quarantined") in changes or ("item", "filed → held") in changes
    assert any(kind == "finding" and what.startswith("new SRC302") for kind, what in changes)


def test_status_says_when_the_disk_holds_other_tables(site, tmp_path):
    assert "on disk are others" not in site("status").out
    edit(tmp_path)
    said = site("status").out
    assert "on disk are others" in said
    assert "gateway mapping diff in-force disk --journal --config" in said
    assert "gateway reload --config" in said
