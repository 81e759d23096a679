"""`gateway backup`, `restore` and `resume deliveries`, as an operator types them."""

import shutil
from pathlib import Path

import pytest

from gateway.journal.lock import hold_locks
from gateway.journal.restore import BEGUN
from gateway.journal.sqlite import NAME
from tests.cli.copies import copied, ran_once


@pytest.fixture(scope="module")
def after_a_round(tmp_path_factory, program):
    folder = tmp_path_factory.mktemp("gateway")
    ran_once(program, folder, 2)
    return folder


@pytest.fixture
def site(after_a_round, tmp_path, gateway):
    """A copy, and a way to ask it."""
    ask = copied(gateway, after_a_round, tmp_path, "state", "post", "customs")
    ask.folder = tmp_path
    return ask


@pytest.fixture
def restored(site):
    assert site("backup", site.folder / "saved").code == 0
    for file in (site.folder / "state").glob(f"{NAME}*"):
        file.unlink()
    assert site("restore", site.folder / "saved", "--keep-spool").code == 0
    return site


def test_a_backup_is_made_looked_at_and_found_damaged(site):
    made = site("backup", site.folder / "saved", "--json").json["data"]
    assert made["missing"] == [] and made["files"] > 10
    assert site("backup", "--verify", site.folder / "saved").code == 0
    journal = Path(made["folder"]) / NAME
    journal.write_bytes(journal.read_bytes() + b"x")
    looked = site("backup", "--verify", site.folder / "saved", "--json")
    assert (looked.code, looked.json["data"]["damaged"]) == (1, [NAME])
    assert site("backup", "--verify", site.folder / "post").code == 1, "no backup"


def test_a_backup_that_was_looked_at_shares_nothing_damaged_with_the_next(site):
    first = Path(site("backup", site.folder / "saved", "--json").json["data"]["folder"])
    blob = next(first.glob("spool/in/*/*"))
    blob.write_bytes(blob.read_bytes()[::-1])
    assert site("backup", "--verify", first).code == 1
    site("backup", site.folder / "saved")
    assert site("backup", "--verify", site.folder / "saved").code == 0


def test_the_newest_of_every_gateway_is_looked_at_and_one_from_the_future_is_told(site):
    site("backup", site.folder / "saved")
    next((site.folder / "saved").glob("2*Z")).rename(site.folder / "saved/20991231T000000Z")
    settings = site.folder / "config/gateway.yaml"
    settings.write_text(settings.read_text().replace("id: GW1", "id: GW2"))
    made = site("backup", site.folder / "saved", "--keep", "1")
    assert "20991231T000000Z is named in the future" in made.err
    looked = site("backup", "--verify", site.folder / "saved", "--json").json["data"]
    assert looked["folder"] in made.out and [Path(one["folder"]).name for one in looked["others"]] == [
        "20991231T000000Z"
    ]


def test_a_backup_writes_no_tables_into_the_state_folder(site):
    """Its disk may be full."""
    archive = site.folder / "state/rulesets"
    shutil.rmtree(archive)
    assert site("backup", site.folder / "saved").code == 0 and not archive.exists()


def test_into_a_state_folder_in_use_nothing_is_restored(site):
    site("backup", site.folder / "saved")
    refused = site("restore", site.folder / "saved")
    assert refused.code == 1 and "not empty" in refused.err


def test_another_gateways_backup_is_not_restored(site):
    site("backup", site.folder / "saved")
    (site.folder / "state").rename(site.folder / "lost")
    settings = site.folder / "config/gateway.yaml"
    settings.write_text(settings.read_text().replace("id: GW1", "id: GW2"))
    refused = site("restore", site.folder / "saved")
    assert refused.code == 1 and "of gateway GW1" in refused.err and "of gateway GW2" in refused.err
    assert not (site.folder / "state" / BEGUN).exists()


def test_under_a_gateway_at_work_nothing_is_restored(site):
    site("backup", site.folder / "saved")
    with hold_locks(site.folder / "state", "core"):
        assert site("restore", site.folder / "saved").code == 5


def test_a_restore_that_was_cut_short_keeps_the_gateway_from_starting(site):
    (site.folder / "state" / BEGUN).touch()
    refused = site("run", "--once")
    assert refused.code == 1 and "`gateway restore` goes on" in refused.err


def test_deliveries_that_do_not_stand_still_are_not_resumed(site):
    assert site("resume", "deliveries").code == 2


def test_doctor_and_status_say_that_nothing_is_sent(restored):
    assert "gateway resume deliveries" in restored("doctor", "--offline").out


def test_deliveries_go_on_when_nothing_fails(restored):
    (restored.folder / "post/out").rename(restored.folder / "post/elsewhere")
    refused = restored("resume", "deliveries")
    assert refused.code == 1 and "nothing is sent yet" in refused.err
    assert "gateway resume deliveries" in restored("doctor", "--offline").out
    restored("pause", "example-post.live")
    assert restored("resume", "deliveries").code == 0
    assert "gateway resume deliveries" not in restored("doctor", "--offline").out
