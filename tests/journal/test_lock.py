import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gateway.findings.errors import StateLocked
from gateway.journal.lock import LockLost, hold_lock, hold_locks
from gateway.journal.lock import holder as process_of

HOLDER = """
import sys
import threading
from pathlib import Path
from gateway.journal.lock import LockLost, hold_lock, hold_locks
with hold_lock(Path(sys.argv[1]), "core"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(state_dir):
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(state_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.communicate()


def test_a_second_gateway_is_told_which_process_works_here(holder, state_dir):
    with pytest.raises(StateLocked, match=f"process {holder.pid} "), hold_lock(state_dir, "core"):
        pass


def test_the_lock_goes_with_the_process(holder, state_dir):
    holder.kill()
    holder.wait()
    with hold_lock(state_dir, "core"):
        assert (state_dir / "core.lock").read_text() == str(os.getpid())


def test_roles_do_not_exclude_each_other(state_dir):
    with hold_lock(state_dir, "mover"), hold_lock(state_dir, "core"):
        assert {path.name for path in Path(state_dir).iterdir()} == {"mover.lock", "core.lock"}


def test_who_holds_it_is_told_without_taking_it(holder, state_dir):
    assert process_of(state_dir, "core") == holder.pid
    holder.kill()
    holder.wait()
    assert process_of(state_dir, "core") is None
    assert process_of(state_dir / "nowhere", "core") is None


def test_whoever_asks_who_is_at_work_keeps_no_gateway_from_its_start(state_dir):
    state_dir.mkdir()
    asking = os.open(state_dir / "core.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(asking, fcntl.LOCK_SH)
    threading.Timer(0.06, os.close, [asking]).start()
    with hold_lock(state_dir, "core"):
        assert process_of(state_dir, "core") == os.getpid()


def test_a_lock_that_was_removed_is_lost(state_dir):
    with hold_locks(state_dir, "mover", "core") as (mover, core):
        (state_dir / "core.lock").unlink()
        mover.check()
        with pytest.raises(LockLost, match="was removed or replaced"):
            core.check()
        (state_dir / "core.lock").write_text("1")
        with pytest.raises(LockLost, match="was removed or replaced"):
            core.check()
