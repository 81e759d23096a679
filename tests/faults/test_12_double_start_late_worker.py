"""Row 12, double start and late worker: who comes late to a piece of work finds it done and changes nothing.

Two daemons on one state folder: `tests/acceptance/test_two_daemons.py`.
"""

import os
import signal
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from gateway.journal.schema import batch
from gateway.journal.snapshot import dump
from gateway.runner.pool import Ended, Pool
from gateway.steps.reading import intake, translate
from gateway.steps.working.outcome import BundleDone
from gateway.steps.working.translation import perform
from tests.servers import stand_still
from tests.steps.test_exchange import itmatt

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ITEMS = 4


@pytest.fixture
def pool():
    with closing(Pool(1)) as pool:
        yield pool


def given_to(pool, site, gate):
    """A batch in the hands of a worker that stands still; gives it and the worker."""
    site.post(itmatt(ITEMS))
    site.poll(gate)
    intake.intake(gate)
    ((taken, job),) = translate.take(gate, 1)
    pool.submit("late", job)
    (worker,) = pool.pids()
    stand_still(worker)
    return taken, worker


def lapse(gate):
    """The lease of what is claimed is over, by the time of whichever store."""
    with gate.journal.write() as conn:
        conn.execute(update(batch).where(batch.c.state == "claimed").values(lease_until=LONG_AGO))
    assert translate.expire(gate) == 1


def books(gate):
    """All that the journal says."""
    with gate.journal.read() as conn:
        return dump(conn)


def late(pool, worker):
    """What the worker brings as soon as it may go on."""
    os.kill(worker, signal.SIGCONT)
    (ended,) = pool.collect(60)
    assert isinstance(ended, Ended) and isinstance(ended.result, BundleDone)
    return ended.result


def test_what_a_worker_brings_after_another_did_its_work_changes_nothing(stored, pool):
    with stored.gate() as gate:
        taken, worker = given_to(pool, stored, gate)
        lapse(gate)
        stored.run(gate)
        assert stored.states(gate) == {"accepted": ITEMS} and len(stored.filed()) == ITEMS
        before = books(gate)
        translate.finish(gate, taken, late(pool, worker))
        assert books(gate) == before and stored.violations(gate) == []
        stored.run(gate)
        assert stored.states(gate) == {"accepted": ITEMS} and len(stored.filed()) == ITEMS


def test_what_a_worker_brings_while_another_is_at_its_work_is_thrown_away(stored, pool):
    with stored.gate() as gate:
        taken, worker = given_to(pool, stored, gate)
        lapse(gate)
        ((again, job),) = translate.take(gate, 1)
        assert again[0][0].attempt == taken[0][0].attempt + 1
        translate.finish(gate, taken, late(pool, worker))
        assert stored.states(gate) == {} and stored.states(gate, "batch") == {"claimed": 1}, "the later claim holds"
        translate.finish(gate, again, perform(job))
        stored.run(gate)
        assert stored.states(gate) == {"accepted": ITEMS} and stored.violations(gate) == []
