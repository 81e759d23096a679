"""What findings mean for an item: an error that cannot be waived quarantines, another error holds, the rest passes.

A route may say `hold` or `warn` for findings that can be waived, by name or by `default`; it never weakens one that
cannot.
"""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from gateway.findings import Finding
from gateway.findings.catalogue import entry

SEVERITY = {"hold": "error", "warn": "warning"}


def weigh(findings: Iterable[Finding], words: Mapping[str, str], waived: Collection[str] = ()) -> tuple[Finding, ...]:
    """The findings with the severity that the route and a person's waivers give them."""
    return tuple(_weighed(finding, words, waived) for finding in findings)


def state_of(findings: Iterable[Finding]) -> str:
    """`accepted`, `held` or `quarantined`."""
    errors = [f for f in findings if f.severity == "error"]
    if any(not entry(f.code).waivable for f in errors):
        return "quarantined"
    return "held" if errors else "accepted"


def _weighed(finding: Finding, words: Mapping[str, str], waived: Collection[str]) -> Finding:
    known = entry(finding.code)
    if not known.waivable:
        return finding
    if finding.code in waived or known.name in waived:
        return msgspec.structs.replace(finding, severity="warning")
    word = words.get(known.name) or (words.get("default") if finding.severity == "error" else None)
    severity = SEVERITY.get(word or "")
    return finding if severity in {None, finding.severity} else msgspec.structs.replace(finding, severity=severity)
