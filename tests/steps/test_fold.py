"""The outcome of a filing does not depend on the order or number of what customs says."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.steps.fold import RANK, Word, fold, is_final

WORDS = st.lists(
    st.builds(
        Word,
        st.sampled_from([*RANK, "notice", "request_denied"]),
        st.sampled_from(["", "1", "2"]),
        st.sampled_from(["2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z", "2026-01-02T10:00:00Z"]),
    ),
    max_size=6,
)


@given(WORDS, st.randoms())
def test_order_and_repetition_make_no_difference(words, chance):
    shuffled = [*words, *words]
    chance.shuffle(shuffled)
    assert fold(shuffled) == fold(words)


def test_a_block_stays_until_an_explicit_release():
    block = Word("do_not_load", "1", "2026-01-01T10:00:00Z")
    assert fold([block, Word("accepted", "1", "2026-01-02T10:00:00Z")]) == "do_not_load"
    assert fold([block, Word("released", "1", "2026-01-02T10:00:00Z")]) == "released"


def test_a_refused_request_does_not_reject_the_declaration():
    assert fold([Word("accepted", "1", "2026-01-01"), Word("request_denied", "1", "2026-01-02")]) == "accepted"


def test_a_newer_version_counts_before_a_later_time():
    assert fold([Word("rejected", "1", "2026-01-03"), Word("accepted", "2", "2026-01-02")]) == "accepted"


def test_nothing_said_is_no_outcome():
    assert fold([]) == "" and not is_final("") and is_final("cleared")
