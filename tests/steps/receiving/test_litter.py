"""Temporary names of ours at a partner go after a day, unless a delivery stands behind them."""

from datetime import timedelta

from gateway.journal import schema
from gateway.steps.receiving.litter import clear_litter
from tests.steps.test_exchange import itmatt

DAY = timedelta(hours=25)


def clear(site, gate):
    line = gate.hub.connections["uk-customs.live"]
    return site.on(gate, line.name, lambda wire: clear_litter(gate, line, wire))


def lie(site, name):
    (site.folder / "customs/in" / name).write_bytes(b"x")


def there(site):
    return {path.name for path in (site.folder / "customs/in").iterdir()}


def test_ours_goes_after_a_day_and_nothing_else_ever(site):
    with site.gate() as gate:
        theirs = {".a.xml.OTHER-1a2b.part", ".hidden", "a.xml", ".a.xml.GW12-1a2b.part"}
        for name in (".a.xml.GW1-1a2b.part", ".b.xml.GW1-3c4d.void", *theirs):
            lie(site, name)
        assert clear(site, gate) == 0
        site.clock.at += timedelta(hours=23)
        assert clear(site, gate) == 0
        site.clock.at += timedelta(hours=2)
        assert clear(site, gate) == 2 and there(site) == theirs
        assert clear(site, gate) == 0


def test_what_a_delivery_still_needs_stays(site):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.poll(gate)
        while site.work(gate):
            pass
        with gate.journal.write() as conn:
            temp = ".x.xml.GW1-1a2b"
            conn.execute(schema.delivery.update().values(state="publishing", temp_name=f"{temp}.part"))
        for ending in ("part", "void"):
            lie(site, f"{temp}.{ending}")
        clear(site, gate)
        site.clock.at += DAY
        assert clear(site, gate) == 0 and len(there(site)) == 2
        with gate.journal.write() as conn:
            conn.exec_driver_sql("update delivery set state = 'sent'")
        assert clear(site, gate) == 2 and there(site) == set()


def test_what_the_partner_does_not_let_us_remove_is_tried_again(site):
    from gateway.findings.errors import RemotePathMissing

    def refuse(*_):
        raise RemotePathMissing

    with site.gate() as gate:
        line = gate.hub.connections["uk-customs.live"]
        lie(site, ".a.xml.GW1-1a2b.part")
        clear(site, gate)
        site.clock.at += DAY
        assert site.on(gate, line.name, lambda wire: clear_litter(gate, line, wire), remove=refuse) == 0
        assert clear(site, gate) == 1
