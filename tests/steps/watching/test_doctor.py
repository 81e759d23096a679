"""The look at what the gateway keeps, on both stores: each thing that is wrong is named with what to do."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from gateway.journal import anchors, schema
from gateway.journal.blobs import Blob, BlobStore
from gateway.mapping.registry import Registry
from gateway.steps.ground import standstill
from gateway.steps.ground.alarm import raise_alarm
from gateway.steps.recovering import start
from gateway.steps.watching import anchor
from gateway.steps.watching.doctor import dated, diagnose, tables
from gateway.steps.watching.machine import machine
from tests.steps.test_exchange import itmatt


@pytest.fixture
def gate(site):
    with site.gate() as opened:
        site.post(itmatt(2))
        site.run(opened)
        yield opened


def seen(gate):
    return {one.what: one for one in diagnose(gate)}


def here(site):
    with site.gate() as gate:
        return {one.what: one for one in machine(gate.hub.settings)}


def test_all_is_well_after_a_round(gate):
    found = seen(gate)
    assert {what: one.grade for what, one in found.items() if one.grade != "ok"} == {}
    assert f"tables of version {schema.VERSION}" in found["journal"].found
    assert set(found) == {"ruleset", "journal", "time", "balance", "audit trail", "spool", "alarms"}


def test_bytes_that_are_gone_are_counted(gate):
    victim = next(path for path in gate.blobs.root.glob("spool/*/*/*") if path.is_file())
    victim.unlink()
    assert seen(gate)["spool"].grade == "fail"
    assert "1 of " in seen(gate)["spool"].found
    assert "INT905" in seen(gate)["spool"].fix


def test_a_file_that_nobody_names_is_no_fault(gate):
    stray = next(gate.blobs.root.glob("spool/out/*")) / "stray"
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    assert seen(gate)["spool"].grade == "ok"
    assert "1 that nobody names" in seen(gate)["spool"].found


def test_what_is_purged_while_the_spool_is_walked_is_not_missing(gate, monkeypatch):
    victim = site_blob(gate)
    exists = Path.exists

    def look(path):
        if path == gate.blobs.root / victim.path and exists(path):
            with gate.journal.write() as conn:
                gate.blobs.mark(conn, [victim.id])
            gate.blobs.unlink([victim])
        return exists(path)

    monkeypatch.setattr(Path, "exists", look)
    assert seen(gate)["spool"].grade == "ok"


def site_blob(gate):
    with gate.journal.read() as conn:
        row = conn.execute(select(schema.blob).limit(1)).mappings().one()
    return Blob(*(row[name] for name in Blob._fields))


def test_no_transaction_is_open_while_the_spool_is_walked(gate, monkeypatch):
    """A server ends those that stand still for half a minute; a large spool on a network takes longer."""
    orphans, walks = BlobStore.orphans, []

    def walk(*given):
        with gate.journal.read():  # there is one of a thread at a time
            walks.append(given)
        return orphans(*given)

    monkeypatch.setattr(BlobStore, "orphans", walk)
    assert seen(gate)["spool"].grade == "ok"
    start.recover_core(gate)
    assert len(walks) == 2


def test_a_clock_that_was_set_back_is_told(site, gate):
    site.clock.at -= timedelta(hours=1)
    assert seen(gate)["time"].grade == "fail"
    assert "still to come" in seen(gate)["time"].found


def test_an_audit_trail_that_was_changed_is_told_with_its_row(gate):
    a = schema.audit
    with gate.journal.write() as conn:
        if conn.dialect.name == "sqlite":
            conn.exec_driver_sql("drop trigger audit_no_update")
        else:
            conn.exec_driver_sql("alter table audit disable trigger all")
        conn.execute(update(a).where(a.c.seq == 3).values(who="X"))
    assert (seen(gate)["audit trail"].grade, seen(gate)["audit trail"].found) == ("fail", "row 3 does not fit")


def test_a_trail_that_does_not_fit_its_anchors_is_told(gate):
    assert anchor.anchor(gate)
    own = anchor.place(gate.hub.settings)
    newer = anchors.Anchor(gate.now(), 10**6, "ab" * 32)
    anchors.add(own, newer)
    told = seen(gate)["audit trail"]
    assert (told.grade, told.found) == ("fail", "1 of 2 anchors in audit.anchors do not fit")
    assert "gateway audit verify" in told.fix


def test_anchors_that_cannot_be_read_are_told(gate):
    anchor.place(gate.hub.settings).write_text("none of ours\n")
    told = seen(gate)["audit trail"]
    assert told.grade == "fail" and told.found.endswith("audit.anchors:1 is no anchor of an audit trail")


def test_an_item_in_no_place_is_told_by_the_rule_it_breaks(gate):
    with gate.journal.write() as conn:
        conn.execute(update(schema.file).values(items=99))
    assert seen(gate)["balance"].grade == "fail"
    assert "INT903" in seen(gate)["balance"].fix


def test_alarms_and_standstill_are_told(gate):
    with gate.journal.write() as conn:
        raise_alarm(conn, "INT962", "disk", {"free": "10%", "wanted": "1 GB"})
        standstill.begin(gate, conn, "x")
    found = seen(gate)
    assert found["alarms"].grade == found["deliveries"].grade == "warn"
    assert "2 open" in found["alarms"].found


def test_dated_tables_of_the_authorities_are_asked_as_config_validate_does(tmp_path, site):
    with site.gate() as gate:
        settings = gate.hub.settings
        assert dated(settings, Registry(settings.overlays)).grade == "ok"
        overlay = tmp_path / "own"
        lists = overlay / "codes/customs/uk"
        lists.mkdir(parents=True)
        (lists / "exchange-rates.csv").write_text("currency,rate,from,to\nEUR,many,2026-01-01,2026-12-31\n")
        found = dated(settings, Registry((overlay,)))
        assert (found.grade, "exchange-rates" in found.found) == ("fail", True)
        assert tables(Registry(settings.overlays)).grade == "ok"


def test_this_machine_is_looked_at_without_a_journal(site):
    found = here(site)
    assert {"versions", "daemon", "state folder", "disk", "disk writes", "clock", "alerts"} <= set(found)
    assert found["disk writes"].grade == "ok"
    assert found["daemon"].found == "does not run"
    assert found["alerts"].grade == "warn"
    assert list((site.folder / "state").glob(".doctor-*")) == []


def test_a_folder_that_others_may_read_is_told(site):
    with site.gate():
        pass
    (site.folder / "state").chmod(0o755)
    assert here(site)["state folder"].fix.startswith("chmod 700")


def test_a_disk_that_does_not_take_what_is_written_fails(site, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with site.gate() as gate:
        monkeypatch.setattr("gateway.steps.watching.machine.os.fsync", full)
        found = {one.what: one for one in machine(gate.hub.settings)}
    assert found["disk writes"].grade == "fail"
    assert found["disk writes"].found.endswith("No space left on device")
    assert list((site.folder / "state").glob(".doctor-*")) == []


def test_little_room_is_told_with_how_much_there_should_be(site):
    site.change("gateway.yaml", "retention:", "alerts: {disk: 999999 GB, command: /bin/true}\nretention:")
    found = here(site)
    assert found["disk"].grade == "warn"
    assert "999999 GB" in found["disk"].found
    assert found["alerts"].found == "told by command"
