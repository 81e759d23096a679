"""`gateway rule`: what a finding's code means."""

import re
from collections.abc import Iterator
from typing import Any

import click
import msgspec

from gateway.cli.report import Report, command_of

OF_ITEMS = ("SRC", "REF", "TGT", "RTE")  # families whose findings are about an item


@command_of("rule")
@click.argument("code", required=False)
def command(report: Report, *, code: str | None) -> dict[str, Any]:
    """Show what CODE (or the name used in routes) means and what to do; without CODE list them all."""
    from gateway.findings.catalogue import all_entries

    if code is None:
        for entry in all_entries():
            report.line(f"{entry.code}  {entry.severity:7}  {entry.name}")
        return {"rules": [msgspec.to_builtins(entry) for entry in all_entries()]}
    found = next((entry for entry in all_entries() if code.casefold() in (entry.code.casefold(), entry.name)), None)
    if found is None:
        raise click.BadParameter(_unknown(code), param_hint="CODE")
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
