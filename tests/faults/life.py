"""A life of a site's gateway, step by step, in a process of its own: says which errors ended steps.

python -m tests.faults.life FOLDER
"""

import sys
from pathlib import Path

from gateway.findings.errors import GatewayError
from tests.steps.site import Site

ROUNDS = 3


def live(folder: Path) -> None:
    site = Site.at(folder)
    try:
        with site.gate() as gate:
            for _ in range(ROUNDS):
                for step in (site.poll, site.work, site.deliver):
                    try:
                        step(gate)
                    except (GatewayError, OSError) as error:
                        print(type(error).__name__)
    except (GatewayError, OSError) as error:
        print(type(error).__name__)
    finally:
        site.crew.shutdown()


if __name__ == "__main__":
    live(Path(sys.argv[1]))
