"""What a case was expected to give and what it gives, as unified differences of its golden files.

A record is one line in its file; here it is spread over several, so that a difference shows the field.
"""

from collections.abc import Iterator
from difflib import unified_diff

import msgspec

from gateway.mapping.cases import Case, Told


def differences(case: Case, now: Told) -> Iterator[str]:
    """The lines of a unified difference; none where nothing differs."""
    was, name = case.expected, case.file.rpartition(".")[0]
    yield from _unified(f"{name}.out", _spread(was.lines), _spread(now.lines))
    yield from _unified(f"{name}.findings", was.findings, now.findings)


def _unified(name: str, was: tuple[str, ...], now: tuple[str, ...]) -> Iterator[str]:
    return unified_diff(was, now, f"{name} expected", f"{name} got", lineterm="")


def _spread(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for line in lines for part in _record(line).splitlines())


def _record(line: str) -> str:
    """A record with a field a line; text that is written stays as it is."""
    return msgspec.json.format(line, indent=2) if line.startswith("{") else line
