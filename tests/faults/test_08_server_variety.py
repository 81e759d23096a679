"""Row 8, server variety: servers that are not as they should be take files once and whole all the same, or none.

What the probe finds in each of them, and the right way that follows, is in `tests/transport/test_server_variety.py`.
"""

import hashlib

import pytest

from gateway.demo.folder import Folder
from gateway.demo.server import Session
from gateway.steps.lines.capabilities import known
from gateway.transport import Timeouts
from tests.faults.far import PATIENT, attempt, deliver, odd, poll, queue
from tests.faults.manners import DropsMany, OutOfOrder, SlowListing, WrongSize
from tests.steps.test_exchange import itmatt
from tests.transport.test_server_variety import (
    NoExclusive,
    NoExtensions,
    ReadOnce,
    RefusesTheThirdWrite,
    RenameOverwrites,
    ShortReads,
    StatRefused,
)

SERVERS = {
    "as it should be": (Folder, Session),
    "has no posix-rename and no other extension": (NoExtensions, Session),
    "overwrites by rename": (RenameOverwrites, Session),
    "creates over what is there": (NoExclusive, Session),
    "deletes what was read": (ReadOnce, Session),
    "reads 4 KiB at a time": (ShortReads, Session),
    "answers out of order": (Folder, OutOfOrder),
    "lists slowly": (SlowListing, Session),
}
FILES = 40
BRIEF = Timeouts(connect=20, request=1.5, listing=5, transfer=5)


@pytest.fixture
def probed(site):
    """A site whose lines name a folder for the probe."""
    for partner in ("uk-customs", "example-post"):
        site.change(f"partners/{partner}.yaml", "live: {", "live: {probe: probe, ")
    for place in ("customs", "post"):
        (site.folder / place / "probe").mkdir()
    return site


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_that_is_odd_gets_every_file_once_and_whole(probed, kind):
    with probed.gate() as gate, odd(probed, "customs", *SERVERS[kind]) as server:
        queue(probed, gate, FILES)
        assert attempt(probed, lambda wire: deliver(probed, gate, wire), server, server.port, PATIENT) == ""
        assert probed.states(gate, "delivery") == {"sent": FILES} and probed.violations(gate) == []
        sent = {row["final_name"]: row["sha256"] for row in probed.rows(gate, "delivery")}
        assert known(gate, gate.hub.connections["uk-customs.live"]), "the probe has found out about it"
    assert {name: hashlib.sha256(data).hexdigest() for name, data in probed.filed().items()} == sent
    assert not list((probed.folder / "customs/in").glob(".*")) and not list((probed.folder / "customs/probe").iterdir())


@pytest.mark.parametrize("kind", SERVERS)
def test_from_a_server_that_is_odd_every_file_is_taken_in_once_and_whole(probed, kind):
    with probed.gate() as gate, odd(probed, "post", *SERVERS[kind]) as server:
        mail = {f"{n}.xml": itmatt(3, n, reference=f"ITM{n}") for n in range(FILES // 8)}
        for name, data in mail.items():
            probed.post(data, name)
        for _ in range(2):
            assert attempt(probed, lambda wire: poll(probed, gate, wire), server, server.port, PATIENT) == ""
        held = {row["name"].decode(): row["sha256"] for row in probed.rows(gate, "file") if row["sha256"]}
        assert held == {name: hashlib.sha256(data).hexdigest() for name, data in mail.items()}
        assert probed.violations(gate) == []


def test_a_server_that_refuses_to_say_what_is_there_is_written_to_and_not_read_from(site):
    with site.gate() as gate, odd(site, "customs", StatRefused) as customs, odd(site, "post", StatRefused) as post:
        queue(site, gate, 3)
        assert attempt(site, lambda wire: deliver(site, gate, wire), customs, customs.port, PATIENT) == ""
        assert site.states(gate, "delivery") == {"sent": 3} and len(site.filed()) == 3
        site.post(itmatt(1, 9, reference="ITM9"), "b.xml")
        assert attempt(site, lambda wire: poll(site, gate, wire), post, post.port, PATIENT) == ""
        assert site.codes(gate, "file") == {"DLV611"}, "nobody knows whether it is whole: that is told"
        assert (site.folder / "post/out/b.xml").exists()


def test_a_server_that_refuses_a_write_in_the_middle_is_told_and_tried_again(site):
    with site.gate() as gate, odd(site, "customs", RefusesTheThirdWrite) as server:
        queue(site, gate, 4)
        assert attempt(site, lambda wire: deliver(site, gate, wire), server, server.port, PATIENT) == ""
        assert site.states(gate, "delivery") == {"sent": 3, "queued": 1} and site.codes(gate, "delivery") == {"DLV612"}
        assert len(site.filed()) == 3 and len(list((site.folder / "customs/in").iterdir())) == 3
    with site.gate() as gate, odd(site, "customs") as server:
        attempt(site, lambda wire: deliver(site, gate, wire), server, server.port, PATIENT)
        assert site.states(gate, "delivery") == {"sent": 4}


def test_a_server_that_says_a_wrong_size_is_never_believed_to_have_the_file(probed):
    site = probed
    with site.gate() as gate, odd(site, "customs", WrongSize) as server:
        queue(site, gate, 2)
        attempt(site, lambda wire: deliver(site, gate, wire), server, server.port, PATIENT)
        assert site.states(gate, "delivery") == {"queued": 2} and site.filed() == {}
        assert site.codes(gate, "delivery") <= {"DLV612", "DLV617"}
    with site.gate() as gate, odd(site, "customs") as server:
        attempt(site, lambda wire: deliver(site, gate, wire), server, server.port, PATIENT)
        assert site.states(gate, "delivery") == {"sent": 2} and len(site.filed()) == 2


def test_a_server_that_forgets_requests_ends_by_the_deadline_and_loses_nothing(probed):
    site = probed
    with site.gate() as gate, odd(site, "customs", Folder, DropsMany) as server:
        queue(site, gate, FILES)
        ends = [attempt(site, lambda wire: deliver(site, gate, wire), server, server.port, BRIEF) for _ in range(4)]
        assert ends[-1] == "", ends
        assert site.violations(gate) == []
        assert site.states(gate, "delivery") == {"sent": FILES}
