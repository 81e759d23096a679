"""Lines to partners looked at from here."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.settings import Connection, Settings
    from gateway.steps.diagnosis import Diagnosis


def diagnosed(settings: "Settings", lines: Sequence["Connection"], *, probing: bool = False) -> Iterator["Diagnosis"]:
    """Dial each line; `probing` also tries what its server can do, where a folder is named for that."""
    from gateway.runner.examine import examined

    return examined(settings, lines, probing=probing)
