"""What an item is measured against: the day of receipt, and the switches of its destination as dated data.

`mappings/codes/checks/check-profiles.csv` says per finding, profile and first day how severe it is and from which
parameter on; `profile-countries.csv` says which profile counts for which destination.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

import msgspec

from gateway.checks.lists import rows
from gateway.findings.catalogue import all_entries
from gateway.model import Moment

Grade = Literal["error", "warning", "info", "off"]

DEFAULT = "default"
ONE_DAY = timedelta(days=1)  # posting dates come without zone


class Context(msgspec.Struct, frozen=True):
    """Circumstances of a check. `profile` lays severities by finding name over those of the destination (`off` too)."""

    received_on: date
    prepared_at: Moment | None = None
    profile: Mapping[str, str] = msgspec.field(default_factory=dict)


class Yardstick(msgspec.Struct, frozen=True):
    """Limits for one destination on one day. `severities` by code, where they are not the catalogue's."""

    latest_posting: str
    latest_by_message: str
    shortest_description: int
    shortest_name: int
    hs_digits: int
    hs_of_all_goods: bool
    mail_is_enough: bool
    severities: Mapping[str, Grade]


def yardstick(context: Context, destination: str) -> Yardstick:
    """Return the yardstick of a destination (ISO 3166-1; empty where it is not known)."""
    prepared = context.prepared_at.iso[:10] if context.prepared_at else ""
    overrides = tuple(context.profile.items()) if context.profile else ()
    return _yardstick(context.received_on, prepared, destination, overrides)


@lru_cache(maxsize=1024)
def _yardstick(received: date, prepared: str, destination: str, overrides: tuple[tuple[str, str], ...]) -> Yardstick:
    switches = _switches(_profiles().get(destination, DEFAULT), received)
    named = {name: severity for name, (severity, _) in switches.items()} | dict(overrides)
    severities = msgspec.convert(named, dict[str, Grade])
    return Yardstick(
        latest_posting=_day_after(received),
        latest_by_message=_day_after(date.fromisoformat(prepared) if prepared else date.max),
        shortest_description=int(switches["description.short"][1]),
        shortest_name=int(switches["name.short"][1]),
        hs_digits=int(switches["hs.short"][1]),
        hs_of_all_goods=switches["hs.missing"][1] == "all",
        mail_is_enough="e-mail" in switches["phone.missing"][1],
        severities={entry.code: severities[entry.name] for entry in all_entries() if entry.name in severities},
    )


def _day_after(day: date) -> str:
    """The calendar ends: a message may say that it was prepared on its last day."""
    return (min(day, date.max - ONE_DAY) + ONE_DAY).isoformat()


@cache
def _switches(profile: str, on: date) -> Mapping[str, tuple[str, str]]:
    """Severity and parameter by finding name: the profile's newest row in force, else the default's."""
    found: dict[str, tuple[str, str]] = {}
    in_force = [row for row in rows("checks/check-profiles") if row["from"] <= on.isoformat()]
    for name in (DEFAULT, profile):
        ours = [row for row in in_force if row["profile"] == name]
        found |= {row["finding"]: (row["severity"], row["parameter"]) for row in sorted(ours, key=_first_day)}
    return found


def _first_day(row: Mapping[str, str]) -> str:
    return row["from"]


@cache
def _profiles() -> Mapping[str, str]:
    return {row["country"]: row["profile"] for row in rows("checks/profile-countries")}
