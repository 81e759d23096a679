"""`gateway` on a machine whose clock is wrong by GATEWAY_TEST_SKEW seconds.

It stands before the command that it spoils: `python -m tests.acceptance.skewed python -m gateway run …`.
"""

import os
import sys
import time
from datetime import datetime, timedelta

from gateway.journal import clock

SKEW = int(os.environ.get("GATEWAY_TEST_SKEW", "0"))
REAL = time.time, time.time_ns


class Wrong(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(seconds=SKEW)


def main() -> None:
    """Spoil the clock of this process, then be `gateway`."""
    time.time = lambda: REAL[0]() + SKEW
    time.time_ns = lambda: REAL[1]() + SKEW * 1_000_000_000
    clock.datetime = Wrong
    from gateway.cli.main import main as gateway

    sys.argv[1:] = sys.argv[4:]
    sys.exit(gateway())


if __name__ == "__main__":
    main()
