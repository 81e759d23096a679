"""The head of the audit trail leaves the journal once a day."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import delete, text

from gateway.findings.errors import GatewayFault
from gateway.journal import anchors
from gateway.journal.schema import alert, audit
from gateway.steps.watching import anchor


def alarms(gate):
    with gate.journal.read() as conn:
        return {row.code for row in conn.execute(alert.select()) if row.cleared_at is None}


def cut(gate, *rows):
    with gate.journal.write() as conn:
        if conn.dialect.name == "sqlite":
            conn.execute(text("drop trigger if exists audit_no_delete"))
        else:
            conn.execute(text("drop trigger if exists audit_no_change on audit"))
        conn.execute(delete(audit).where(*rows))


def kept(gate):
    return anchors.read(anchor.place(gate.hub.settings))


def test_one_a_day_and_no_more(site, caplog):
    caplog.set_level(logging.INFO, "gateway.audit")
    with site.gate() as gate:
        assert [anchor.anchor(gate) for _ in range(3)] == [True, False, False]
        site.clock.at += timedelta(days=1, minutes=1)
        assert anchor.anchor(gate)
        assert len(kept(gate)) == 2
        assert kept(gate)[-1].head == anchor.walk(gate).head
    assert [record.head for record in caplog.records] == [one.head for one in kept(gate)]


def test_a_place_on_another_disk(site):
    site.change("gateway.yaml", "retention:", "audit: {anchors: ../vault/gw1, every: 1h}\nretention:")
    (site.folder / "vault").mkdir()
    with site.gate() as gate:
        assert anchor.anchor(gate)
        site.clock.at += timedelta(hours=2)
        assert anchor.anchor(gate)
    assert len(anchors.read(site.folder / "vault/gw1")) == 2


def test_the_program_is_told_first_and_again_when_we_died_before_the_file(site, monkeypatch):
    told = []
    with site.gate() as gate:
        with monkeypatch.context() as patch:
            patch.setattr(anchors, "add", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                anchor.anchor(gate, told.append)
        anchor.anchor(gate, told.append)
        assert told == [kept(gate)[0].line()] * 2


def fails(_line):
    raise GatewayFault("the program ended with code 3")


def test_what_cannot_be_written_down_is_an_alarm_until_it_can(site):
    with site.gate() as gate:
        assert not anchor.anchor(gate, fails)
        assert alarms(gate) == {"INT955"} and kept(gate) == []
        assert anchor.anchor(gate)
        assert alarms(gate) == set()


def test_a_file_that_cannot_be_written_is_an_alarm(site):
    site.change("gateway.yaml", "retention:", "audit: {anchors: ../gone/gw1}\nretention:")
    with site.gate() as gate:
        assert not anchor.anchor(gate)
        assert alarms(gate) == {"INT955"}


def test_a_trail_that_does_not_fit_is_not_anchored(site):
    with site.gate() as gate:
        site.post(b"<x/>")
        site.run(gate)
        cut(gate, audit.c.seq == 2)
        assert not anchor.anchor(gate)
        assert alarms(gate) == {"INT904"} and kept(gate) == []


def test_a_cut_off_tail_is_an_alarm_and_what_comes_after_is_anchored(site):
    with site.gate() as gate:
        site.post(b"<x/>")
        site.run(gate)
        anchor.anchor(gate)
        cut(gate, audit.c.seq >= kept(gate)[0].rows)
        site.clock.at += timedelta(days=2)
        assert anchor.anchor(gate)
        assert alarms(gate) == {"INT904"} and len(kept(gate)) == 2


def test_the_trail_is_gone_along_a_page_at_a_time(site, monkeypatch):
    monkeypatch.setattr(anchor, "PAGE", 2)
    with site.gate() as gate:
        site.post(b"<x/>")
        site.run(gate)
        found = anchor.walk(gate)
        assert found.rows > 3 and found.broken_at is None
