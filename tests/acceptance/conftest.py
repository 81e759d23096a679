"""A stage for each test: both partners on loopback, the gateway's configuration, messages of today."""

from datetime import UTC, datetime

import pytest

from gateway.demo import corpus
from gateway.demo.scene import Scene


@pytest.fixture
def scene(tmp_path):
    with Scene(tmp_path / "scene", seed=7) as scene:
        yield scene


@pytest.fixture
def mail():
    """A message of the post that was prepared today, under a reference of its own."""

    def make(items, seed=7, faults=0.0, **facts):
        facts = {"sender": "FRA", "reference": f"ITM{seed:011}", "day": datetime.now(UTC).date()} | facts
        return b"".join(corpus.itmatt(items, seed, faults, **facts))

    return make
