"""The rows of a table of rules, read once for a day and a category: sentences become functions, lists sets."""

from datetime import date
from functools import lru_cache

import msgspec

from adapters.customs.dated import Row, in_force
from adapters.customs.rules.facts import Day
from adapters.customs.rules.sentence import Asked, applies, both, never, violated
from adapters.customs.rules.subject import parse
from adapters.customs.rules.way import Way, parted
from gateway.findings.finding import Severity
from gateway.mapping.protocols import Lists

LANGUAGES = ("fr", "es")


class Rule(msgspec.Struct, frozen=True):
    """A rule that is checked; where the authority gives no code, its number stands for it.

    It is told at `rest` of each entry that `way` leads to where it is `broken`.
    """

    number: str
    code: str
    way: Way
    rest: str
    wco: str
    broken: Asked
    severity: Severity
    messages: dict[str, str]


@lru_cache(maxsize=64)
def rules_of(lists: Lists, table: str, category: str, on: date) -> tuple[Rule, ...]:
    """Every rule in force for a declaration of this category, in the order of the table, that can be broken today."""
    rows = (row for row in in_force(lists(table), on) if row["offline"] != "no")
    rules = (rule(row, Day(lists, on)) for row in rows if category in row["categories"].split())
    return tuple(one for one in rules if one.broken is not never)


def rule(row: Row, day: Day) -> Rule:
    way, rest = parted(parse(row["path"]))
    languages = {f"message_{language}": row[f"message_{language}"] for language in LANGUAGES}
    return Rule(
        number=row["rule"],
        code=row["code"] or row["rule"],
        way=way,
        rest=rest,
        wco=row["wco"],
        broken=both(applies(row["when"], way, day), violated(row["must"], way, day)),
        severity=msgspec.convert(row["severity"], Severity),
        messages={"message": row["message"]} | {name: text for name, text in languages.items() if text},
    )
