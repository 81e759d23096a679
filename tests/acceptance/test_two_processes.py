"""The gateway as two processes on one state folder: the mover with keys and network, the core with neither."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter

import pytest

from tests.acceptance.daemon import ITEM, PATIENCE, Books, balanced, command, gateway, received, running, until

MODULES = """
import sys, pathlib
from gateway.runner.local import run
run(pathlib.Path(sys.argv[1]), until_quiet=True, roles=("mover",))
print(*sorted(name for name in sys.modules if name.partition(".")[0] in ("lxml", "python_calamine", "adapters")))
"""
MOVER, CORE = ("--role", "mover"), ("--role", "core")


def filed(scene):
    """How often each parcel reached customs, by customs' own log."""
    return Counter(ITEM.search(scene.customs.read(receipt))[1] for receipt in scene.customs.receipts())


def is_over(scene):
    """All that customs said has come in, and what it says has gone out."""
    books = Books(scene.settings)
    return sum(books.count("decision").values()) == len(scene.customs.replies()) and not books.moving()


def quiet(scene):
    until(lambda: is_over(scene), moves=Books(scene.settings).steps)


def test_a_whole_exchange_by_two_processes(scene, mail):
    with running(scene.settings, *MOVER), running(scene.settings, *CORE):
        scene.post.publish("a.xml", mail(10))
        received(scene, 10)
        quiet(scene)
    assert set(filed(scene).values()) == {1}
    assert sum(scene.post.answers().values()) == Books(scene.settings).count("decision")["answered"]
    assert balanced(scene.settings)


def test_either_may_be_killed_at_any_time(scene, mail):
    """The one goes on while the other is away; what was in hand is taken up again, once."""
    lives = [(MOVER, CORE), (CORE, MOVER)] * 2
    for number, (stays, dies) in enumerate(lives):
        with running(scene.settings, *stays) as one, running(scene.settings, *dies) as other:
            before = Books(scene.settings).steps()
            scene.post.publish(f"{number}.xml", mail(5, seed=100 + number))
            until(lambda: Books(scene.settings).steps() > before + 4 * number)  # noqa: B023
            other.process.kill()
            other.process.wait()
            assert one.runs
            one.process.kill()
            one.process.wait()
    with running(scene.settings, *MOVER), running(scene.settings, *CORE):
        received(scene, 5 * len(lives))
        quiet(scene)
    found = filed(scene)
    assert (len(found), set(found.values())) == (5 * len(lives), {1})
    assert balanced(scene.settings)


def test_a_role_is_held_once(scene):
    with running(scene.settings, *MOVER) as mover, running(scene.settings, *CORE) as core:
        for words, process, role in ((MOVER, mover, "mover"), (CORE, core, "core"), ((), mover, "mover")):
            second = gateway(scene.settings, "run", *words)
            assert second.returncode == 5
            assert f"process {process.process.pid} works on this state folder as its {role}" in second.stderr


def test_the_mover_loads_nothing_that_reads_messages(scene, mail):
    with running(scene.settings, *CORE):
        scene.post.publish("a.xml", mail(3))
        call = [sys.executable, "-c", MODULES, str(scene.settings)]
        for _ in range(2):  # fetches; then delivers what was made of it
            done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=120)
            assert (done.returncode, done.stdout) == (0, "\n"), done.stderr
            until(lambda: Books(scene.settings).count("delivery"), moves=Books(scene.settings).steps)
    assert len(scene.customs.receipts()) == 3


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="needs root and unshare")
@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")
def test_the_core_works_without_network_opens_no_socket_and_reads_no_key(scene, mail, tmp_path):
    calls = tmp_path / "calls"
    under = ("unshare", "-n", "strace", "-f", "-qq", "-o", str(calls), "-e", "trace=socket,openat,open")
    with running(scene.settings, *MOVER), running(scene.settings, *CORE, under=under) as core:
        scene.post.publish("a.xml", mail(3))
        received(scene, 3)
        quiet(scene)
        os.kill(int((scene.folder / "state/core.lock").read_text()), signal.SIGTERM)  # strace hands none on
        assert core.process.wait(PATIENCE) == 0
    said = calls.read_text(errors="replace")
    assert "journal.sqlite" in said, "the trace is of the core at work"
    assert [line for line in said.splitlines() if re.search(r"socket\((?!AF_UNIX)", line)] == []
    assert "credentials/" not in said
    assert balanced(scene.settings)


def test_each_half_ends_by_itself_with_once(scene, mail):
    scene.post.publish("a.xml", mail(2))
    for words in (MOVER, CORE, MOVER):
        done = subprocess.run(
            [*command(scene.settings, "run", "--once", *words)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
    until(lambda: len(scene.customs.receipts()) == 2)
