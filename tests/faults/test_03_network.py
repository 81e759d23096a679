"""Row 3, the network: a line that is cut, reset, stalled, damaged or dripping at every k-th byte of a conversation.

After a fault the next attempt settles what it left: nothing is lost, nothing arrives twice, nothing arrives wrong.
"""

import ctypes
import hashlib
import shutil
import subprocess
from collections import Counter
from contextlib import contextmanager

import pytest

from gateway.demo.folder import Folder
from tests.faultproxy import FaultProxy
from tests.faults.far import (
    BRIEF,
    HASTY,
    PATIENT,
    SETTLED,
    alone,
    attempt,
    deliver,
    far,
    line_to,
    odd,
    places,
    poll,
    queue,
)
from tests.steps.test_exchange import itmatt
from tests.transport.partner import Taker

PLACES = {"cut": (7, 10), "reset": (4, 8), "flip": (6, 5), "stall": (2, 4), "drip": (2, 3)}
"""Of each fault: at how many bytes of the whole conversation, and of its last 400, in both ways."""


def cases(kind, lengths):
    return [(way, at) for way in ("up", "down") for at in places(lengths[way], *PLACES[kind])]


def through(site, act, server, way="up", at=0, kind="none"):
    """Attempts until one goes well, at most two; gives how many, and the bytes of both ways."""
    first = HASTY if kind in ("stall", "drip", "flip") else PATIENT
    with FaultProxy(server.port, way, at, kind) as proxy:
        for number, timeouts in enumerate((first, PATIENT), 1):
            if not (end := attempt(site, act, server, proxy.port, timeouts, BRIEF)):
                return number, dict(proxy.seen)
    raise AssertionError(f"{kind} {way} {at}: {end}")


@pytest.mark.parametrize("kind", PLACES)
def test_a_delivery_arrives_once_and_whole_wherever_its_line_is_spoilt(site, kind):
    with site.gate() as gate, far(site, "customs") as server, Taker(site.folder / "customs") as taker:
        queued = iter(queue(site, gate, 2 * sum(PLACES[kind]) + 12))

        def one(*fault):
            alone(gate, next(queued))
            return through(site, lambda wire: deliver(site, gate, wire), server, *fault)

        _, lengths = one()
        spoilt = cases(kind, lengths)
        met = 0
        for number, (way, at) in enumerate(spoilt, 2):
            met += one(way, at, kind)[0] - 1
            assert sum(site.states(gate, "delivery").get(state, 0) for state in SETTLED) == number, (kind, way, at)
        assert met > len(spoilt) // 3, "the faults were met"
        sent = {row["final_name"]: row["sha256"] for row in site.rows(gate, "delivery") if row["state"] in SETTLED}
        assert site.violations(gate) == []
    arrived = Counter(name for name, _ in taker.arrivals)
    assert arrived == dict.fromkeys(sent, 1)
    assert {name: hashlib.sha256(content).hexdigest() for name, content in taker.arrivals} == sent


@pytest.mark.parametrize("kind", PLACES)
def test_a_file_is_taken_in_once_and_whole_wherever_its_line_is_spoilt(site, kind):
    with site.gate() as gate, far(site, "post") as server:

        def one(number, *fault):
            site.post(itmatt(1, number, reference=f"ITM{number}"), f"{number}.xml")
            return through(site, lambda wire: poll(site, gate, wire), server, *fault)

        _, lengths = one(1)
        spoilt = cases(kind, lengths)
        met = 0
        for number, (way, at) in enumerate(spoilt, 2):
            met += one(number, way, at, kind)[0] - 1
            assert site.states(gate, "file") == {"received": number}, (kind, way, at)
        assert met > len(spoilt) // 3, "the faults were met"
        with line_to(server) as wire:
            poll(site, gate, wire)  # where the line went while a file was put away, that is done now
        assert not list((site.folder / "post/out").iterdir())
        done = {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (site.folder / "post/done").iterdir()
        }
        assert {row["name"].decode(): row["sha256"] for row in site.rows(gate, "file")} == done
        site.run(gate)
        assert site.states(gate) == {"accepted": len(spoilt) + 1} and site.violations(gate) == []


class TellsNothing(Folder):
    """Renames, and never says so."""

    renamed = 0

    def _rename(self, fields):
        super()._rename(fields)
        type(self).renamed += 1
        raise EOFError  # ends the conversation


@pytest.mark.parametrize(("taken", "state"), [(False, "sent"), (True, "unconfirmed")])
def test_an_answer_to_the_rename_that_is_lost_sends_nothing_twice(stored, taken, state):
    site, TellsNothing.renamed = stored, 0
    with site.gate() as gate, odd(site, "customs", TellsNothing) as server:
        queue(site, gate, 1)
        assert attempt(site, lambda wire: deliver(site, gate, wire), server, server.port, HASTY)
        ((name, content),) = site.filed().items()
        if taken:
            (site.folder / "customs/in" / name).unlink()
        assert attempt(site, lambda wire: deliver(site, gate, wire), server, server.port, PATIENT) == ""
        assert site.states(gate, "delivery") == {state: 1} and TellsNothing.renamed == 1
        assert site.filed() == ({} if taken else {name: content}) and site.violations(gate) == []


CLONE_NEWNET = 0x40000000  # sched.h


@contextmanager
def own_network():
    """This thread, and whatever it starts, alone on a loopback of its own."""
    if not shutil.which("iptables"):
        pytest.skip("needs iptables")
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net") as before:  # noqa: PTH123  # the descriptor is what counts
        if libc.unshare(CLONE_NEWNET):
            pytest.skip("needs the right to a network of its own (CAP_SYS_ADMIN)")
        try:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            yield
        finally:
            assert libc.setns(before.fileno(), CLONE_NEWNET) == 0


def packets(*rule):
    """A rule for all packets that come in. What the kernel cannot do is skipped."""
    done = subprocess.run(["iptables", *rule], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"iptables cannot do this here: {done.stderr.splitlines()[-1]}")


def test_packets_that_are_lost_at_random_only_take_time(site):
    with own_network(), site.gate() as gate, far(site, "customs") as server:
        queue(site, gate, 3)
        packets("-A", "INPUT", "-m", "statistic", "--mode", "random", "--probability", "0.04", "-j", "DROP")
        assert attempt(site, lambda wire: deliver(site, gate, wire), server, server.port, PATIENT) == ""
        assert site.states(gate, "delivery") == {"sent": 3} and len(site.filed()) == 3


@pytest.mark.parametrize("after", [1_500, 3_500, 5_500, 6_500])
def test_a_line_that_falls_into_a_black_hole_ends_by_its_deadline_and_is_settled_by_the_next(site, after):
    counted = ("--connbytes", f"{after}:", "--connbytes-dir", "both", "--connbytes-mode", "bytes")
    with own_network(), site.gate() as gate, far(site, "customs") as server:
        queue(site, gate, 3)
        packets("-A", "INPUT", "-m", "connbytes", *counted, "-j", "DROP")
        assert attempt(site, lambda wire: deliver(site, gate, wire), server, server.port, HASTY) == "PartnerUnreachable"
        packets("-F", "INPUT")
        assert attempt(site, lambda wire: deliver(site, gate, wire), server, server.port, PATIENT) == ""
        assert site.states(gate, "delivery") == {"sent": 3} and len(site.filed()) == 3
        assert site.violations(gate) == []
