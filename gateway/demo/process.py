"""The handle of a simulated partner's process."""

import subprocess
import sys
from pathlib import Path

import msgspec

STOP_LIMIT = 10.0


class PartnerProcess:
    """Starts and stops one partner. Below `home`: `root` is what its server shows, `log` what it complains of.

    A second start takes the same port.
    """

    def __init__(self, home: Path, host_key: str, **setup: object) -> None:
        self.root = home / "root"
        self.host_key = host_key
        self.port = 0
        self._home = home
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ProcessLookupError(self._home)
        return self._process.pid

    def start(self) -> None:
        """Start the process and wait until it listens."""
        told = msgspec.json.encode({**self._setup, "home": str(self._home), "port": self.port})
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", "gateway.demo.partner", told],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout
        said = self._process.stdout.readline()
        if not said:
            self.stop()
            raise RuntimeError(f"the simulated partner did not start: see {self._home / 'log'}")
        self.port = msgspec.json.decode(said)["port"]

    def stop(self) -> None:
        """Close its standard input, which ends it."""
        process = self._process
        if process is None:
            return
        try:
            process.communicate(timeout=STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        self._process = None
