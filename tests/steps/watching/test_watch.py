"""What is wrong becomes an alarm once, and is over when it is."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from gateway.findings import Finding
from gateway.findings.catalogue import entry, text
from gateway.journal import schema
from gateway.steps.ground import aside, switches
from gateway.steps.watching.notice import standing
from gateway.steps.watching.watch import WATCHES, Wrong, reconcile, watch
from tests.steps.test_exchange import itmatt

ISLAND = """partner: island-post
party: {name: Island Post, role: post, country: MU, ids: {upu: MUA}}
via: post-network
quiet: {warn: 6h}
sends: {upu/itmatt-1.5: {}}
receives: {upu/cusrsp-1: {}}
"""
NETWORK = """partner: post-network
party: {name: Network, role: network}
connections:
  live: {environment: production, directory: PLACE/network, every: 1s, carries: [island-post]}
sends: {upu/itmatt-1.5: {from: out/*.xml, complete: rename, after: delete}}
receives: {upu/cusrsp-1: {to: in}}
"""


@pytest.fixture
def gate(site):
    with site.gate() as opened:
        yield opened


def alarms(gate):
    with gate.journal.read() as conn:
        return {(one.code, one.subject): one for one in standing(conn)}


def watched(gate):
    watch(gate)
    return set(alarms(gate))


def failing(gate, reason, times=1):
    line = gate.hub.connections["uk-customs.live"]
    for _ in range(times):
        switches.failed(gate, line, reason, lambda *_: timedelta(minutes=1))


def test_nothing_is_wrong_at_first(gate):
    assert watch(gate) == 0
    assert alarms(gate) == {}


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("HostKeyMismatch", "DLV601"),
        ("LoginRefused", "DLV603"),
        ("NoCommonAlgorithm", "DLV604"),
        ("KeyUnusable", "DLV606"),
    ],
)
def test_what_no_second_try_mends_is_told_at_once(gate, reason, code):
    failing(gate, reason)
    assert watched(gate) == {(code, "uk-customs.live")}
    switches.recovered(gate, gate.hub.connections["uk-customs.live"])
    assert watched(gate) == set()


@pytest.mark.parametrize(("reason", "code"), [("PartnerUnreachable", "DLV602"), ("RemotePathMissing", "DLV678")])
def test_a_line_is_given_some_tries(gate, reason, code):
    failing(gate, reason, switches.ALARM_AFTER - 1)
    assert watched(gate) == set()
    failing(gate, reason)
    assert watched(gate) == {(code, "uk-customs.live")}


def test_a_host_key_that_is_not_pinned_is_named(gate):
    failing(gate, "HostKeyMismatch SHA256:abc")
    assert watched(gate) == {("DLV601", "uk-customs.live")}
    assert alarms(gate)["DLV601", "uk-customs.live"].message.endswith(": SHA256:abc")


def test_a_line_that_a_person_has_stopped_is_no_alarm(gate):
    failing(gate, "HostKeyMismatch")
    with gate.journal.write() as conn:
        switches.put(gate, conn, "connection", "uk-customs.live", state="paused")
    assert watched(gate) == set()


def test_a_route_that_its_brake_stops(gate):
    switches.brake(gate, "uk-h7", None, "20 of the last 50 filings were rejected for the same cause: CDS12005")
    assert watched(gate) == {("INT960", "uk-h7")}
    (one,) = alarms(gate).values()
    assert "CDS12005" in one.message
    assert one.next == "gateway resume uk-h7"


def test_deliveries_that_wait_for_a_person_are_counted_by_line(site, gate):
    site.post(itmatt(3))
    site.poll(gate)
    site.work(gate)
    dl = schema.delivery
    with gate.journal.write() as conn:
        ids = list(conn.scalars(select(dl.c.id)))
        conn.execute(update(dl).where(dl.c.id.in_(ids[:2])).values(state="clash"))
        conn.execute(update(dl).where(dl.c.id == ids[2]).values(state="queued", attempt=9, reason="RequestRefused"))
    assert watched(gate) == {("DLV675", "uk-customs.live"), ("DLV679", "uk-customs.live")}
    assert alarms(gate)["DLV675", "uk-customs.live"].message.startswith("2 deliveries")
    with gate.journal.write() as conn:
        conn.execute(update(dl).values(state="sent"))
    assert watched(gate) == set()


def test_answers_of_customs_that_are_late_are_told_with_how_many(site, gate):
    site.post(itmatt(2))
    site.run(gate)
    assert watched(gate) == set()
    site.clock.at += timedelta(hours=3)
    assert watched(gate) == {("DLV677", "uk-customs.live")}
    assert alarms(gate)["DLV677", "uk-customs.live"].message.startswith("2 declarations")


def test_units_that_a_bug_of_ours_stopped(site, gate):
    site.post(itmatt(1))
    site.run(gate)
    (filing,) = site.ids(gate, "filing")
    aside.put(gate, "filing", filing, "uk-customs.live", RuntimeError("x"))
    assert watched(gate) == {("INT961", "filing")}
    with gate.journal.write() as conn:
        aside.take_up(conn)
    assert watched(gate) == set()


def test_little_room_on_the_disk(gate, monkeypatch):
    room = os.statvfs(gate.blobs.root)
    parts = list(room)

    def with_room(bavail, favail):
        parts[4], parts[7] = bavail, favail
        monkeypatch.setattr("os.statvfs", lambda _: os.statvfs_result(parts))

    with_room(500_000_000 // room.f_frsize, 1_000_000)
    assert watched(gate) == {("INT962", "disk")}
    assert "0% left of the 1 GB" in alarms(gate)["INT962", "disk"].message
    with_room(2_000_000_000 // room.f_frsize, 1_500)
    assert watched(gate) == {("INT962", "inodes")}
    with_room(2_000_000_000 // room.f_frsize, 1_000_000)
    assert watched(gate) == set()


def test_a_sender_whose_items_cannot_be_used_any_more(site):
    site.change("gateway.yaml", "retention:", "alerts: {quarantine: 3 of 5}\nretention:")
    with site.gate() as gate:
        site.post(itmatt(4, faults={1: "gross-zero", 2: "gross-zero", 3: "gross-zero"}), "a.xml")
        site.run(gate)
        assert watched(gate) == set(), "not enough of them yet"
        site.post(itmatt(4, seed=8, faults={2: "gross-zero"}, reference="ITM2"), "b.xml")
        site.run(gate)
        assert watched(gate) == set(), "of the last five one or two"
        bad = dict.fromkeys((1, 2, 3), "gross-zero")
        site.post(itmatt(3, faults=bad, seed=9, reference="ITM3"), "c.xml")
        site.run(gate)
        assert watched(gate) == {("INT963", "example-post.live")}
        assert "SRC321" in alarms(gate)["INT963", "example-post.live"].message


def test_silence_is_told_of_live_lines_and_counts_from_the_first_day(site):
    site.change("partners/example-post.yaml", "receives:", "quiet: {warn: 6h}\nreceives:")
    with site.gate() as gate:
        assert watched(gate) == set()
        site.clock.at += timedelta(hours=7)
        assert watched(gate) == {("DLV676", "example-post.live")}
        site.post(itmatt(1))
        site.run(gate)
        assert ("DLV676", "example-post.live") not in watched(gate)


def test_silence_of_a_partner_behind_a_mailbox_is_told_by_its_name(site):
    site.partner("island-post", ISLAND)
    site.partner("post-network", NETWORK)
    with site.gate() as gate:
        site.clock.at += timedelta(hours=7)
        assert ("DLV676", "island-post by post-network.live") in watched(gate)


def test_a_partner_behind_a_mailbox_is_heard_by_an_id_that_is_a_secret(site):
    site.partner("island-post", ISLAND.replace("upu: MUA", "upu: credential:post.upu"))
    site.partner("post-network", NETWORK)
    secret = site.folder / "config/credentials/post.upu"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text("MUA\n")
    secret.chmod(0o600)
    with site.gate() as gate:
        site.clock.at += timedelta(hours=7)
        assert ("DLV676", "island-post by post-network.live") in watched(gate)
        site.post(itmatt(1).replace(b"<sender>FRA<", b"<sender>MUA<"), place="network")
        site.run(gate)
        assert ("DLV676", "island-post by post-network.live") not in watched(gate)


def test_looking_again_changes_nothing_and_other_figures_are_no_news(gate):
    wrong = Wrong("DLV677", "uk.live", {"connection": "uk.live", "count": "1", "since": "x"})
    assert reconcile(gate, {"DLV677"}, [wrong]) == 1
    assert reconcile(gate, {"DLV677"}, [wrong]) == 0
    assert reconcile(gate, {"DLV677"}, [wrong._replace(values=dict(wrong.values, count="5"))]) == 1
    (one,) = alarms(gate).values()
    assert (one.times, one.message[:1]) == (1, "5")


def test_alarms_of_others_are_left_alone(gate):
    reconcile(gate, {"INT904"}, [Wrong("INT904", "audit", {"row": "7"})])
    assert watch(gate) == 0
    assert set(alarms(gate)) == {("INT904", "audit")}


def test_every_code_of_a_watch_is_one_watchs_own_and_has_words():
    codes = [code for several in WATCHES.values() for code in several]
    assert len(codes) == len(set(codes))
    for code in codes:
        assert entry(code).severity in {"error", "warning"}
        assert text(Finding(code, values={}))


def test_no_watch_reads_a_large_table_from_end_to_end(gate):
    """SQLite says itself how it would go about each statement."""
    said = []
    with gate.journal.read() as conn:
        if conn.dialect.name != "sqlite":
            pytest.skip("plans are read as SQLite writes them")
        event.listen(conn, "before_cursor_execute", lambda *given: said.append(given[2:4]))
        for look in WATCHES:
            list(look(gate, conn))
        asked = list(said)
        explained = [conn.exec_driver_sql(f"explain query plan {one}", values).all() for one, values in asked]
    plans = [row[-1] for rows in explained for row in rows]
    small = ("switch", "ruleset", "(subquery", "CONSTANT")
    scans = [plan for plan in plans if plan.startswith("SCAN") and " USING " not in plan]
    assert [plan for plan in scans if not plan.removeprefix("SCAN ").startswith(small)] == []
    assert len(asked) >= len(WATCHES) - 1
