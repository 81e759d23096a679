"""What is said beside an outcome: that an answer came too late, that goods must stop."""

import pytest

from gateway.findings.catalogue import text
from gateway.steps.hearing.remarks import _remarks as remarks
from gateway.steps.hearing.words import Word

MORNING, NOON, EVENING = (f"2026-09-14T{hour}:00:00Z" for hour in ("08", "12", "18"))


@pytest.mark.parametrize(
    ("before", "new", "codes"),
    [
        ([], [Word("accepted", "1", MORNING)], []),
        ([Word("accepted", "1", MORNING)], [Word("released", "1", NOON)], []),
        ([Word("released", "1", NOON)], [Word("accepted", "1", MORNING)], ["RSP730"]),
        ([Word("cleared", "1", NOON)], [Word("released", "1", EVENING)], ["RSP730"]),
        ([Word("accepted", "2", MORNING)], [Word("rejected", "1", NOON)], ["RSP730"]),
        ([Word("accepted", "1", MORNING)], [Word("accepted", "1", NOON)], []),
        ([Word("accepted", "1", MORNING)], [Word("duty_assessed", "1", NOON), Word("notice", "1", NOON)], []),
        ([Word("accepted", "1", MORNING)], [Word("do_not_load", "1", NOON)], ["RSP731"]),
        ([Word("detained", "1", MORNING)], [Word("accepted", "1", NOON)], ["RSP730"]),
        ([Word("detained", "1", MORNING)], [Word("released", "1", NOON)], []),
    ],
)
def test_a_remark_is_made_where_an_answer_changes_nothing_or_stops_the_goods(before, new, codes):
    assert [one.code for one in remarks(before, new)] == codes


def test_a_remark_says_what_was_said_and_what_holds():
    (one,) = remarks([Word("do_not_load", "1", NOON)], [Word("accepted", "1", EVENING)])
    assert text(one, "en") == f"customs said 'accepted' at {EVENING}; that changes nothing: 'do not load' holds"
