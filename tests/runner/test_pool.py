"""Workers die, hang and meet bugs; the pool says so and goes on."""

import os
import signal
import time

import pytest

from gateway.runner.pool import Lost, Pool
from gateway.steps.working.outcome import WriteDone, WriteJob
from tests.runner.odd_workers import answering, babbling, hanging, suicidal
from tests.runner.setups import NOW, SETUP

JOB = WriteJob(SETUP, NOW, ())


@pytest.fixture
def pool(request):
    made = Pool(2, **request.param)
    yield made
    made.close()


def ended(pool, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := pool.collect(0.2):
            return found
    return []


@pytest.mark.parametrize("pool", [{"target": answering}], indirect=True)
def test_a_job_comes_back_under_its_token(pool):
    pool.submit("a", JOB)
    pool.submit("b", JOB)
    assert pool.idle == 0
    found = ended(pool) + ended(pool)
    assert {(one.token, type(one.result)) for one in found} == {("a", WriteDone), ("b", WriteDone)}
    assert pool.idle == 2


@pytest.mark.parametrize("pool", [{"target": suicidal}], indirect=True)
def test_a_worker_that_dies_is_reported_and_replaced(pool):
    for _ in range(3):
        pool.submit("a", JOB)
        (one,) = ended(pool)
        assert (one.token, type(one.result)) == ("a", Lost)


@pytest.mark.parametrize("pool", [{"target": hanging, "deadline": 0.5}], indirect=True)
def test_a_worker_that_overstays_is_ended(pool):
    pool.submit("a", JOB)
    (one,) = ended(pool)
    assert isinstance(one.result, Lost) and "deadline" in one.result.why


@pytest.mark.parametrize("pool", [{"target": answering}], indirect=True)
def test_one_killed_while_idle_loses_only_the_next_try(pool):
    pool.submit("a", JOB)
    ended(pool)
    for pid in pool.pids():
        os.kill(pid, signal.SIGKILL)
    pool.submit("b", JOB)
    (one,) = ended(pool)
    if isinstance(one.result, Lost):
        pool.submit("b", JOB)
        (one,) = ended(pool)
    assert isinstance(one.result, WriteDone)


@pytest.mark.parametrize("pool", [{"target": answering}], indirect=True)
def test_a_wake_up_ends_the_wait(pool):
    pool.wake()
    began = time.monotonic()
    assert pool.collect(30) == []
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("pool", [{"target": babbling}], indirect=True)
def test_a_worker_that_gives_no_answer_is_replaced(pool):
    pool.submit("a", JOB)
    (one,) = ended(pool)
    assert isinstance(one.result, Lost) and pool.idle == 2


def test_a_wake_up_after_the_end_touches_nothing(tmp_path):
    pool = Pool(1)
    pool.close()
    with (tmp_path / "journal").open("wb") as other:  # may have got the number of the pipe
        pool.wake()
    assert other.name and (tmp_path / "journal").read_bytes() == b""
