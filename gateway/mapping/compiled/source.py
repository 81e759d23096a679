"""Python in the making: indented lines, names that are said once, and the objects that the code refers to."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gateway.findings.finding import Row

_LOUD = re.compile(r"[^\w ./:;,@*-]")


class Source:
    """The text of one function with what it needs to run. `rows` says of each line which row of the table it is of."""

    def __init__(self, **known: Any) -> None:
        self.lines: list[str] = []
        self.rows: list[Row | None] = []
        self.known: dict[str, Any] = dict(known)
        self._depth = 0
        self.row: Row | None = None
        self._names: set[str] = set()

    def add(self, *lines: str) -> None:
        self.lines += ["    " * self._depth + line for line in lines]
        self.rows += [self.row] * len(lines)

    def says(self, text: str) -> None:
        """A docstring; what a table calls itself is shown in it, never run."""
        self.add(f'"""{_LOUD.sub("?", text)}"""')

    @contextmanager
    def of(self, row: Row | None) -> Iterator[None]:
        """Lines that are there because of a row; without one, because of the row around it."""
        before, self.row = self.row, row or self.row
        yield
        self.row = before

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines below a line that ends with a colon."""
        self.add(head)
        self._depth += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.add("pass")
        self._depth -= 1

    def name(self, wanted: str) -> str:
        """A variable's name, made unlike all others."""
        plain = re.sub(r"\W+", "_", wanted).strip("_").lower() or "value"
        plain = f"_{plain}" if plain[0].isdigit() else plain
        found, number = plain, 1
        while found in self._names or found in self.known or found in _TAKEN:
            number += 1
            found = f"{plain}_{number}"
        self._names.add(found)
        return found

    def refer(self, wanted: str, thing: Any) -> str:
        """A constant's name; the same thing has one name."""
        plain = wanted if isinstance(thing, type) else re.sub(r"\W+", "_", wanted).strip("_").upper()
        found, number = plain, 1
        while found in self.known and self.known[found] is not thing and self.known[found] != thing:
            number += 1
            found = f"{plain}_{number}"
        self.known[found] = thing
        return found

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def function(self, name: str, shown: str) -> Any:
        """The function, compiled; `shown` is the file name in tracebacks."""
        space = dict(self.known)
        exec(compile(self.text(), shown, "exec"), space)  # noqa: S102 - made from a linted table by this package
        return space[name]


_TAKEN = {
    "record", "body", "text", "len", "str", "int", "tuple", "iter", "next", "and", "as", "class", "def", "del", "for",
    "from", "global", "if", "import", "in", "is", "lambda", "not", "or", "pass", "return", "try", "while", "with",
    "yield",
}  # fmt: skip
