"""What a server can do, as the probe found it, and what follows from that: how files are published, how many at a time.

>>> found = Capabilities("SSH-2.0-OpenSSH_9.2", (), {"rename": True, "hardlink": True}, in_flight=64, in_order=True)
>>> found.publish_mode, found.depth, found.channels_wanted
('hardlink', 64, 1)
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.transport.line import PublishMode

CLOCK_MAY_DIFFER = 60.0  # seconds
CHANNELS = 4  # that are used at most; each is a process at the partner, which syncs its own files


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What was found. `clock_offset` is the server's clock minus ours, in seconds, as near as half a second.

    `in_flight` are requests at a time that were all answered; `channels` sessions on one connection, ours included;
    `time_resolution` whole seconds; `longest_name` bytes. None or 0: could not be found out.
    """

    banner: str
    extensions: tuple[str, ...]
    results: dict[str, bool]
    in_flight: int
    in_order: bool
    clock_offset: float | None = None
    free_bytes: int | None = None
    channels: int = 1
    time_resolution: int | None = None
    longest_name: int = 0

    def can(self, what: str) -> bool:
        return self.results.get(what, False)

    @property
    def publish_mode(self) -> PublishMode:
        """The safest way to publish that works here."""
        rules: tuple[tuple[PublishMode, bool], ...] = (
            ("rename", self.can("rename") and self.can("rename_refuses")),
            ("hardlink", self.can("hardlink")),
        )
        return next((mode for mode, fits in rules if fits), "posix_rename")

    @property
    def reads_once(self) -> bool:
        """A file is gone once it was read."""
        return self.can("readable") and not self.can("read_twice")

    @property
    def depth(self) -> int:
        """Requests under way on a channel."""
        return max(1, self.in_flight)

    @property
    def channels_wanted(self) -> int:
        """Not more than half of what the server gives: others use it too."""
        return max(1, min(CHANNELS, self.channels // 2))

    @property
    def lacks(self) -> tuple[str, ...]:
        return tuple(name for name, works in self.results.items() if not works)

    @property
    def profile(self) -> dict[str, str]:
        """What the connection's file could say, by its own keys: the values that are used without it."""
        return {
            "publish": self.publish_mode.replace("_", "-"),
            "requests": str(self.depth),
            "channels": str(self.channels_wanted),
        }

    @property
    def codes(self) -> Iterator[str]:
        """What a person should know of this server, by codes of the catalogue."""
        facts = {
            "DLV642": not self.can("rename_refuses"),
            "DLV643": self.reads_once,
            "DLV644": self.clock_offset is not None and abs(self.clock_offset) > CLOCK_MAY_DIFFER,
            "DLV645": not self.can("exclusive_create"),
            "DLV646": not self.can("fsync"),
            "DLV647": not self.can("remove"),
        }
        return (code for code, holds in facts.items() if holds)
