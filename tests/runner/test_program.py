"""A program of the operator's: one text in, a time to end in, nothing of ours."""

import json
import time
from pathlib import Path

import pytest

from gateway.journal import anchors
from gateway.runner.program import ProgramFailed, hand_to
from gateway.steps.watching import anchor


@pytest.fixture
def program(tmp_path):
    def write(text):
        path = tmp_path / "program"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o700)
        return path

    return write


def test_it_gets_the_text_and_nothing_of_our_environment(program, tmp_path, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials/x")
    hand_to(program(f"cat > {tmp_path}/in; env > {tmp_path}/env; pwd > {tmp_path}/where"), b"one line\n")
    assert (tmp_path / "in").read_bytes() == b"one line\n"
    assert "CREDENTIALS" not in (tmp_path / "env").read_text()
    assert (tmp_path / "where").read_text() == "/\n"


@pytest.mark.parametrize(("text", "said"), [("exit 3", "code 3"), ("kill -9 $$", "code -9")])
def test_one_that_fails_is_told(program, text, said):
    with pytest.raises(ProgramFailed, match=said):
        hand_to(program(text), b"")


def test_one_that_is_missing_is_told(tmp_path):
    with pytest.raises(ProgramFailed, match="No such file"):
        hand_to(tmp_path / "gone", b"")


def _runs(process):
    """Not ended, and not dead with nobody to ask for it."""
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text().split()[2] != "Z"


def test_one_that_does_not_end_is_ended_with_its_children(program, tmp_path):
    with pytest.raises(ProgramFailed, match="had not ended"):
        hand_to(program(f"sleep 60 & echo $! > {tmp_path}/child; wait"), b"", seconds=0.5)
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not _runs(child):
            return
        time.sleep(0.05)
    pytest.fail("a child of the program goes on")


def test_it_takes_the_head_of_the_audit_trail(site, program, tmp_path):
    told = program(f"cat >> {tmp_path}/anchors")
    with site.gate() as gate:
        assert anchor.anchor(gate, lambda line: hand_to(told, line))
        (kept,) = anchors.read(anchor.place(gate.hub.settings))
    assert json.loads((tmp_path / "anchors").read_text())["head"] == kept.head
