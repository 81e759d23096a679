"""When something is due: after an interval, or at the times of a cron line in the partner's zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.settings.timetable import due
from gateway.settings.values import Schedule

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)


def runs(cron, since, count, zone=BERLIN):
    found = []
    while len(found) < count:
        found.append(due(Schedule(cron=cron), found[-1] if found else since, zone))
    return [moment.astimezone(zone).strftime("%d %H:%M %z") for moment in found]


def test_an_interval_counts_from_the_last_time():
    assert due(Schedule(timedelta(minutes=5)), NOON, BERLIN) == NOON + timedelta(minutes=5)


def test_without_a_schedule_it_is_due_at_once():
    assert due(None, NOON, BERLIN) == NOON


def test_a_cron_line_means_the_clock_on_the_partners_wall():
    assert due(Schedule(cron="0 6 * * *"), NOON, ZoneInfo("Indian/Mauritius")).astimezone(UTC).hour == 2
    assert due(Schedule(cron="0 6 * * *"), NOON, ZoneInfo("UTC")).astimezone(UTC).hour == 6


def test_a_weekday_is_the_one_it_names():
    assert due(Schedule(cron="0 6 * * sun"), NOON, BERLIN).strftime("%A") == "Sunday"


def test_when_the_clocks_go_forward_what_has_no_time_comes_later():
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert runs("30 2 * * *", spring, 2) == ["29 03:30 +0200", "30 02:30 +0200"]


def test_when_the_clocks_go_back_no_day_is_left_out():
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    days = [run.partition(" ")[0] for run in runs("30 2 * * *", autumn, 4)]
    assert list(dict.fromkeys(days))[:3] == ["25", "26", "27"]


def test_a_day_that_never_comes_is_never_due():
    assert due(Schedule(cron="0 6 30 2 *"), NOON, BERLIN).year == 9999


@pytest.mark.parametrize("cron", ["0 25 * * *", "99 6 * * mon", "0 6 * * funday", "0 6 1-99 * *"])
def test_a_cron_line_that_names_no_time_is_a_fault_of_the_configuration(folder, cron):
    folder.change("partners/uk-customs.yaml", "every: 30s", f'every: "{cron}"')
    assert [fault.partition(" ")[0] for fault in folder.faults()] == ["CFG108"]


def test_a_partner_without_a_zone_has_that_of_the_gateway(folder):
    folder.change("partners/example-post.yaml", "timezone: Europe/Paris\n", "")
    settings, faults = folder.load()
    assert not faults
    line = settings.connection("example-post.live")
    assert line.timezone == line.outbound[0].timezone == ZoneInfo("Europe/Brussels")
    assert settings.connection("uk-customs.live").timezone == ZoneInfo("Europe/London")
