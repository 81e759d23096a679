"""Queued files reach the partner once in effect; what stops one stops no other."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from gateway.findings.errors import PartnerUnreachable, RequestRefused
from gateway.journal import schema
from gateway.journal.claims import LONGEST_WAIT
from gateway.steps.sending import deliver, doubt
from gateway.steps.sending.holding import TRIES
from gateway.steps.watching.overview import overview
from tests.steps.test_exchange import itmatt, lrns


def queued(site, gate, count=3):
    site.post(itmatt(count))
    site.poll(gate)
    while site.work(gate):
        pass


def waits(gate):
    with gate.journal.read() as conn:
        return {one.what: one.count for one in overview(gate, conn).waiting}


def on_one(lrn, error):
    """A call that fails for the files of one declaration."""

    def call(whole, path, *more, **named):
        if lrn.encode() in path:
            raise error
        return whole(path, *more, **named)

    return call


def test_what_the_partner_refuses_is_tried_again_and_costs_no_other(site):
    with site.gate() as gate:
        queued(site, gate)
        victim = sorted(row["lrn"] for row in site.rows(gate, "filing"))[1]
        for _ in range(TRIES):
            site.deliver(gate, write_new=on_one(victim, RequestRefused()))
            site.clock.at += timedelta(hours=1)
        assert len(site.filed()) == 2 and site.codes(gate, "delivery") == {"DLV612"}
        assert waits(gate) == {"deliveries that the partner refuses": 1}
        site.run(gate)
        assert victim in lrns(site) and waits(gate) == {} and site.violations(gate) == []


def test_a_bug_on_one_delivery_sets_it_aside(site):
    with site.gate() as gate:
        queued(site, gate)
        victim = sorted(row["lrn"] for row in site.rows(gate, "filing"))[1]
        site.deliver(gate, write_new=on_one(victim, ZeroDivisionError()))
        site.clock.at += timedelta(hours=1)
        site.run(gate)
        assert len(site.filed()) == 2 and waits(gate) == {"delivery: set aside": 1}
    with site.gate() as gate:
        site.run(gate)
        assert len(site.filed()) == 3 and site.violations(gate) == []


def test_a_bug_while_the_evidence_is_looked_at_sets_that_one_aside(site):
    with site.gate() as gate:
        queued(site, gate)
        site.publish_and_die(gate)
        victim = lrns(site)[1]
        site.deliver(gate, lstat=on_one(victim, ZeroDivisionError()))
        assert site.states(gate, "delivery") == {"sent": 2, "publishing": 1}
        assert waits(gate) == {"delivery: set aside": 1}
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "delivery") == {"sent": 3} and len(site.filed()) == 3


def test_bytes_that_are_gone_from_our_spool_are_our_fault_and_shown(site):
    with site.gate() as gate:
        queued(site, gate, 1)
        with gate.journal.write() as conn:
            conn.exec_driver_sql("update blob set purging_at = stored_at where kind = 'filed'")
        site.deliver(gate)
        assert site.states(gate, "delivery") == {"queued": 1} and site.codes(gate, "delivery") == {"DLV608"}
        assert list((site.folder / "customs/in").iterdir()) == [], "nothing half written is left there"


def test_a_round_that_broke_off_is_taken_up_by_the_next(site, monkeypatch):
    with site.gate() as gate:
        queued(site, gate)
        with monkeypatch.context() as patch:
            patch.setattr(deliver.Deliver, "_to_publish", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                site.deliver(gate)
        assert site.states(gate, "delivery") == {"sending": 3}
        assert site.deliver(gate) == 3 and len(site.filed()) == 3 and site.violations(gate) == []


def test_a_line_that_is_gone_ends_the_round_and_loses_nothing(site):
    with site.gate() as gate:
        queued(site, gate)
        victim = sorted(row["lrn"] for row in site.rows(gate, "filing"))[1]
        with pytest.raises(PartnerUnreachable):
            site.deliver(gate, publish=on_one(victim, PartnerUnreachable()))
        assert site.states(gate, "delivery") == {"sent": 2, "publishing": 1}
        site.run(gate)
        assert len(site.filed()) == 3 and site.violations(gate) == []


def taken_unseen(site, gate):
    """Customs takes the file; we die before we know that it was out."""
    queued(site, gate, 1)
    site.publish_and_die(gate)
    (file,) = (site.folder / "customs/in").glob("[!.]*")
    taken = file.read_bytes()
    file.unlink()
    site.deliver(gate)
    assert site.states(gate, "delivery") == {"unconfirmed": 1}
    return file.name, taken


def test_doubt_is_resolved_by_sending_the_same_again_where_the_partner_wants_that(site):
    with site.gate() as gate:
        name, taken = taken_unseen(site, gate)
        site.clock.at += timedelta(hours=1, minutes=50)
        assert doubt.resend_doubtful(gate) == 0, "it may take two hours to answer, counted from the doubt"
        site.clock.at += timedelta(minutes=11)
        assert doubt.resend_doubtful(gate) == 1 and doubt.resend_doubtful(gate) == 0
        site.run(gate)
        assert site.filed() == {name: taken} and site.violations(gate) == []


def test_doubt_waits_for_a_person_where_the_partner_wants_nothing_twice(site):
    site.change("partners/uk-customs.yaml", "in_doubt: resend", "in_doubt: hold")
    with site.gate() as gate:
        taken_unseen(site, gate)
        site.clock.at += timedelta(days=3)
        assert doubt.resend_doubtful(gate) == 0
        assert waits(gate)["deliveries in doubt"] == 1


def test_another_file_under_our_name_is_never_overwritten(site):
    with site.gate() as gate:
        queued(site, gate, 1)
        (lrn,) = (row["lrn"] for row in site.rows(gate, "filing"))
        theirs = site.folder / "customs/in" / f"{lrn}.xml"
        theirs.write_bytes(b"theirs")
        site.run(gate)
        assert site.states(gate, "delivery") == {"clash": 1} and theirs.read_bytes() == b"theirs"
        assert waits(gate) == {"deliveries in doubt": 1}


def test_what_is_to_be_tried_later_does_not_wake_the_line_now(site):
    with site.gate() as gate:
        queued(site, gate, 1)
        line = gate.hub.connections["uk-customs.live"]
        outbound = deliver.Deliver(gate, line, site.crew)
        assert outbound.due
        site.deliver(gate, write_new=lambda *_: (_ for _ in ()).throw(RequestRefused()))
        with gate.journal.write() as conn:
            conn.execute(update(schema.delivery).values(next_try_at=gate.now() + LONGEST_WAIT))
        assert not outbound.due


def test_what_has_no_room_at_the_partner_waits_and_is_told(site):
    with site.gate() as gate:
        queued(site, gate, 2)
        free = {"bytes": deliver.SPARE + 10}
        room = lambda _whole, _folder: free["bytes"]  # noqa: E731
        assert site.deliver(gate, free_bytes=room) == 0
        assert site.filed() == {} and site.codes(gate, "delivery") == {"DLV618"}
        assert not list((site.folder / "customs/in").iterdir()), "nothing was begun"
        free["bytes"] = 10 * deliver.SPARE
        site.clock.at += timedelta(hours=1)
        assert site.deliver(gate, free_bytes=room) == 2 and site.violations(gate) == []


def test_a_server_that_does_not_say_how_much_is_free_is_written_to(site):
    with site.gate() as gate:
        queued(site, gate, 1)
        assert site.deliver(gate, free_bytes=lambda *_: None) == 1
