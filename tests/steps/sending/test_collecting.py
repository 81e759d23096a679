"""Filings collected: so many a file, by time, until the cut-off before their transport leaves."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from gateway.steps.declaring.withdrawal import carry_out, plan
from gateway.steps.hearing.filings import Wanted
from gateway.steps.repeating import operate
from gateway.steps.sending import assemble, queueing, reserving
from gateway.steps.sending.collecting import Collected
from gateway.steps.sending.outgoing import Due
from tests.steps.test_exchange import itmatt

KIND = "upu/itmatt-1.5"
RULE = 'upu/itmatt-1.5: {to: in, name: "PRE_{control_reference}.xml", COLLECT}'
ITEM = re.compile(r"<item-id>(\w+)<")
NUMBER = re.compile(r"<control-reference>(\w+)<")


def collecting(site, collect):
    """Customs take the post's own messages, several in a file."""
    old = 'customs/uk/h7: {to: in, name: "{lrn}.xml", per_file: 1, answer_within: 2h, in_doubt: resend}'
    site.change("partners/uk-customs.yaml", old, RULE.replace("COLLECT", collect))
    site.change("routes.yaml", "as: customs/uk/h7", f"as: {KIND}")


@pytest.fixture(autouse=True)
def today(site):
    """How long something has waited is told by its id, which is made by the clock of the machine."""
    site.clock.at = datetime.now(UTC)


def mail(items, seed=7, leaves="", **facts):
    said = f"<transport-date>{leaves}</transport-date><sender><" if leaves else "<sender><"
    return itmatt(items, seed, day=datetime.now(UTC).date(), **facts).replace(b"<sender><", said.encode())


def work(site, gate):
    """As the running gateway does: nothing is hurried."""
    site.poll(gate)
    while site.work_without_assembly(gate):
        pass
    made = assemble.assemble(gate)
    site.deliver(gate)
    return made


def files(site):
    return [ITEM.findall(data.decode()) for data in site.filed().values()]


def numbers(site):
    return [NUMBER.search(data.decode())[1] for data in site.filed().values()]


def test_so_many_a_file_and_the_rest_when_its_time_has_come(site):
    collecting(site, "per_file: 4, every: 10m")
    site.post(mail(10))
    with site.gate() as gate:
        work(site, gate)
        assert [len(one) for one in files(site)] == [4, 4]
        assert timedelta(minutes=9) < assemble.soonest(gate) < timedelta(minutes=11)
        site.clock.at += assemble.soonest(gate)
        work(site, gate)
        assert [len(one) for one in files(site)] == [4, 4, 2]
        assert numbers(site) == ["GW100000000001", "GW100000000002", "GW100000000003"]
        assert len({item for one in files(site) for item in one}) == 10
        assert assemble.soonest(gate) is None and site.violations(gate) == []
        assert site.states(gate, "filing") == {"lodged": 10}


def test_of_a_filing_that_does_not_leave_nobody_is_told_that_it_is_late(site):
    collecting(site, "per_file: 4, every: 10m, cut_off: 2h before departure")
    site.post(mail(2))
    with site.gate() as gate:
        site.run(gate)
        late = [Collected(one, site.clock.at - timedelta(days=1)) for one in site.ids(gate, "filing", state="lodged")]
        due = Due("uk-customs.live", KIND, "production", gate.hub.way("uk-customs.live", KIND, "uk-h7"))
        queueing.queue(gate, due, late)
        reserving.reserve(gate, due, [late])
        assert len(late) == 2 and site.codes(gate, "filing") == set()


def test_by_time_alone_all_that_was_collected_is_one_file(site):
    collecting(site, "every: 10m")
    with site.gate() as gate:
        for seed in (7, 8):
            site.post(mail(3, seed, reference=f"ITM{seed}"), f"{seed}.xml")
            assert work(site, gate) == 0
        site.clock.at += timedelta(minutes=11)
        assert work(site, gate) == 2, "one reserved, one rendered"
        assert [len(one) for one in files(site)] == [6]


def test_without_a_time_one_a_file_at_once(site):
    collecting(site, "per_file: 1")
    site.post(mail(3))
    with site.gate() as gate:
        work(site, gate)
        assert [len(one) for one in files(site)] == [1, 1, 1] and site.violations(gate) == []


def test_documents_that_stand_alone_go_together_at_their_time(site):
    site.change("partners/uk-customs.yaml", "per_file: 1", "every: 10m")
    site.post(itmatt(3))
    with site.gate() as gate:
        work(site, gate)
        assert site.filed() == {}
        site.clock.at += assemble.soonest(gate)
        work(site, gate)
        assert len(site.filed()) == 3 and site.violations(gate) == []


def test_a_transport_that_leaves_ends_the_waiting(site):
    collecting(site, "every: 1d, cut_off: 2h before departure")
    with site.gate() as gate:
        leaves = (site.clock.at + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
        site.post(mail(2, leaves=leaves))
        assert work(site, gate) == 0
        assert timedelta(hours=2, minutes=58) < assemble.soonest(gate) < timedelta(hours=3), "a minute to be sent"
        site.clock.at += assemble.soonest(gate)
        work(site, gate)
        assert [len(one) for one in files(site)] == [2]
        assert "DLV667" not in site.codes(gate)


def test_past_the_cut_off_it_goes_at_once_and_says_so(site):
    collecting(site, "every: 1d, cut_off: 2h before departure")
    with site.gate() as gate:
        leaves = (site.clock.at + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        site.post(mail(1, leaves=leaves))
        work(site, gate)
        assert [len(one) for one in files(site)] == [1]
        assert site.codes(gate, "filing") == {"DLV667"} and site.violations(gate) == []


def test_a_day_of_departure_begins_at_its_senders_midnight(site):
    collecting(site, "every: 1d, cut_off: 2h before departure")
    site.post(mail(1, leaves="2031-07-16"))
    with site.gate() as gate:
        work(site, gate)
        (item,) = site.rows(gate, "item")
        assert item["departs_at"].isoformat() == "2031-07-15T22:00:00+00:00", "midnight in Paris"


def test_a_withdrawn_filing_leaves_its_envelope_and_the_number_is_void(site):
    collecting(site, "every: 10m")
    site.post(mail(3))
    with site.gate() as gate:
        operate.switch(gate, "connection", "uk-customs.live", "paused", "O:tester")
        site.poll(gate)
        while site.work_without_assembly(gate):
            pass
        while assemble.assemble(gate, flush=True):
            pass
        assert site.states(gate, "delivery") == {"queued": 1}
        with gate.journal.read() as conn:
            first, *_ = plan(conn, Wanted())
        assert [one.way for one in carry_out(gate, [first], "O:tester", "", "")] == ["withdrawn"]
        while assemble.assemble(gate, flush=True):
            pass
        site.deliver(gate)
        assert [len(one) for one in files(site)] == [2] and numbers(site) == ["GW100000000002"]
        assert site.states(gate, "delivery") == {"dropped": 1, "sent": 1} and site.violations(gate) == []


@pytest.mark.parametrize("rule", ["per_file: 2, every: 10m", "every: 10m"])
def test_a_paused_route_keeps_its_filings_and_wakes_nobody(site, rule):
    collecting(site, rule)
    site.post(mail(2))
    with site.gate() as gate:
        site.poll(gate)
        while site.work_without_assembly(gate):
            pass
        stopped = {("uk-h7", "production")}
        assert assemble.assemble(gate, paused=stopped, flush=True) == 0
        assert assemble.soonest(gate, stopped) is None
