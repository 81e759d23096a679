"""Row 5, disks: full of bytes, out of inodes, read-only, failing to sync; ours and the partner's.

Nothing is acknowledged that is not durable, a write that was refused is never taken for done, and as soon as the disk
is well everything goes on by itself. A commit that failed is unknown until it is read: `tests/journal/test_store.py`.
"""

import errno
import hashlib
import shutil
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.demo.folder import Folder
from gateway.findings.errors import GatewayError
from gateway.runner.core import Core
from tests.faults.disks import TROUBLES, small_disk
from tests.faults.far import PATIENT, attempt, deliver, far, odd, queue
from tests.steps.hands import Hands
from tests.steps.test_exchange import itmatt

FILES = 3


@pytest.fixture(autouse=True, scope="module")
def compiled_once():
    """Not here: the tables of a site go with the disk that they lie on."""


def post(site):
    for number in range(FILES):
        site.post(itmatt(2, number, reference=f"ITM{number}"), f"{number}.xml")


def laid_out(site):
    return {file.name for file in (site.folder / "post/out").iterdir()}


def all_there(site, gate):
    """Every file is still at the partner, or ours: in the journal, and its bytes in the spool."""
    rows = [row for row in site.rows(gate, "file") if row["state"] in ("received", "read")]
    with gate.journal.read() as conn:
        held = {row["name"].decode(): gate.blobs.read(conn, row["blob"]) for row in rows}
    assert {name: hashlib.sha256(data).hexdigest() for name, data in held.items()} == {
        row["name"].decode(): row["sha256"] for row in rows
    }
    assert laid_out(site) | set(held) == {f"{number}.xml" for number in range(FILES)}


def goes_on(site):
    """After a start on a disk that is well again everything is filed, once."""
    site.clock.at += timedelta(hours=1)
    with site.gate() as gate:
        site.run(gate)
        all_there(site, gate)
        assert site.states(gate) == {"accepted": 2 * FILES} and len(site.filed()) == 2 * FILES
        assert site.violations(gate) == []


class Life:
    """A gateway's own loop, turn by turn. What goes wrong in it rests and is tried again."""

    def __init__(self, site, gate):
        self.site, self.gate = site, gate
        self.core = Core(gate, Hands(), lambda: None)

    def turn(self, *acts):
        for act in acts or (self.site.poll, self.site.deliver):
            with suppress(GatewayError, OSError):
                act(self.gate)
        self.core.turn(0, flush=True)
        self.site.clock.at += timedelta(minutes=2)  # longer than any rest of a step


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("when", ["before anything came in", "before it is read"])
def test_while_our_disk_takes_nothing_nothing_is_acknowledged_and_then_all_goes_on(site, when, trouble):
    state = site.folder / "state"
    with small_disk(state):
        with site.gate() as gate:
            life = Life(site, gate)
            post(site)
            if when == "before it is read":
                site.poll(gate)
            gate.journal.close()  # its connections are opened again when they are wanted
            with TROUBLES[trouble](state):
                for _ in range(3):
                    life.turn()
                    all_there(site, gate)
                assert site.states(gate) == {} and site.filed() == {}
            for _ in range(6):
                life.turn()
            found = [site.states(gate, table) for table in ("item", "filing", "delivery")]
            assert found[0] == {"accepted": 2 * FILES} and len(site.filed()) == 2 * FILES, found
        goes_on(site)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_while_the_partners_disk_takes_nothing_nothing_counts_as_sent_and_then_all_goes_out(site, trouble):
    customs = site.folder / "customs"
    with small_disk(customs), site.gate() as gate, far(site, "customs") as server:
        queue(site, gate, FILES)
        with TROUBLES[trouble](customs):
            for _ in range(2):
                attempt(site, lambda wire: deliver(site, gate, wire), server, 0, PATIENT)
                assert site.states(gate, "delivery") == {"queued": FILES}
            assert site.codes(gate, "delivery") <= {"DLV611", "DLV612", "DLV618"} and site.filed() == {}
        assert attempt(site, lambda wire: deliver(site, gate, wire), server, 0, PATIENT) == ""
        assert site.states(gate, "delivery") == {"sent": FILES} and site.violations(gate) == []
        sent = {row["final_name"]: row["sha256"] for row in site.rows(gate, "delivery")}
        assert {name: hashlib.sha256(data).hexdigest() for name, data in site.filed().items()} == sent


class Quota(Folder):
    """Takes as many bytes as the account may have, and no more."""

    left = 0

    def _write(self, fields):
        if type(self).left <= 0:
            raise OSError(errno.EDQUOT, "Disk quota exceeded")
        type(self).left -= 1
        return super()._write(fields)


def test_an_account_whose_quota_is_used_up_is_told_and_gets_the_rest_later(site):
    Quota.left = 2
    with site.gate() as gate, odd(site, "customs", Quota) as server:
        queue(site, gate, 4)
        attempt(site, lambda wire: deliver(site, gate, wire), server, 0, PATIENT)
        assert site.states(gate, "delivery") == {"sent": 2, "queued": 2} and site.codes(gate, "delivery") == {"DLV612"}
        Quota.left = 100
        assert attempt(site, lambda wire: deliver(site, gate, wire), server, 0, PATIENT) == ""
        assert site.states(gate, "delivery") == {"sent": 4} and len(site.filed()) == 4


def strace(site, *inject):
    """A life of the gateway in which system calls fail; it ends when nothing can be done any more."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("needs strace")
    calls = [word for one in inject for word in ("-e", f"inject={one}")]
    life = [sys.executable, "-m", "tests.faults.life", str(site.folder)]
    done = subprocess.run([found, "-f", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", *calls, *life],
                          capture_output=True, text=True, check=False, cwd=Path.cwd())  # fmt: skip
    if "ptrace" in done.stderr.lower():
        pytest.skip("strace may not trace here (ptrace)")
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(("call", "number"), [("fsync", 1), ("fsync", 6), ("fdatasync", 3)])
def test_while_the_disk_fails_to_sync_nothing_is_acknowledged_and_then_all_goes_on(site, call, number):
    with site.gate():
        post(site)  # the journal is there before anything fails
    said = strace(site, f"{call}:error=EIO:when={number}+")
    assert said, "some step was told of it"
    with site.gate() as gate:
        all_there(site, gate)
    goes_on(site)
