"""`gateway audit`: sound, changed, cut off; and who did what."""

import json

import pytest
from sqlalchemy import delete, literal_column, text, update

from gateway.journal import audit
from gateway.journal.audit import Entry
from gateway.journal.schema import audit as table
from gateway.journal.store import open_journal
from gateway.runner.gates import load_settings, open_gate
from gateway.steps.watching import anchor
from tests.cli.test_state import configured

ROWS = 60


@pytest.fixture
def config(tmp_path):
    """A gateway with some audit rows, and the anchor of that moment."""
    folder = configured(tmp_path)
    with open_gate(load_settings(folder / "gateway.yaml")) as gate:
        with gate.journal.write() as conn:
            moves = [Entry("move", f"S{n}", "due", "done", "T") for n in range(ROWS - 1)]
            audit.append_many(conn, [*moves, Entry("release", "S7", "held", "accepted", "O:ana")])
        anchor.anchor(gate)
    return folder


@pytest.fixture
def ask(config, gateway):
    return lambda *words: gateway("audit", *words, "--config", config)


def tampered(config, *statements):
    journal = open_journal(config.parent / "state")
    with journal.write() as conn:
        for name in ("update", "delete"):
            conn.execute(text(f"drop trigger if exists audit_no_{name}"))
        for statement in statements:
            conn.execute(statement)
    journal.close()


def test_a_sound_trail(ask):
    said = ask("verify")
    assert said.code == 0, said.err
    assert said.out.startswith(f"{ROWS} rows, head ") and said.out.endswith("all fit\nsound\n")


def test_a_changed_row_is_named(config, ask):
    tampered(config, update(table).where(table.c.seq == 17).values(who="O:eve"))
    said = ask("verify")
    assert said.code == 1
    assert said.out.startswith("16 rows, head") and said.out.endswith("NOT SOUND\n")
    assert "INT904" in said.err and "row 17" in said.err


def test_a_cut_off_tail_is_shorter_than_the_anchor(config, ask):
    tampered(config, delete(table).where(table.c.seq > 50))
    said = ask("verify", "--json")
    data = json.loads(said.out)
    assert said.code == 1 and data["data"]["misfits"][0]["what"] == "shorter"
    (found,) = data["findings"]
    assert found["code"] == "INT956" and "50 rows, but had 60" in found["message"]


def test_an_anchor_that_lies_elsewhere_counts_too(config, ask, tmp_path):
    own = config.parent / "state/audit.anchors"
    (tmp_path / "vault").write_bytes(own.read_bytes())
    own.unlink()
    tampered(config, delete(table).where(table.c.seq > 50))
    assert "no anchors" in ask("verify").out
    assert ask("verify", "--anchors", tmp_path / "vault").code == 1


@pytest.mark.parametrize("edit", ["{} ", "{}\r", " {}"])
def test_anchors_with_white_space_about_them_are_anchors(config, ask, edit):
    own = config.parent / "state/audit.anchors"
    own.write_text("".join(edit.format(line) + "\n" for line in own.read_text().splitlines()))
    assert "1 anchor" in ask("verify").out
    tampered(config, delete(table).where(table.c.seq > 50))
    assert ask("verify").code == 1


def test_a_file_that_holds_no_anchor_proves_nothing(ask, tmp_path):
    (tmp_path / "empty").touch()
    said = ask("verify", "--anchors", tmp_path / "empty")
    assert said.code == 2 and "holds no anchor" in said.err
    (tmp_path / "passwd").write_text("root:x:0:0:root:/root:/bin/bash\n")
    said = ask("verify", "--anchors", tmp_path / "passwd")
    assert said.code not in (0, 1) and "passwd:1 is no anchor" in said.err and "sound" not in said.out.lower()


def test_lines_that_a_crash_left_are_said(config, ask):
    own = config.parent / "state/audit.anchors"
    own.write_bytes(own.read_bytes()[:30] + b"\n" + own.read_bytes())
    said = ask("verify")
    assert said.code == 0 and "audit.anchors: 1 line cut off" in said.out
    assert json.loads(ask("verify", "--json").out)["data"]["torn"] == 1


@pytest.mark.parametrize("edit", [{"mac": "'text'"}, {"at": "5"}, {"who": "x'ff'"}, {"mac": "x''"}])
def test_whatever_was_left_in_a_row_it_is_named(config, ask, edit):
    values = {name: literal_column(value) for name, value in edit.items()}
    tampered(config, update(table).where(table.c.seq == ROWS).values(values))
    said = ask("verify")
    assert said.code == 1 and f"row {ROWS}" in said.err and said.out.endswith("NOT SOUND\n"), said.err


def test_quick_begins_at_the_newest_anchor(config, ask):
    tampered(config, update(table).where(table.c.seq == 17).values(who="O:eve"))
    assert ask("verify", "--quick").code == 0
    assert ask("verify").code == 1


def test_what_people_did_is_listed(ask):
    said = ask("list", "--people")
    assert said.out.count("\n") == 1 and "O:ana" in said.out and "held → accepted" in said.out
    assert ask("list", "--who", "ana").out == said.out
    assert ask("list", "--action", "move", "--limit", "3").out.count("\n") == 3


def test_what_was_done_to_one_subject_is_shown_in_its_order(ask):
    rows = json.loads(ask("show", "S7", "--json").out)["data"]["rows"]
    assert [row["action"] for row in rows] == ["move", "release"]
    assert "nothing found" in ask("show", "S700").err
