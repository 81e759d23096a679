"""References of a sender that run: what is missing is an alarm after its time, and is none when it comes late."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from gateway.journal import schema
from gateway.settings.partner import Numbering
from gateway.steps.reading import sequence
from gateway.steps.reading.intake import intake
from tests.steps.test_exchange import itmatt

RULE = Numbering(grace=timedelta(hours=2))


def numbered(site, more=""):
    old = "{from: out/*.xml, complete: rename, after: move to done/}"
    site.change("partners/example-post.yaml", old, old[:-1] + f", sequence: {{grace: 2h{more}}}}}")


def send(site, gate, *references):
    for reference in references:
        seed = len(site.rows(gate, "file")) + 1
        site.post(itmatt(1, seed, reference=reference), f"{seed}.xml")
        site.poll(gate)
    while intake(gate):
        pass


def alarms(site, gate):
    sequence.watch(gate)
    return {row["subject"]: row["masked"] for row in site.rows(gate, "alert") if row["cleared_at"] is None}


def test_a_missing_number_is_an_alarm_after_its_time_and_none_when_it_comes(site):
    numbered(site)
    with site.gate() as gate:
        send(site, gate, "ITM0001", "ITM0002", "ITM0005")
        assert alarms(site, gate) == {}, "it may be on its way"
        site.clock.at += timedelta(hours=3)
        said = alarms(site, gate)
        assert list(said) == ["production example-post upu/itmatt-1.5"] and '"numbers":"ITM… 3-4"' in next(
            iter(said.values())
        )
        send(site, gate, "ITM0003")
        assert '"numbers":"ITM… 4"' in next(iter(alarms(site, gate).values())), (
            "what is left of a gap is as old as the gap"
        )
        send(site, gate, "ITM0004")
        assert alarms(site, gate) == {}
        assert [(row["first"], row["last"]) for row in site.rows(gate, "run")] == [(1, 5)]


def test_off_where_nothing_is_said(site):
    with site.gate() as gate:
        send(site, gate, "ITM0001", "ITM0009")
        assert site.rows(gate, "run") == []


def test_a_repeat_is_no_number_of_its_own_and_what_came_before_we_listened_is_not_missed(site):
    numbered(site)
    with site.gate() as gate:
        send(site, gate, "ITM0040", "ITM0041", "ITM0041")
        site.clock.at += timedelta(days=1)
        assert alarms(site, gate) == {}


def test_a_counter_that_is_set_back_begins_anew_and_says_so(site):
    numbered(site)
    with site.gate() as gate:
        send(site, gate, "ITM4000", "ITM4001", "ITM0001", "ITM0002")
        site.clock.at += timedelta(days=1)
        assert alarms(site, gate) == {} and site.codes(gate, "interchange") == {"INT941"}


def test_only_the_digits_that_run_count_and_a_year_begins_anew(site):
    numbered(site, ", digits: 4")
    with site.gate() as gate:
        send(site, gate, "D69998", "D69999", "D60001", "D70001", "D70003")
        site.clock.at += timedelta(days=1)
        assert '"numbers":"D7… 0002"' in next(iter(alarms(site, gate).values()))


def test_a_reference_without_a_number_is_told(site):
    numbered(site)
    with site.gate() as gate:
        send(site, gate, "ITM-A")
        assert site.codes(gate, "interchange") == {"INT942"}


def test_a_person_may_say_that_there_is_nothing_behind_a_number(site):
    numbered(site)
    with site.gate() as gate:
        send(site, gate, "ITM0001", "ITM0004", "ITM0009")
        site.clock.at += timedelta(days=1)
        with gate.journal.read() as conn:
            first, _ = sequence.gaps(gate, conn)
        with gate.journal.write() as conn:
            sequence.close(conn, first)
        assert '"numbers":"ITM… 5-8"' in next(iter(alarms(site, gate).values()))


def test_what_is_said_no_more_is_looked_for_no_more(site):
    numbered(site)
    with site.gate() as gate:
        send(site, gate, "ITM0001", "ITM0003")
        site.clock.at += timedelta(days=1)
        assert alarms(site, gate)
    site.change("partners/example-post.yaml", ", sequence: {grace: 2h}", "")
    with site.gate() as gate:
        assert alarms(site, gate) == {}


def missing(gate):
    with gate.journal.read() as conn:
        return [(gap.run, gap.numbers) for gap in sequence.gaps(gate, conn)]


def test_a_number_from_far_away_hides_nothing_that_is_missing(site):
    numbered(site)
    with site.gate() as gate:
        send(site, gate, "ITM1", "ITM5", "ITM99999999999")
        site.clock.at += timedelta(days=1)
        (odd,) = [row["id"] for row in site.rows(gate, "interchange") if row["reference"] == "ITM99999999999"]
        assert missing(gate) == [(f"ITM… before {odd}", "2-4")]
        assert f'"numbers":"ITM… before {odd} 2-4"' in next(iter(alarms(site, gate).values()))
        send(site, gate, "ITM7", "ITM3")
        assert missing(gate) == [(f"ITM… before {odd}", numbers) for numbers in ("2", "4", "6")], "it goes on"
        send(site, gate, "ITM2", "ITM4", "ITM6")
        assert alarms(site, gate) == {} and missing(gate) == []
        assert site.codes(gate, "interchange") == {"INT941"}


def test_what_was_missing_before_a_counter_was_set_back_can_be_closed_or_comes_late(site):
    numbered(site)
    with site.gate() as gate:
        send(site, gate, "ITM4000", "ITM4003", "ITM4010", "ITM0001", "ITM0003", "ITM4001")
        (began,) = [row["id"] for row in site.rows(gate, "interchange") if row["reference"] == "ITM0001"]
        old = f"ITM… before {began}"
        assert missing(gate) == [("ITM…", "2"), (old, "4002"), (old, "4004-4009")]
        for _ in range(2):
            with gate.journal.read() as conn:
                (gap, *_) = [one for one in sequence.gaps(gate, conn) if one.run == old]
            with gate.journal.write() as conn:
                sequence.close(conn, gap)
        assert missing(gate) == [("ITM…", "2")]


def test_references_that_do_not_run_at_all_leave_no_more_than_two_runs(site):
    numbered(site)
    with site.gate() as gate:
        send(site, gate, *(f"ITM{number:06d}" for number in (1, 200_000, 400_000, 600_000, 800_000)))
        assert len(site.rows(gate, "run")) == 2 and missing(gate) == []


def test_runs_are_told_apart_by_the_case_of_their_letters(site):
    numbered(site)
    with site.gate() as gate:
        send(site, gate, "ITM1", "ITM900000", "itm1", "itm3")
        assert missing(gate) == [("itm…", "2")]
        assert len([row for row in site.rows(gate, "run") if row["prefix"] == "ITM"]) == 1


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    from tests.steps.site import Site

    site = Site(tmp_path_factory.mktemp("site"))
    numbered(site)
    with site.gate() as gate:
        send(site, gate, "ITM0001")
        yield site, gate


@given(st.permutations(range(1, 16)), st.integers(0, 15))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_in_any_order_what_is_missing_is_what_did_not_come(shared, order, count):
    """Against a set of numbers: exactly those between the first and the last that came are missing."""
    site, gate = shared
    came = order[:count]
    (one,) = site.ids(gate, "interchange")[:1]
    key = ("production", "FRA", "upu/itmatt-1.5", "ITM")
    with gate.journal.write() as conn:
        conn.execute(delete(schema.run))
        for number in came:
            assert list(sequence._note(conn, key, number, RULE, gate.now(), one)) == []
    with gate.journal.read() as conn:
        found = {n for gap in sequence.gaps(gate, conn) for n in range(gap.first, gap.last + 1)}
    assert found == (set(range(min(came), max(came))) - set(came) if came else set())
