"""What can be wrong with one value: a catalogue code and the words of its message."""

from typing import Any

import msgspec


class Trouble(msgspec.Struct, frozen=True):
    """`code` of the catalogue and `values` of its placeholders."""

    code: str
    values: dict[str, str] = {}


class Refused(Exception):
    """A value cannot be taken or written at all."""

    def __init__(self, code: str, **values: Any) -> None:
        self.trouble = Trouble(code, {name: str(value) for name, value in values.items()})
        super().__init__(code)
