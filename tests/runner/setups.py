"""A set-up that names no tables: for jobs that are never done."""

from datetime import UTC, date, datetime

from gateway.steps.working.outcome import Setup

SETUP = Setup("", (), "upu/itmatt-1.5", "test", date(2026, 9, 14), ())
NOW = datetime(2026, 9, 14, tzinfo=UTC)
