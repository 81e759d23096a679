"""References taken apart, counters that begin anew."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.steps.reading.runs import Stretch, is_new_run, missing, numbered, spelt, unrolled


@given(st.text("ABZ-", max_size=5), st.integers(0, 10**9))
def test_a_reference_is_its_prefix_and_its_number(prefix, number):
    assert numbered(f"{prefix}{number}") == (prefix, number)


@given(st.text(max_size=40), st.integers(1, 17) | st.none())
def test_any_text_is_taken_apart_or_is_none(text, digits):
    found = numbered(text, digits)
    if found is not None:
        assert text.startswith(found.prefix)
        assert int(text[len(found.prefix) :]) == found.number


@given(st.integers(1, 6), st.integers(0, 10**7), st.integers(-400, 400))
def test_a_counter_that_begins_anew_goes_on(digits, last, step):
    turn = 10**digits
    if abs(step) < turn // 2 and last + step >= 0:
        assert unrolled((last + step) % turn, last, digits) == last + step


@given(st.sets(st.integers(1, 300), min_size=1))
def test_what_is_missing_is_what_lies_between(numbers):
    inside = set(range(min(numbers), max(numbers))) - numbers
    ordered = sorted(numbers)
    starts = [n for n in ordered if n - 1 not in numbers]
    ends = [n for n in ordered if n + 1 not in numbers]
    gaps = missing([Stretch(*pair) for pair in zip(starts, ends, strict=True)])
    assert {n for first, last in gaps for n in range(first, last + 1)} == inside


def test_a_zero_that_is_left_out_is_not_missing():
    assert missing([Stretch(9990, 9999), Stretch(10_001, 10_005)], 4) == []
    assert spelt(missing([Stretch(9990, 9998), Stretch(10_001, 10_005)], 4), 4) == "9999-0000"


def test_a_counter_set_back_or_far_ahead_is_a_new_run():
    assert is_new_run(1, 4000, 5000) and is_new_run(900_000, 4000, 5000)
    assert not is_new_run(3990, 4000, 5000) and not is_new_run(5100, 4000, 5000)


def test_many_gaps_are_shortened():
    assert spelt([(n, n) for n in range(1, 40, 2)], most=3) == "1, 3, 5, …"
