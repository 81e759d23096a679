"""Words to the service manager: ready, status, watchdog, stopping (sd_notify(3)).

A datagram to the socket named by `NOTIFY_SOCKET`; a name that begins with `@` is an abstract one. Without a service
manager nothing is sent.
"""

import os
import socket
from collections.abc import Mapping


class Notifier:
    """One line to the service manager."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._watchdog = int(environment.get("WATCHDOG_USEC", "0") or 0)
        owner = environment.get("WATCHDOG_PID", "")
        if owner and owner != str(os.getpid()):
            self._watchdog = 0

    @property
    def interval(self) -> float | None:
        """Seconds between signs of life: half of what the service manager waits for; None where it does not wait."""
        return self._watchdog / 2_000_000 if self._watchdog else None

    def ready(self) -> None:
        """Configuration is valid and the journal is open."""
        self._send("READY=1")

    def status(self, text: str) -> None:
        """One line for `systemctl status`: counts and names of ours only."""
        self._send("STATUS=" + text.replace("\n", " "))

    def alive(self) -> None:
        """Every loop has ticked."""
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def _send(self, state: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.sendto(state.encode(), address)
        except OSError:
            pass  # the service manager has gone; the daemon's work does not depend on it
