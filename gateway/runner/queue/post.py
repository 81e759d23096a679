"""Where units of work are handed in. One that waits already is not handed in twice; one that gets lost is due again."""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import LiteralString

from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector
from procrastinate.types import JSONValue
from sqlalchemy import URL

from gateway.findings.failpoint import effect
from gateway.journal.store import JournalUnavailable
from gateway.runner.queue.space import pool_of

LINES, UNITS = "lines", "units"
STALLED = 60.0  # seconds without a sign of life after which a worker counts as dead

WAITING = "select queueing_lock from procrastinate_jobs where status = 'todo'"
# Jobs are hints: those of dead workers are thrown away, the steps say again what is due.
FORGET = """
delete from procrastinate_jobs where status in ('succeeded', 'failed', 'cancelled', 'aborted')
    or status = 'todo' and queue_name like 'host/%%' and not queue_name = any(%(alive)s)
    or status = 'doing' and (worker_id is null or worker_id in (
        select id from procrastinate_workers where last_heartbeat < now() - make_interval(secs => %(stalled)s)))
"""
HOSTS = "select distinct queue_name from procrastinate_jobs where queue_name like 'host/%%'"

log = logging.getLogger("gateway.queue")


class Post:
    """Any thread hands in here. Whatever asks what is there raises JournalUnavailable when the server is away."""

    def __init__(self, url: URL) -> None:
        self._connector = SyncPsycopgConnector(**pool_of(url, 8))
        self._manager = JobManager(self._connector)

    def open(self) -> None:
        self._connector.open()

    def close(self) -> None:
        self._connector.close()

    def line(self, task: str, name: str, host: str = "") -> None:
        """`poll` or `deliver` on a line; for the host that has it, where that is known."""
        self._put(task, queue_of(host) if host else LINES, f"{task}/{name}/{host}", name=name)

    def tick(self, host: str = "") -> None:
        self._put("tick", queue_of(host) if host else LINES, f"tick/{host}")

    def translate(self, groups: Sequence[Sequence[str]]) -> int:
        """Batches, a unit for each group; returns how many were not waiting already."""
        waiting = set(self._column(WAITING)) if groups else set()
        fresh = {f"translate/{group[0]}": group for group in groups}
        fresh = {lock: group for lock, group in fresh.items() if lock not in waiting}
        for lock, group in fresh.items():
            self._put("translate", UNITS, lock, ids=list(group))
        return len(fresh)

    def hosts(self) -> frozenset[str]:
        """Hosts that something waits for."""
        return frozenset(queue.removeprefix("host/") for queue in self._column(HOSTS))

    def forget(self, alive: Collection[str]) -> None:
        """Throw away what nobody will do: jobs of dead workers, and of hosts that are not alive."""
        queues = [queue_of(host) for host in alive]
        with effect("queue.forget"), _reached():
            self._connector.execute_query(FORGET, alive=queues, stalled=STALLED)

    def _column(self, query: LiteralString) -> list[str]:
        with _reached():
            return [value for row in self._connector.execute_query_all(query) for value in row.values()]

    def _put(self, task: str, queue: str, lock: str, **arguments: JSONValue) -> None:
        job = Job(task_name=task, queue=queue, lock=None, queueing_lock=lock, task_kwargs=arguments)
        try:
            with effect("queue.put"):
                self._manager.defer_job(job)
        except AlreadyEnqueued:
            pass
        except ConnectorException:
            log.warning("queue.away", extra={"unit": lock})


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except ConnectorException as error:
        raise JournalUnavailable("the queue does not answer") from error


def queue_of(host: str) -> str:
    """What is meant for one host alone."""
    return f"host/{host}"
