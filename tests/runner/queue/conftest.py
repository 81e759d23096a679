"""Hosts without processes: gates over one database, as several hosts have them."""

from contextlib import ExitStack

import pytest

from gateway.runner.queue import space
from gateway.runner.queue.duties import Duties
from gateway.runner.queue.post import Post
from tests import postgresql
from tests.steps.site import Site


@pytest.fixture
def site(tmp_path):
    with postgresql.journal() as url:
        yield Site(tmp_path, journal=url)


@pytest.fixture
def gates(site):
    """Two hosts' gates."""
    with site.gate() as first, site.gate() as second:
        yield first, second


@pytest.fixture
def gate(gates):
    return gates[0]


@pytest.fixture
def post(gate):
    space.install(gate.journal.url)
    made = Post(gate.journal.url)
    made.open()
    yield made
    made.close()


@pytest.fixture
def duties(gates):
    """The duties of both hosts; each says in `lost` how often they were gone at once."""
    with ExitStack() as stack:
        made = []
        for gate in gates:
            lost = []
            one = Duties(gate.journal, gate.owner, lambda lost=lost: lost.append(1))
            one.lost = lost
            one.open()
            stack.callback(one.close)
            made.append(one)
        yield tuple(made)
