"""What a look at one thing says."""

from typing import Literal

import msgspec

Grade = Literal["ok", "warn", "fail"]


class Diagnosis(msgspec.Struct, frozen=True):
    """One line: what was looked at, how it is (or the cause of what is wrong), and what to do."""

    what: str
    grade: Grade
    found: str
    fix: str = ""
