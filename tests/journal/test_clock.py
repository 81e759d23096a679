from datetime import timedelta

from gateway.journal.clock import SystemClock


def test_the_machines_clock_is_aware_and_utc():
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_monotonic_seconds_never_run_backwards():
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()
