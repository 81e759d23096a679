"""`--since`: a moment, a day, or how long ago."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Since(click.ParamType[datetime]):
    """`2026-09-14`, `2026-09-14T06:00Z`, `90m`, `6h`, `2d`, `1w`; what names no zone is UTC."""

    name = "since"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        if ago := re.fullmatch(r"(\d{1,4})([mhdw])", value):
            return datetime.now(UTC) - timedelta(**{UNITS[ago[2]]: int(ago[1])})
        try:
            said = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is neither a moment (2026-09-14T06:00Z) nor a time ago (90m, 6h, 2d)", param, ctx)
        return said if said.tzinfo else said.replace(tzinfo=UTC)
