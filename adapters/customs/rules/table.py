"""The rows of a table of rules, read once for a day."""

from datetime import date
from functools import lru_cache

import msgspec

from adapters.customs.dated import Row, in_force
from adapters.customs.rules import sentence
from adapters.customs.rules.sentence import Sentence
from adapters.customs.rules.subject import Subject, parse, parted
from gateway.findings.finding import Severity
from gateway.mapping.protocols import Lists

LANGUAGES = ("fr", "es")


class Rule(msgspec.Struct, frozen=True):
    """A rule that is checked; where the authority gives no code, its number stands for it.

    It is told at `rest` of each entry that `way` leads to.
    """

    number: str
    code: str
    categories: frozenset[str]
    way: Subject
    rest: str
    wco: str
    when: Sentence
    must: Sentence
    severity: Severity
    messages: dict[str, str]


@lru_cache(maxsize=32)
def rules_of(lists: Lists, table: str, on: date) -> tuple[Rule, ...]:
    """Every rule in force that can be checked, in the order of the table."""
    return tuple(_rule(row) for row in in_force(lists(table), on) if row["offline"] != "no")


def _rule(row: Row) -> Rule:
    way, rest = parted(parse(row["path"]))
    languages = {f"message_{language}": row[f"message_{language}"] for language in LANGUAGES}
    return Rule(
        number=row["rule"],
        code=row["code"] or row["rule"],
        categories=frozenset(row["categories"].split()),
        way=way,
        rest=rest,
        wco=row["wco"],
        when=sentence.read(row["when"]),
        must=sentence.read(row["must"]),
        severity=msgspec.convert(row["severity"], Severity),
        messages={"message": row["message"]} | {name: text for name, text in languages.items() if text},
    )
