"""The catalogue of findings: every code with its name, severity, message and hint, from the CSV parts beside this file.

A code is never re-used (a test says so). An error that is not waivable quarantines its item, a waivable one holds it.

>>> entry("SRC301").name
's10.check_digit'
>>> text(Finding("SRC301", values={"value": "RR473124820GB", "expected": "9"}))
'the check digit of RR473124820GB is wrong: it must be 9'
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec

from gateway.findings.finding import Finding, Severity
from gateway.locale import chosen, translate, translate_word

__all__ = ["Entry", "all_entries", "by_name", "entry", "hint", "text", "translate"]

PARTS = Path(__file__).with_name("catalogue")
WIDEST_VALUE = 160  # characters of a value in a message
COLUMNS = ("code", "name", "severity", "waivable", "message", "hint", "spec")


class Entry(msgspec.Struct, frozen=True):
    """One row: `name` is the symbol used in configuration (`hs.missing`), message and hint are gettext msgids."""

    code: str
    name: str
    severity: Severity
    waivable: bool
    message: str
    hint: str
    spec: str


def entry(code: str) -> Entry:
    """Return the entry of a code. Raises: KeyError when no part holds it."""
    return _catalogue()[code]


def by_name(name: str) -> Entry:
    """Return the entry of a configuration name. Raises: KeyError when there is none."""
    return _names()[name]


def all_entries() -> tuple[Entry, ...]:
    """Every entry, by code."""
    return tuple(_catalogue().values())


def text(finding: Finding, language: str = "") -> str:
    """Return the message of a finding in a language (empty: that of the environment)."""
    return _fill(entry(finding.code).message, finding, language)


def hint(finding: Finding, language: str = "") -> str:
    """Return what to do about a finding."""
    return _fill(entry(finding.code).hint, finding, language)


class _Values(dict[str, str]):
    """A placeholder without a value shows as an ellipsis: a message is never lost for a missing word."""

    def __missing__(self, key: str) -> str:
        return "…"


def _fill(message: str, finding: Finding, language: str) -> str:
    """The message with its values; one that is told in several languages (`message_fr`) in that of the reader."""
    said = {name: finding.values.get(f"{name}_{chosen(language)}", value) for name, value in finding.values.items()}
    spoken = {name: _spoken(name, value, language) for name, value in said.items()}
    return translate(message, language) % _Values(spoken)


def _spoken(name: str, value: str, language: str) -> str:
    """Roles of parties are words of ours, `meant` is the name that was probably meant; others stay as said."""
    if name == "meant":
        return translate("; did you mean '%(name)s'?", language) % {"name": _short(value)} if value else ""
    return translate_word("role", value, language) if name == "role" else _short(value)


def _short(value: str) -> str:
    """How a value begins: it may be as long as its file, and a message must stay one that others can carry."""
    return value if len(value) <= WIDEST_VALUE else f"{value[:WIDEST_VALUE]}…"


@cache
def _catalogue() -> Mapping[str, Entry]:
    rows = [row for part in sorted(PARTS.glob("*.csv")) for row in _rows(part)]
    return MappingProxyType({row.code: row for row in sorted(rows, key=lambda row: row.code)})


@cache
def _names() -> Mapping[str, Entry]:
    return MappingProxyType({row.name: row for row in all_entries()})


def _rows(part: Path) -> list[Entry]:
    with part.open(encoding="utf-8", newline="") as stream:
        return [
            msgspec.convert({**row, "waivable": row["waivable"] in {"yes", "true"}}, Entry)
            for row in csv.DictReader(stream)
        ]
