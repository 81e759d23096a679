from datetime import timedelta

import pytest
from sqlalchemy import select

from gateway.findings.errors import JournalFault
from gateway.journal import claims
from gateway.journal.claims import Claim, LeaseLost
from gateway.journal.schema import batch, delivery

MINUTE = timedelta(minutes=1)
WORK = ("due", "claimed")


@pytest.fixture
def batches(world):
    file = world.file()
    interchange = world.interchange(file)
    return [world.batch(file, interchange, seq, state="due") for seq in (1, 2, 3)]


def claim(journal, owner="me", limit=1, lease=MINUTE):
    with journal.write() as conn:
        return claims.claim(conn, batch, WORK, owner, lease, limit)


def states(journal):
    with journal.read() as conn:
        return conn.scalars(select(batch.c.state).order_by(batch.c.id)).all()


def test_the_oldest_due_rows_are_taken_once(journal, batches):
    assert claim(journal, limit=2) == [Claim(batches[0], "me", 1), Claim(batches[1], "me", 1)]
    assert claim(journal, "other", limit=2) == [Claim(batches[2], "other", 1)]
    assert claim(journal, "other") == []
    assert states(journal) == ["claimed"] * 3


def test_an_attempt_is_counted_with_each_claim(journal, batches):
    for attempt in (1, 2, 3):
        assert claim(journal) == [Claim(batches[0], "me", attempt)]
        with journal.write() as conn:
            conn.execute(batch.update().values(state="due"))


@pytest.mark.usefixtures("batches")
def test_finished_work_is_done(journal):
    (held,) = claim(journal)
    with journal.write() as conn:
        claims.finish(conn, batch, held, ("claimed", "done"))
    assert states(journal)[0] == "done"


@pytest.mark.usefixtures("batches")
@pytest.mark.parametrize("late", [{"owner": "another"}, {"attempt": 2}])
def test_a_late_worker_is_stopped_at_the_fence(journal, late):
    (held,) = claim(journal)
    with pytest.raises(LeaseLost), journal.write() as conn:
        claims.finish(conn, batch, held._replace(**late), ("claimed", "done"))
    assert states(journal)[0] == "claimed"


def test_a_lease_is_over_when_its_time_is(journal, batches, clock):
    claim(journal)
    with journal.write() as conn:
        before = claims.lapsed(conn, batch, "claimed")
    clock.forward(seconds=61)
    with journal.write() as conn:
        assert (before, claims.lapsed(conn, batch, "claimed")) == ([], batches[:1])


def test_at_start_every_lease_of_an_owner_can_be_voided(journal, batches):
    claim(journal, "one")
    claim(journal, "two")
    with journal.read() as conn:
        assert claims.owned(conn, batch, "claimed", "one") == batches[:1]
        assert claims.owned(conn, batch, "claimed") == batches[:2]


def test_what_is_to_be_tried_later_is_not_due(world, journal, clock):
    world.delivery(next_try_at=clock.now() + claims.LONGEST_WAIT - MINUTE)
    ready = world.delivery(next_try_at=clock.now() - MINUTE)
    with journal.write() as conn:
        taken = claims.claim(conn, delivery, ("queued", "sending"), "me", MINUTE, 10)
    assert [one.id for one in taken] == [ready]


def test_what_would_wait_for_longer_than_anything_does_is_due_now(world, journal, clock):
    """The clock was set back."""
    ready = world.delivery(next_try_at=clock.now() + claims.LONGEST_WAIT + MINUTE)
    with journal.write() as conn:
        assert [one.id for one in claims.claim(conn, delivery, ("queued", "sending"), "me", MINUTE, 10)] == [ready]


def test_a_claim_can_be_narrowed_to_a_connection(world, journal):
    world.delivery(connection="dk.live")
    wanted = world.delivery(connection="uk.live")
    with journal.write() as conn:
        here = delivery.c.connection == "uk.live"
        taken = claims.claim(conn, delivery, ("queued", "sending"), "me", MINUTE, 10, here)
    assert [one.id for one in taken] == [wanted]


def test_hosts_that_claim_one_after_the_other_get_different_rows(journal, batches):
    first, second = claim(journal, owner="here"), claim(journal, owner="there")
    assert [one.id for one in first + second] == batches[:2]


def test_claims_are_made_in_writing_transactions(journal):
    with journal.read() as conn, pytest.raises(JournalFault):
        claims.claim(conn, batch, WORK, "me", MINUTE, 1)
