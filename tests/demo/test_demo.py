"""`gateway demo` from outside: the whole exchange ends by itself, and the partners' own logs agree with the journal."""

import json
import subprocess
import sys

import pytest

ITEMS = 60


def gateway(*arguments, cwd):
    command = [sys.executable, "-c", "from gateway.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def played(folder):
    done = gateway("demo", "--items", ITEMS, "--seed", 7, "--json", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)["data"]


def test_every_item_is_somewhere(played):
    assert played["journal"]["items"] == ITEMS
    assert sum(played["journal"]["states"].values()) == ITEMS


def test_customs_received_each_filing_once(played):
    assert played["partners"]["customs"] == played["journal"]["filings"] > 0


def test_the_post_got_every_answer_that_the_journal_calls_sent(played):
    assert played["partners"]["post"] == played["journal"]["answers"] > 0


def test_customs_accepted_and_refused(played):
    assert {"cleared", "rejected"} <= played["journal"]["outcomes"].keys()
    assert played["rejected"]["filings"]


def test_the_state_stays_and_balances(played, folder):
    done = gateway("balance", "--config", played["settings"], cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("played")
def test_another_demonstration_begins_afresh_with_other_numbers(folder):
    done = gateway("demo", "--items", 20, "--seed", 8, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20  items received in 1 file" in done.stdout


@pytest.mark.usefixtures("played")
def test_a_message_of_ones_own_can_be_fed_even_from_the_last_demonstration(folder):
    (message,) = (folder / "gateway-demo" / "partners").rglob("ITMATT_*.xml")
    items = message.read_bytes().count(b"<item>")
    done = gateway("demo", "--feed", message, "--json", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["data"]["journal"]["items"] == items


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    done = gateway("demo", "--state", "mine", cwd=tmp_path)
    assert done.returncode != 0
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"
    assert "--state" in done.stderr
