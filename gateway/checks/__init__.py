"""Checks of what was said: values, sums, parties, dates. All findings at once, each with its path in the model."""

from gateway.checks.run import of_rows, run
from gateway.checks.yardstick import Context

__all__ = ["Context", "of_rows", "run"]
