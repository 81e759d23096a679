"""Lines to partners looked at from here."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.settings import Connection, Settings
    from gateway.steps.lines.diagnosis import Diagnosis


def diagnosed(settings: "Settings", lines: Sequence["Connection"]) -> Iterator["Diagnosis"]:
    """Dial each line."""
    from gateway.runner.examine import examined

    return examined(settings, lines)
