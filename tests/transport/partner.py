"""The two sides of a delivery in tests: a partner who takes files at once, and a sender who settles every doubt."""

import hashlib
import itertools
import threading
import time
from pathlib import Path
from typing import Self

from gateway.findings.errors import GatewayError
from gateway.transport import Target, Timeouts, open_line
from gateway.transport.names import temp_name
from gateway.transport.publish import Evidence, settle

SHORT = Timeouts(connect=2.5, request=1.5, listing=2, transfer=2.5)


class Taker:
    """Moves every file out of `in` within a millisecond or two and remembers each arrival, doubles too."""

    def __init__(self, root: Path) -> None:
        self._inbox = root / "in"
        self._taken = root / "taken"
        self._taken.mkdir()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.arrivals: list[tuple[str, bytes]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._take()

    def _run(self) -> None:
        while not self._over.wait(0.001):
            self._take()

    def _take(self) -> None:
        for file in self._inbox.iterdir():
            if not file.name.startswith("."):
                mine = file.rename(self._taken / f"{len(self.arrivals)}")
                self.arrivals.append((file.name, mine.read_bytes()))


def deliver(target: Target, key, host_keys, name: str, content: bytes, tries: int = 6) -> tuple[Evidence, int]:
    """As the deliver step does it; returns how it ended and how many connections it took."""
    sha256 = hashlib.sha256(content).hexdigest()
    publishing, temp, end = False, "", time.monotonic() + 60
    for number in itertools.count(1):
        assert number <= tries
        assert time.monotonic() < end
        try:
            with open_line(target, key, host_keys, SHORT) as line:
                if publishing:
                    evidence = settle(line, temp, f"in/{name}", len(content), sha256)
                    if evidence is not Evidence.NOT_PUBLISHED:
                        return evidence, number
                    publishing = False
                temp = f"in/{temp_name(name, 'GW1', str(number))}"
                line.write_new(temp, [content])
                publishing = True
                line.publish(temp, f"in/{name}")
                return Evidence.PUBLISHED, number
        except GatewayError:
            continue
    raise AssertionError
