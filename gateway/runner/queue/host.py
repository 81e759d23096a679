"""One host among others: its duties, its hands, and its try for the core, as roles of a process like any other."""

import logging
from collections.abc import Callable, Sequence

from gateway.findings.errors import GatewayError
from gateway.journal import tenure
from gateway.runner.bell import Bell
from gateway.runner.chores import Chores
from gateway.runner.gates import pin
from gateway.runner.queue import space
from gateway.runner.queue.duties import Duties
from gateway.runner.queue.hands import Hand, Hands
from gateway.runner.queue.leader import Leader, Leading
from gateway.runner.queue.lines import Lines
from gateway.runner.queue.post import LINES, UNITS, Post, queue_of
from gateway.runner.queue.units import Shop, Units
from gateway.runner.reload import renewed
from gateway.runner.roles import Role
from gateway.steps.ground.gate import Gate

REST = 30.0  # seconds between two looks for lines that nobody uses

log = logging.getLogger("gateway.runner")


class Host:
    """What this host does of the units that are handed in: lines in the role `mover`, batches in the role `core`."""

    unreachable: tuple[str, ...] = ()
    hindered: tuple[str, ...] = ()
    busy = False
    leads = False

    def __init__(self, gate: Gate, bell: Bell, duties: Duties, post: Post, roles: Sequence[str]) -> None:
        self._gate, self._bell, self._duties, self._post = gate, bell, duties, post
        settings = gate.hub.settings.gateway
        self._lines = Lines(gate, duties, post, post.tick)
        self._shop = Shop(settings.workers)
        self._units = Units(gate, self._shop, post.tick)
        hands = {"mover": Hand((LINES,), len(gate.hub.connections) + 1), "core": Hand((UNITS,), settings.workers)}
        first, *more = (hands[role] for role in roles)
        first = Hand((*first.queues, queue_of(duties.owner)), first.many)
        tasks: dict[str, Callable[..., None]] = {
            "poll": self._lines.poll, "deliver": self._lines.deliver,
            "translate": self._units.translate, "tick": self._tick,
        }  # fmt: skip
        self._hands = Hands(gate.journal.url, tasks, (first, *more))
        self._chores = Chores(gate.clock)

    def begin(self, *, strict: bool) -> None:  # noqa: ARG002  # it never ends by itself
        self._hands.start()

    def turn(self, wait: float, *, flush: bool) -> int:  # noqa: ARG002  # what is queued is sent at once
        self._chores.every("rest", REST, self._lines.rest)
        if wait:
            self._bell.wait(wait)
        return 0

    def reload(self) -> None:
        try:
            self._units.gate = renewed(self._gate, lambda found: pin(self._gate.journal, self._gate.archive, found))
        except GatewayError as error:
            log.warning("gateway.reload_refused", extra={"code": type(error).__name__, "ruleset": self._gate.ruleset})

    def left(self) -> int:
        return 0

    def finish(self) -> int:
        return 0

    def alive(self) -> bool:
        return True

    def end(self) -> None:
        self._hands.stop()
        self._lines.stop()

    def close(self, until: float) -> None:
        """What is in hand is ended; then another host may have everything at once."""
        self._hands.join(max(0.0, until - self._gate.clock.monotonic()))
        self._units.stop()
        self._lines.close()
        self._shop.close()
        self._duties.close()
        self._post.close()

    def _tick(self) -> None:
        """Something has moved: the core looks at once, wherever it is."""
        with self._gate.journal.read() as conn:
            host = tenure.holder(conn, "core")
        if host == self._duties.owner:
            self._bell.ring()
        elif host is not None:
            self._post.tick(host)


def on_many_hosts(gate: Gate, roles: Sequence[str]) -> tuple[Bell, tuple[Role, ...]]:
    """The roles of a process that is one of many. Raises: JournalUnavailable."""
    bell = Bell()
    space.install(gate.journal.url)
    post = Post(gate.journal.url)
    post.open()
    duties = Duties(gate.journal, gate.owner, bell.ring)
    duties.open()
    host = Host(gate, bell, duties, post, roles)
    if "core" not in roles:
        return bell, (host,)
    return bell, (host, Leader(gate, bell, duties, lambda mine: Leading(mine, bell, duties, post)))
