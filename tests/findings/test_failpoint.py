"""Crash points: this process ends at the chosen one, and what is written down names no parcel."""

import os
import signal
import subprocess
import sys

PASSING = "import sys; from gateway.findings.failpoint import failpoint; [failpoint(name) for name in sys.argv[1:]]"


def passing(*names, **environment):
    return subprocess.run(
        [sys.executable, "-c", PASSING, *names], env={**os.environ, **environment}, check=False
    ).returncode


def test_without_a_choice_nothing_happens():
    assert passing("pickup.raw", "deliver.sent") == 0


def test_the_process_is_killed_at_the_chosen_point_the_chosen_time():
    assert passing("pickup.raw", GATEWAY_FAILPOINT="pickup.raw:2") == 0
    assert passing("pickup.raw", "pickup.raw", GATEWAY_FAILPOINT="pickup.raw:2") == -signal.SIGKILL


def test_points_passed_are_written_down_without_the_number_of_an_item(tmp_path):
    log = tmp_path / "passed"
    passing("pickup.raw", "worker.item.RR123456785CN", "deliver.sent", GATEWAY_FAILPOINT_LOG=str(log))
    assert log.read_text() == "pickup.raw\ndeliver.sent\n"
