"""A short soak in every run; the long one is `make crash-matrix ARGS="--soak 1000"`."""

import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_nothing_is_lost_and_nothing_twice_when_the_daemon_is_killed(store):
    words = [sys.executable, "-m", "tests.crash", "--soak", "30", "--store", store, "--seed", "3"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert done.stdout.splitlines()[-1].startswith("lost 0, doubled 0, in doubt")
