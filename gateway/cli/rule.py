"""`gateway rule`: what a finding's code means, ours or an authority's own."""

import re
from collections.abc import Iterator
from typing import Any

import click
import msgspec

from gateway.cli.report import Report, command_of

RULES = "/rules"  # the list of an authority's rules, beside its other dated lists
OF_ITEMS = ("SRC", "REF", "TGT", "RTE")  # families whose findings are about an item


@command_of("rule")
@click.argument("code", required=False)
def command(report: Report, *, code: str | None) -> dict[str, Any]:
    """Show what CODE (or the name used in routes) means and what to do; without CODE list them all.

    An authority's own code or number of a rule (DK1040, VR62) shows what that rule asks for.
    """
    from gateway.findings.catalogue import all_entries

    if code is None:
        for entry in all_entries():
            report.line(f"{entry.code}  {entry.severity:7}  {entry.name}")
        return {"rules": [msgspec.to_builtins(entry) for entry in all_entries()]}
    found = next((entry for entry in all_entries() if code.casefold() in (entry.code.casefold(), entry.name)), None)
    if found is None:
        rules = _of_authorities(code)
        if not rules:
            raise click.BadParameter(_unknown(code), param_hint="CODE")
        for authority, row in rules:
            _authority_page(report, authority, row)
        return {"authority_rules": [{"authority": authority, **row} for authority, row in rules]}
    _page(report, found)
    return {"rule": msgspec.to_builtins(found)}


def _page(report: Report, entry: Any) -> None:
    from gateway.findings.render import severity
    from gateway.locale import translate, translate_word

    language = report.language
    report.line(f"{entry.code}  {entry.name}")
    report.line()
    report.line(f"  {_plain(translate(entry.message, language))}")
    how = f"{severity(entry.severity, language)}{_effect(entry, language)}"
    report.line(_labelled(translate_word("finding", "severity", language), how))
    for line in _elsewhere(entry, language):
        report.line(line)
    if entry.hint:
        report.line(_labelled(translate_word("finding", "fix", language), _plain(translate(entry.hint, language))))
    if entry.spec:
        report.line(_labelled(translate_word("finding", "source", language), entry.spec))


def _of_authorities(code: str) -> list[tuple[str, dict[str, str]]]:
    """The rows of shipped lists of rules that have this code or number."""
    from gateway.mapping.registry import Registry

    registry, wanted = Registry(), code.casefold()
    return [
        (name.removesuffix(RULES), dict(row.cells))
        for name in registry.list_names()
        if name.endswith(RULES)
        for row in registry.listing(name).rows
        if wanted in (row["code"].casefold(), row["rule"].casefold())
    ]


def _authority_page(report: Report, authority: str, row: dict[str, str]) -> None:
    """What an authority's rule says, where it is told, and how much of it is checked."""
    from gateway.findings.render import severity
    from gateway.locale import chosen, translate_word

    language = report.language
    report.line(f"{row['code'] or row['rule']}  {authority} {row['rule']}")
    report.line()
    report.line(f"  {row.get(f'message_{chosen(language)}') or row['message']}")
    said = (
        (translate_word("finding", "severity", language), severity(row["severity"], language)),
        (translate_word("finding", "place", language), row["path"]),
        (translate_word("finding", "when", language), row["when"]),
        (translate_word("finding", "must", language), row["must"]),
        (translate_word("finding", "checked", language), row["offline"]),
        (translate_word("finding", "note", language), row["note"]),
        (translate_word("finding", "source", language), f"{row['element']}, {row['source']}"),
    )
    for label, text in said:
        if text:
            report.line(_labelled(label, text))


def _labelled(label: str, text: str) -> str:
    return f"  {label + ':':<10}{text}"


def _plain(text: str) -> str:
    """The places of values as a person reads them.

    >>> _plain("the check digit of %(value)s is wrong: 100%%")
    'the check digit of <value> is wrong: 100%'
    """
    return re.sub(r"%\((\w+)\)s", r"<\1>", text).replace("%%", "%")


def _effect(entry: Any, language: str) -> str:
    """What it does to the item it is found in, where it is found in one."""
    from gateway.locale import translate

    if entry.code[:3] not in OF_ITEMS:
        return ""
    if entry.severity != "error":
        return translate("; the item goes on", language)
    if entry.waivable:
        return translate("; the item is held; a person may waive it", language)
    return translate("; the item is quarantined", language)


def _elsewhere(entry: Any, language: str) -> Iterator[str]:
    """Destinations that take it more or less seriously."""
    from gateway.checks.lists import rows
    from gateway.findings.render import severity
    from gateway.locale import translate

    for row in rows("checks/check-profiles"):
        if row["finding"] == entry.name and row["profile"] != "default" and row["severity"] != entry.severity:
            values = {"severity": severity(row["severity"], language), "where": row["profile"], "day": row["from"]}
            since = translate("%(severity)s for %(where)s since %(day)s", language)
            yield " " * 12 + (since if row["from"] else translate("%(severity)s for %(where)s", language)) % values


def _unknown(code: str) -> str:
    import difflib

    from gateway.findings.catalogue import all_entries

    names = [name for entry in all_entries() for name in (entry.code, entry.name)]
    close = difflib.get_close_matches(code.casefold() if "." in code else code.upper(), names, n=1)
    return f"there is no code or name {code!r}" + (f"; did you mean {close[0]!r}?" if close else "")
