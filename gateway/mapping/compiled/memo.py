"""The text of what was written last: the filer's own facts are the same in every declaration."""

from typing import Any


class Memo:
    """A part (or list) and its text, in one step for any thread that looks."""

    __slots__ = ("pair",)

    def __init__(self) -> None:
        self.pair: tuple[Any, str] = (None, "")
