"""Crash points: this process ends at the chosen one; what is written down names no parcel."""

import os
import signal
import subprocess
import sys

import pytest

ACTING = """
import sys
from gateway.findings.failpoint import effect, passing, passing_item
for name in sys.argv[1:]:
    with effect(name):
        passing(name, "commit")
        passing_item("RR123456785CN")
"""


def act(*names, **environment):
    done = subprocess.run([sys.executable, "-c", ACTING, *names], env={**os.environ, **environment}, check=False)
    return done.returncode


def test_without_a_choice_nothing_happens():
    assert act("pickup.keep", "deliver.sent") == 0


@pytest.mark.parametrize("moment", ["before", "commit", "after"])
def test_the_process_is_killed_at_the_chosen_point_the_chosen_time(moment):
    assert act("pickup.keep", GATEWAY_FAILPOINT=f"pickup.keep.{moment}:2") == 0
    assert act("pickup.keep", "pickup.keep", GATEWAY_FAILPOINT=f"pickup.keep.{moment}:2") == -signal.SIGKILL


def test_a_worker_is_killed_at_one_item():
    assert act("pickup.keep", GATEWAY_FAILPOINT="worker.item.RR123456785CN") == -signal.SIGKILL


def test_points_passed_are_written_down_without_the_number_of_an_item(tmp_path):
    log = tmp_path / "passed"
    act("pickup.keep", GATEWAY_FAILPOINT_LOG=str(log))
    assert log.read_text() == "pickup.keep.before\npickup.keep.commit\npickup.keep.after\n"


def test_what_raises_was_not_done(tmp_path):
    log = tmp_path / "passed"
    text = "from gateway.findings.failpoint import effect\nwith effect('a.b'): raise KeyError"
    environment = {**os.environ, "GATEWAY_FAILPOINT_LOG": str(log)}
    subprocess.run([sys.executable, "-c", text], env=environment, stderr=subprocess.DEVNULL, check=False)
    assert log.read_text() == "a.b.before\n"


def test_what_has_no_name_has_no_points(tmp_path):
    log = tmp_path / "passed"
    text = "from gateway.findings.failpoint import effect\nwith effect(''): pass"
    subprocess.run([sys.executable, "-c", text], env={**os.environ, "GATEWAY_FAILPOINT_LOG": str(log)}, check=True)
    assert not log.exists()
