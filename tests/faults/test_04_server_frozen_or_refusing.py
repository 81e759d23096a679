"""Row 4, servers that freeze or refuse: every call ends by its deadline, other lines go on, one alarm says it.

A call of each kind, and the handshake, on a server that stands still: `tests/transport/test_frozen.py`.
"""

import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.demo.server import USER, new_key, public_line, spawn
from gateway.runner import carrier as module
from gateway.runner.carrier import Carrier
from gateway.runner.lines import target_of
from gateway.settings import Credentials
from gateway.steps.ground import switches
from gateway.steps.watching.watch import watch
from gateway.transport import Timeouts, open_line, private_key
from tests.faults.far import HASTY, PATIENT, attempt, deliver, far, poll, queue
from tests.servers import Server, free_port, running_openssh
from tests.steps.test_exchange import itmatt
from tests.steps.wires import Odd

LINE, OTHER = "uk-customs.live", "example-post.live"
SLACK = 5.0  # seconds after its deadline by which a call has ended
QUICK = Timeouts(connect=4, request=2, listing=2, transfer=4)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("call", ["write_new", "publish"])
def test_a_server_that_freezes_during_a_delivery_gets_it_once_when_it_thaws(site, call):
    with site.gate() as gate, far(site, "customs") as server:
        queue(site, gate, 2)

        def freezing(whole, *given, **named):
            server.freeze()
            return whole(*given, **named)

        start = time.monotonic()
        assert attempt(site, lambda wire: deliver(site, gate, Odd(wire, **{call: freezing})), server, 0, HASTY)
        assert time.monotonic() - start < HASTY.connect + HASTY.transfer + HASTY.request + SLACK
        server.thaw()
        assert attempt(site, lambda wire: deliver(site, gate, wire), server, 0, PATIENT) == ""
        assert site.states(gate, "delivery") == {"sent": 2} and len(site.filed()) == 2
        assert site.violations(gate) == []


@pytest.mark.parametrize("call", ["scan", "fetch", "move"])
def test_a_server_that_freezes_while_we_look_for_files_is_read_whole_when_it_thaws(site, call):
    with site.gate() as gate, far(site, "post") as server:
        site.post(itmatt(2))

        def freezing(whole, *given, **named):
            server.freeze()
            return whole(*given, **named)

        start = time.monotonic()
        attempt(site, lambda wire: poll(site, gate, Odd(wire, **{call: freezing})), server, 0, HASTY)
        assert time.monotonic() - start < HASTY.connect + HASTY.listing + HASTY.transfer + HASTY.request + SLACK
        server.thaw()
        assert attempt(site, lambda wire: poll(site, gate, wire), server, 0, PATIENT) == ""
        assert site.states(gate, "file") == {"received": 1} and (site.folder / "post/done/a.xml").exists()


class Lane:
    """The carrier of customs' live line, turn by turn, with whoever watches it."""

    def __init__(self, site, gate):
        self.site, self.gate = site, gate
        self.carrier = Carrier(gate, gate.hub.connections[LINE], Credentials(site.folder / "config"), lambda: None)

    def turn(self, later=timedelta(minutes=16)):
        """One wake-up; gives why the line failed, "" when it is well. Time passes."""
        self.carrier.turn(poll=True)
        watch(self.gate)
        self.site.clock.at += later
        row = switches.read(self.gate, "connection", LINE)
        return row["reason"] if row and row["failures"] else ""

    def alarms(self):
        """Open alarms of this line, each with how often it was raised."""
        rows = self.site.rows(self.gate, "alert")
        return {row["code"]: row["times"] for row in rows if row["subject"] == LINE and row["cleared_at"] is None}

    def another_is_well(self, number):
        """The post's mail is taken in as ever."""
        self.site.post(itmatt(1, number, reference=f"ITM{number}"), f"{number}.xml")
        assert self.site.on(self.gate, OTHER, lambda wire: poll(self.site, self.gate, wire)) == 1


@pytest.fixture
def lead(site, monkeypatch):
    """Customs' live line leads to an account at a server, running or not, with deadlines that a test can wait for."""

    def dial(connection, credentials):
        key = private_key(credentials(connection.key), None, credentials.certificate(connection.key))
        return open_line(target_of(connection), key, connection.host_keys, QUICK)

    monkeypatch.setattr(module, "dial", dial)

    @contextmanager
    def leading(server):
        key = site.folder / "config/credentials/sftp.uk"
        key.parent.mkdir()
        key.write_bytes(server.key_file.read_bytes())
        key.chmod(0o600)
        account = f"{server.user}@127.0.0.1:{server.port}, key: credential:sftp.uk"
        pinned = f"sftp: {account}, host_keys: [{server.host_key_line}],"
        site.change("partners/uk-customs.yaml", f"directory: {site.folder}/customs,", pinned)
        with site.gate() as gate:
            lane = Lane(site, gate)
            try:
                yield lane
            finally:
                lane.carrier.close()

    return leading


class Restartable:
    """A server of customs that is started as often as one likes, at one port, under one key or another."""

    def __init__(self, site):
        self.host, self.other_host, self.key = (site.folder / name for name in ("host_key", "other_host_key", "key"))
        for file in (self.host, self.other_host, self.key):
            file.write_bytes(new_key())
        self.root, port = site.folder / "customs", free_port()
        self.as_known = Server(port, USER, self.public(self.host), self.key, self.root, 0)

    @staticmethod
    def public(file):
        return public_line(private_key(file.read_bytes()))

    def start(self, host=None, users=None):
        known = [self.public(self.key)] if users is None else users
        return spawn(self.root, known, host_key=host or self.host, port=self.as_known.port)


@pytest.fixture
def server(site):
    return Restartable(site)


def test_a_server_that_is_started_again_is_gone_on_with(site, server, lead):
    with lead(server.as_known) as lane:
        with server.start():
            queue(site, lane.gate, 2)
            assert lane.turn() == "" and len(site.filed()) == 2
        assert lane.turn() == "PartnerUnreachable"
        with server.start():
            site.say("<nothing/>", "1.xml")
            assert lane.turn() == "" and not list((site.folder / "customs/out").iterdir())
        with server.start():
            assert lane.turn() == "", "a line that was hung up on while idle did not fail"
        assert lane.alarms() == {}


def test_a_server_that_is_down_for_long_is_told_once_and_well_by_itself(server, lead):
    with lead(server.as_known) as lane:
        for number in range(9):
            assert lane.turn() == "PartnerUnreachable"
            lane.another_is_well(number)
        assert lane.alarms() == {"DLV602": 1}
        with server.start():
            assert lane.turn() == "" and lane.alarms() == {}


def test_a_host_key_that_changed_is_never_accepted_and_told_once(site, server, lead):
    with lead(server.as_known) as lane:
        queue(site, lane.gate, 1)
        with server.start(server.other_host):
            for number in range(4):
                assert lane.turn().startswith("HostKeyMismatch SHA256:")
                lane.another_is_well(number)
            assert lane.alarms() == {"DLV601": 1} and site.filed() == {}
        with server.start():
            assert lane.turn() == "" and lane.alarms() == {} and len(site.filed()) == 1


def test_a_key_that_was_revoked_is_tried_three_times_an_hour_and_told_once(server, lead, monkeypatch):
    tries, dial = [], module.dial
    monkeypatch.setattr(module, "dial", lambda *given: tries.append(1) or dial(*given))
    with lead(server.as_known) as lane:
        with server.start(users=[server.public(server.other_host)]):
            for number in range(12):
                assert lane.turn(later=HOUR / 12) == "LoginRefused"
                lane.another_is_well(number)
            assert len(tries) <= 3 and lane.alarms() == {"DLV603": 1}
        lane.site.clock.at += HOUR
        with server.start():
            assert lane.turn() == "" and lane.alarms() == {}


@contextmanager
def openssh(tmp_path, *words):
    """Debian's server over customs' folder."""
    (tmp_path / "sshd").mkdir()
    with running_openssh(tmp_path / "sshd", *words) as server:
        (server.root / "done").mkdir()
        yield server


@pytest.mark.openssh
def test_a_server_that_gives_no_session_is_tried_again(tmp_path, lead):
    with openssh(tmp_path, "MaxSessions 0") as full, lead(full) as lane:
        for number in range(3):
            assert lane.turn() == "TooManySessions"
            lane.another_is_well(number)


@pytest.mark.openssh
def test_a_server_that_gives_one_session_is_worked_with(site, tmp_path, lead):
    with openssh(tmp_path, "MaxSessions 1") as one, lead(one) as lane:
        queue(site, lane.gate, 30)
        assert lane.turn() == "" and len(list((one.root / "in").iterdir())) == 30


@pytest.mark.openssh
def test_a_server_that_turns_connections_away_at_random_gets_everything_once(site, tmp_path, lead):
    with openssh(tmp_path, "MaxStartups 1:50:2") as busy, lead(busy) as lane, ExitStack() as stack:
        queue(site, lane.gate, 5)
        stack.enter_context(socket.create_connection(("127.0.0.1", busy.port))).recv(1)  # in its handshake for ever
        ends = [lane.turn() for _ in range(12)]
        assert set(ends) <= {"", "PartnerUnreachable"} and "" in ends
        assert len(list((busy.root / "in").iterdir())) == 5 and lane.site.violations(lane.gate) == []


def keygen(*words):
    subprocess.run(["ssh-keygen", "-q", *map(str, words)], check=True)


@pytest.mark.openssh
def test_a_certificate_that_is_over_is_told_and_its_successor_taken_up_at_once(site, tmp_path, lead):
    authority, key = tmp_path / "authority", tmp_path / "ours"
    for file in (authority, key):
        keygen("-t", "ed25519", "-N", "", "-f", file)
    trusted = (f"TrustedUserCAKeys {authority}.pub", "AuthorizedKeysFile none")
    with openssh(tmp_path, *trusted) as server:
        account = replace(server, key_file=key)

        def sign(valid):
            keygen("-s", authority, "-I", "gateway", "-n", server.user, "-V", valid, f"{key}.pub")
            (site.folder / "config/credentials/sftp.uk-cert.pub").write_bytes((tmp_path / "ours-cert.pub").read_bytes())

        with lead(account) as lane:
            sign("20200101:20200201")
            assert lane.turn() == "LoginRefused" and lane.alarms() == {"DLV603": 1}
            lane.another_is_well(1)
            sign("-1d:+30d")
            lane.site.clock.at += HOUR
            assert lane.turn() == "" and lane.alarms() == {}
