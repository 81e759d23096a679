"""Talks: many under way, held by one thread, each to its end."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from gateway.transport.talk import due, each, now, side_by_side


def answered(value):
    future = Future()
    future.set_result(value)
    return future


def test_a_talk_waits_for_each_of_its_answers():
    async def talk(pool):
        return await due(pool.submit(int, "4")) + await due(answered(3))

    with ThreadPoolExecutor(1) as pool:
        assert now(talk(pool), 5) == 7


def test_no_answer_is_a_timeout_inside_the_talk():
    cleaned = []

    async def talk():
        try:
            await due(Future())
        finally:
            cleaned.append(await due(answered("closed")))

    with pytest.raises(TimeoutError):
        now(talk(), 0.01)
    assert cleaned == ["closed"]


def test_results_come_in_the_order_of_the_talks_whoever_ends_first():
    waiting = [Future() for _ in range(5)]

    async def talk(number):
        return await due(waiting[number])

    def answer():
        for number in reversed(range(5)):
            waiting[number].set_result(number)

    threading.Timer(0.01, answer).start()
    assert side_by_side(map(talk, range(5)), 5) == [0, 1, 2, 3, 4]


def test_no_more_are_under_way_than_are_allowed():
    under_way, most = set(), []

    async def talk(number, pool):
        under_way.add(number)
        for _ in range(3):
            most.append(len(under_way))
            await due(pool.submit(len, under_way))
        under_way.discard(number)

    with ThreadPoolExecutor(2) as pool:
        side_by_side((talk(number, pool) for number in range(40)), 7)
    assert max(most) == 7


def test_one_that_fails_stops_no_other():
    ended = []

    async def talk(number, pool):
        await due(pool.submit(len, ""))
        if number % 2:
            raise ValueError(number)
        ended.append(number)

    with ThreadPoolExecutor(2) as pool, pytest.raises(ValueError, match="1"):
        side_by_side((talk(number, pool) for number in range(10)), 3)
    assert sorted(ended) == [0, 2, 4, 6, 8]


def test_what_is_left_early_is_ended_properly():
    closed = []

    async def stream():
        try:
            for number in range(10):
                yield await due(answered(number))
        finally:
            closed.append(await due(answered(True)))

    numbers = each(stream(), 5)
    assert [next(numbers), next(numbers)] == [0, 1]
    numbers.close()
    assert closed == [True]
    assert list(each(stream(), 5)) == list(range(10))


def test_nothing_to_do_is_done():
    assert side_by_side([], 4) == []
