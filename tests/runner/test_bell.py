"""A bell: heard from threads and other processes; one that nobody hears does no harm."""

import stat
import subprocess
import sys
import threading
import time

import pytest

from gateway.runner.bell import Bell, ring

LONG = 60.0
RING = "import sys; from pathlib import Path; from gateway.runner.bell import ring; ring(Path(sys.argv[1]))"


@pytest.fixture(params=["pipe", "fifo"])
def bell(request, tmp_path):
    made = Bell(tmp_path / "core.bell" if request.param == "fifo" else None)
    yield made
    made.close()


def woken(bell):
    """Whether a wait of a minute ends at once."""
    began = time.monotonic()
    bell.wait(LONG)
    return time.monotonic() - began < LONG


def test_it_wakes_who_waits(bell):
    threading.Timer(0.1, bell.ring).start()
    assert woken(bell)


def test_it_is_heard_afterwards_and_once(bell):
    bell.ring()
    bell.ring()
    assert woken(bell)
    began = time.monotonic()
    bell.wait(0.2)
    assert time.monotonic() - began >= 0.15


def test_ringing_never_waits_nor_fails(bell):
    for _ in range(70_000):  # more than a pipe holds
        bell.ring()
    bell.hush()
    bell.close()
    bell.ring()
    bell.close()


def test_another_process_rings(tmp_path):
    bell = Bell(tmp_path / "core.bell")
    subprocess.run([sys.executable, "-c", RING, str(tmp_path / "core.bell")], check=True)
    assert woken(bell)
    bell.close()


def test_where_nobody_listens_nobody_is_woken(tmp_path):
    ring(tmp_path / "core.bell")
    assert not (tmp_path / "core.bell").exists()
    Bell(tmp_path / "core.bell").close()
    ring(tmp_path / "core.bell")


def test_it_is_for_us_alone_and_outlives_its_process(tmp_path):
    for _ in range(2):
        Bell(tmp_path / "core.bell").close()
    mode = (tmp_path / "core.bell").stat().st_mode
    assert stat.S_ISFIFO(mode) and not mode & 0o077
