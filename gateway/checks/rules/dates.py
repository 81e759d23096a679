"""R03 posting date: present, not in the future (a day is allowed for zones), not after the arrival."""

from collections.abc import Iterator

from gateway.checks.rules.fault import Fault
from gateway.checks.yardstick import Yardstick
from gateway.model import Consignment


def posted(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R03: item and posting date together name a parcel; S10 numbers return."""
    if consignment.posted_at is None:
        yield "SRC313", "posted_at", {}


def posted_in_time(consignment: Consignment, yardstick: Yardstick) -> Iterator[Fault]:
    """R03: dates are compared as days; ISO 8601 sorts as text."""
    if consignment.posted_at is None:
        return
    day = consignment.posted_at.iso[:10]
    if day > yardstick.latest_posting:
        yield "SRC311", "posted_at", {"value": day, "latest": yardstick.latest_posting}
    elif day > yardstick.latest_by_message:
        yield "SRC314", "posted_at", {"value": day, "latest": yardstick.latest_by_message}
    transport = consignment.transport
    if transport is not None and transport.arrived_at is not None and day > transport.arrived_at.iso[:10]:
        yield "SRC312", "posted_at", {"value": day, "arrival": transport.arrived_at.iso[:10]}
