"""Deadlines that cut."""

import threading
import time
from contextlib import contextmanager

import pytest

from gateway.transport.watchdog import Watchdog


@contextmanager
def watched():
    cut = threading.Event()
    watchdog = Watchdog(cut.set)
    try:
        yield watchdog, cut
    finally:
        watchdog.close()


def fail_when(cut):
    assert cut.wait(30)
    raise OSError


def test_work_in_time_is_left_alone():
    with watched() as (watchdog, cut):
        with watchdog.within(1):
            pass
        assert not cut.wait(1.2)


def test_late_work_is_cut_and_says_why():
    with watched() as (watchdog, cut), pytest.raises(TimeoutError), watchdog.within(0.05):
        fail_when(cut)


def test_an_error_of_its_own_stays_what_it_is():
    with watched() as (watchdog, cut), pytest.raises(OSError, match="own"), watchdog.within(5):
        raise OSError("own")
    assert not cut.is_set()


def test_a_vain_wait_cuts_too():
    with watched() as (watchdog, cut), pytest.raises(TimeoutError), watchdog.within(5):
        raise TimeoutError
    assert cut.is_set()


def test_the_shorter_of_two_counts():
    with watched() as (watchdog, cut), watchdog.within(60):
        start = time.monotonic()
        with pytest.raises(TimeoutError), watchdog.within(0.05):
            fail_when(cut)
        assert time.monotonic() - start < 30


def test_progress_earns_time():
    with watched() as (watchdog, cut):
        with watchdog.within(1) as allowance:
            for _ in range(4):
                time.sleep(0.3)
                allowance.earn(1)
        assert not cut.is_set()
