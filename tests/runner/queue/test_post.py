"""Units of work wait once each; what dead hosts and workers have left is thrown away."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from gateway.journal.store import JournalUnavailable
from gateway.runner.queue import space


def jobs(post):
    found = post._connector.execute_query_all(
        "select task_name || ' ' || queue_name || ' ' || args::text as said from procrastinate_jobs order by id"
    )
    return [row["said"] for row in found]


def run(post, query):
    post._connector.execute_query(query)


def test_hosts_that_start_together_make_the_tables_once(gate):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: space.install(gate.journal.url), range(4)))
    with gate.journal.read() as conn:
        assert conn.scalar(text("select to_regclass(:name) is not null"), {"name": f"{space.NAME}.procrastinate_jobs"})


@pytest.mark.usefixtures("post")
def test_its_tables_are_not_among_the_journals(gate):
    query = "select table_schema from information_schema.tables where table_name ~ :name"
    with gate.journal.read() as conn:
        assert set(conn.scalars(text(query), {"name": "^duty$"})) == {"public"}
        assert set(conn.scalars(text(query), {"name": "^procrastinate"})) == {space.NAME}


def test_a_unit_waits_once(post):
    for _ in range(3):
        post.line("poll", "post.live")
        post.line("deliver", "post.live")
        post.tick()
    assert jobs(post) == [
        'poll lines {"name": "post.live"}', 'deliver lines {"name": "post.live"}', "tick lines {}"
    ]  # fmt: skip


def test_what_is_for_one_host_waits_apart(post):
    post.line("poll", "post.live")
    post.line("poll", "post.live", "run-1")
    assert jobs(post)[1] == 'poll host/run-1 {"name": "post.live"}'
    assert post.hosts() == {"run-1"}


def test_batches_are_handed_in_group_by_group(post):
    assert post.translate([["F/1", "F/2"], ["F/3"]]) == 2
    assert post.translate([["F/1", "F/2"], ["F/3"], ["F/4"]]) == 1
    assert jobs(post)[0] == 'translate units {"ids": ["F/1", "F/2"]}'
    assert post.translate([]) == 0


def test_jobs_of_hosts_that_are_gone_are_forgotten(post):
    post.line("poll", "post.live", "run-1")
    post.line("poll", "post.live", "run-2")
    post.line("poll", "post.live")
    post.forget({"run-2"})
    assert [job.split()[1] for job in jobs(post)] == ["host/run-2", "lines"]


@pytest.mark.parametrize(("beat", "left"), [(0, 1), (300, 0)])
def test_jobs_of_dead_workers_are_forgotten_and_those_of_living_ones_are_not(post, beat, left):
    post.line("poll", "post.live")
    beats = "insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => %(beat)s))"
    post._connector.execute_query(beats, beat=beat)
    run(post, "update procrastinate_jobs set status = 'doing', worker_id = (select max(id) from procrastinate_workers)")
    post.forget(())
    assert len(jobs(post)) == left
    post.line("poll", "post.live")
    assert len(jobs(post)) == left + 1, "one that is being done keeps no other from waiting"


def test_a_queue_that_is_away_costs_nothing_but_time(post):
    run(post, "drop table procrastinate_jobs cascade")
    post.tick()
    with pytest.raises(JournalUnavailable):
        post.translate([["F/1"]])
