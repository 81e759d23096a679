from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.journal import ids
from gateway.journal.ids import ALPHABET, Ulids, encode, new_ids, timestamp


def test_ids_are_26_characters_and_rise():
    many = new_ids(5000)
    assert many == sorted(set(many))
    assert {len(one) for one in many} == {26}
    assert set("".join(many)) <= set(ALPHABET)


def test_ids_rise_while_the_clock_runs_back(monkeypatch):
    source = Ulids()
    before = source.take(3)
    monkeypatch.setattr(ids.time, "time_ns", lambda: 0)
    assert min(source.take(3)) > max(before)


def test_ids_from_many_threads_are_unique():
    source = Ulids()
    with ThreadPoolExecutor(8) as pool:
        taken = [one for part in pool.map(source.take, [500] * 16) for one in part]
    assert len(set(taken)) == 8000


def test_an_id_tells_when_it_was_made():
    assert abs(datetime.now(UTC) - timestamp(new_ids(1)[0])) < timedelta(seconds=5)


@pytest.mark.parametrize("moment", [datetime(1969, 12, 31, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC), ids.EPOCH])
def test_before_the_first_moment_of_ids_all_of_them_come_after(moment):
    assert ids.floor(moment) == "0" * 26


@given(st.integers(0, 2**128 - 1 - 5000), st.integers(1, 50))
def test_counting_upwards_is_encoding_each_number(first, count):
    assert list(ids._rising(first, count)) == [encode(first + n) for n in range(count)]


@pytest.mark.parametrize(("number", "text"), [(0, "0" * 26), (31, "0" * 25 + "Z"), (2**128 - 1, "7" + "Z" * 25)])
def test_encoding_is_crockfords_base_32(number, text):
    assert encode(number) == text
