"""A short storm in every run; the long one is `python -m tests.acceptance.chaos`."""

import pytest

from tests.acceptance.chaos import storm


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_is_lost_and_nothing_twice_when_the_daemon_is_killed(tmp_path):
    result = storm(tmp_path / "scene", kills=8, seed=3, items=10)
    assert result.clean, result
