"""This host's hands: Procrastinate's workers, in a thread with a loop of their own. They fetch jobs and run the tasks.

Lines and units have workers of their own, so that polls never wait for translations. When the server is away they are
started anew until it is back.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from procrastinate import App, PsycopgConnector
from procrastinate.worker import Worker
from sqlalchemy import URL

from gateway.runner.queue.space import pool_of

PAUSE = 2.0  # seconds before the workers are started anew
LOOK = 2.0  # seconds between two looks for jobs, should no notice of the server have come
BEAT = 10.0  # seconds between two signs of life

log = logging.getLogger("gateway.queue")


class Hand(NamedTuple):
    """Queues, and how many of their jobs run side by side here."""

    queues: tuple[str, ...]
    many: int


class Hands(threading.Thread):
    """Runs `tasks`, by name, for as long as it is not told to `stop`."""

    def __init__(self, url: URL, tasks: Mapping[str, Callable[..., None]], hands: tuple[Hand, ...]) -> None:
        super().__init__(name="hands", daemon=True)
        logging.getLogger("procrastinate").setLevel(logging.ERROR)  # it tells of every job twice
        self._hands, self._many = hands, sum(hand.many for hand in hands)
        self._app = App(connector=PsycopgConnector(**pool_of(url, 4 + 2 * len(hands))))
        for name, task in tasks.items():
            self._app.task(name=name)(task)
        self._over = threading.Event()

    def run(self) -> None:
        asyncio.run(self._serve())

    def stop(self) -> None:
        """No further job; those in hand are ended well. Any thread."""
        self._over.set()

    async def _serve(self) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(self._many, thread_name_prefix="unit"))
        while not self._over.is_set():
            try:
                async with self._app.open_async():
                    await self._work()
            except Exception:  # whatever it was: the server is asked again
                log.warning("queue.away", exc_info=True)
            if not self._over.is_set():
                await asyncio.sleep(PAUSE)

    async def _work(self) -> None:
        workers = [self._worker(hand) for hand in self._hands]
        async with asyncio.TaskGroup() as group:
            for worker in workers:
                group.create_task(worker.run())
            group.create_task(self._watch(workers))

    async def _watch(self, workers: Sequence[Worker]) -> None:
        """Workers are stopped within their own loop: its events are not safe to set from another thread."""
        while not self._over.is_set():  # noqa: ASYNC110  # it is set by another thread
            await asyncio.sleep(0.1)
        for worker in workers:
            worker.stop()

    def _worker(self, hand: Hand) -> Worker:
        return Worker(
            self._app,
            queues=list(hand.queues),
            concurrency=hand.many,
            fetch_job_polling_interval=LOOK,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=BEAT,
        )
