"""The page of `status`: what is wrong first, ages in words, a command for every line that wants one."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.cli.status import MOST_ALARMS, Page, age_of
from gateway.steps.watching.notice import Alarm
from gateway.steps.watching.overview import LineState, Moving, Overdue, Overview, Waiting

NOW = datetime(2026, 9, 15, 12, tzinfo=UTC)
TAIL = " --config c"


def page(**found):
    nothing = {
        "lines": (),
        "moving": {},
        "steps": (),
        "waiting": (),
        "overdue": 0,
        "late": (),
        "stopped": {},
        "alarms": (),
    }
    return "\n".join(Page(NOW, TAIL, "en").lines(Overview(**nothing | found), {}))


def line(**facts):
    usual = {"name": "uk.live", "environment": "production", "state": "active", "reason": "", "last_in": None}
    return LineState(**usual | {"quiet": False, "on_the_way": 0, "failures": 0, "next_try_at": None} | facts)


def alarm(subject="uk.live", status="still"):
    since = NOW - timedelta(hours=2)
    return Alarm(
        "DLV602", "x", "error", subject, status, since, 1, f"no connection to {subject}", "wait", "gateway rule X"
    )


def test_a_gateway_without_work_and_trouble_says_so_in_few_lines():
    said = page(lines=(line(),))
    assert "alarms" not in said
    assert "uk.live                      production  active, no file yet, 0 to send" in said
    assert said.count("  nothing") == 2


def test_alarms_come_first_with_their_age_and_what_looks_at_them():
    said = page(alarms=(alarm(), alarm("dk.live", "new")))
    assert said.startswith("alarms\n")
    assert "   DLV602  no connection to uk.live (for 2 h)\n           gateway rule X --config c" in said
    assert "no connection to dk.live (for 2 h, nobody was told yet)" in said


def test_a_storm_does_not_fill_the_screen():
    said = page(alarms=tuple(alarm(f"line-{n}") for n in range(1000)))
    assert f"and {1000 - MOST_ALARMS} more" in said
    assert len(said.splitlines()) < 40


def test_a_line_that_fails_says_when_it_is_tried_again_and_how_to_try_it_now():
    failing = line(state="unreachable", reason="PartnerUnreachable", failures=7, next_try_at=NOW + timedelta(minutes=4))
    said = page(lines=(failing,))
    assert "unreachable (PartnerUnreachable), no file yet, 0 to send, next try in 4 min" in said
    assert "gateway partner test uk.live --config c" in said
    assert "is tried again now" in page(lines=(line(failures=1, next_try_at=NOW - timedelta(1)),))


def test_a_line_or_route_that_was_stopped_is_resumed():
    said = page(lines=(line(state="paused", next_try_at=NOW),), stopped={"uk-h7": "braked in test"})
    assert "gateway resume uk.live --config c" in said
    assert "route uk-h7 is braked in test\n           gateway resume uk-h7 --config c" in said
    assert "next try" not in said


def test_silence_late_answers_and_what_waits_have_their_commands():
    late = Overdue("uk.live", 3, NOW - timedelta(days=2))
    waits = Waiting("items held", 2, NOW - timedelta(seconds=5), (("SRC332", 2),), "gateway items search --state held")
    said = page(lines=(line(quiet=True),), late=(late,), waiting=(waits,), overdue=3)
    assert "SILENT for too long\n           gateway partner test uk.live" in said
    assert "      3  filings without an answer in time: ask uk.live (since 2 d)\n" in said
    assert "      2  items held, oldest 5 s: SRC332 2\n           gateway items search --state held --config c" in said


def test_what_is_on_its_way_has_its_oldest_and_its_command_in_one_line():
    moving = Moving("assemble", "filings to assemble", 1234, NOW - timedelta(minutes=7), "gateway filings list")
    (row,) = [one for one in page(steps=(moving,)).splitlines() if "assemble" in one]
    assert row.startswith("    1,234  filings to assemble, oldest 7 min")
    assert row.endswith("  gateway filings list --config c")


@pytest.mark.parametrize(("seconds", "said"), [(-5, "0 s"), (0, "0 s"), (60, "1 min"), (86_399, "23 h")])
def test_ages_are_told_in_their_largest_unit(seconds, said):
    assert age_of(seconds) == said
