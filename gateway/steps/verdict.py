"""What findings mean for an item: an error that cannot be waived quarantines, another error holds, the rest passes.

A route may say `hold`, `warn` or `quarantine` for findings that can be waived, by name or by `default`; it never
weakens one that cannot. `default` speaks of errors only. What is found while a declaration is written holds that
declaration, or quarantines its item where the route says so.
"""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from gateway.findings import Finding
from gateway.findings.catalogue import Entry, entry
from gateway.findings.finding import Severity

SEVERITY: Mapping[str, Severity] = {"hold": "error", "quarantine": "error", "warn": "warning"}
Words = Mapping[str, str]


def weigh(findings: Iterable[Finding], words: Words, waived: Collection[str] = ()) -> tuple[Finding, ...]:
    """The findings with the severity that the route and a person's waivers give them."""
    return tuple(_weighed(finding, words, waived) for finding in findings)


def state_of(findings: Iterable[Finding], words: Words | None = None) -> str:
    """`accepted`, `held` or `quarantined`."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if any(not entry(finding.code).waivable for finding in errors) or quarantines(errors, words or {}):
        return "quarantined"
    return "held" if errors else "accepted"


def quarantines(findings: Iterable[Finding], words: Words) -> bool:
    """Whether the route says so of one of them."""
    errors = (finding for finding in findings if finding.severity == "error")
    return any(_word(finding, entry(finding.code), words) == "quarantine" for finding in errors)


def _weighed(finding: Finding, words: Words, waived: Collection[str]) -> Finding:
    known = entry(finding.code)
    if not known.waivable:
        return finding
    if finding.code in waived or known.name in waived:
        return msgspec.structs.replace(finding, severity="warning")
    severity = SEVERITY.get(_word(finding, known, words))
    return finding if severity in {None, finding.severity} else msgspec.structs.replace(finding, severity=severity)


def _word(finding: Finding, known: Entry, words: Words) -> str:
    """What the route says of this finding."""
    return words.get(known.name) or (words.get("default", "") if finding.severity == "error" else "")
