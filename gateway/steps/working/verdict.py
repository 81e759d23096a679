"""What findings mean for an item: an error that cannot be waived quarantines, another error holds, the rest passes.

A route may say `hold`, `warn`, `file` (kept as information) or `quarantine` for findings that can be waived: by the
authority's own code or the number of its rule (`DK1006`), by our name, or by `default`, whatever says most; it never
weakens one that cannot. `default` speaks of errors only. What is found while a declaration is written holds that
declaration, or quarantines its item where the route says so.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from gateway.findings import Finding
from gateway.findings.catalogue import entry
from gateway.findings.finding import Severity
from gateway.model import Decision

SEVERITY: Mapping[str, Severity] = {"hold": "error", "quarantine": "error", "warn": "warning", "file": "info"}
Words = Mapping[str, str]
FORM = "structure."
"""How the names of findings begin that speak of the form of a message."""


def weigh(findings: Iterable[Finding], words: Words, waived: Collection[str] = ()) -> tuple[Finding, ...]:
    """The findings with the severity that the route and a person's waivers give them."""
    return tuple(_weighed(finding, words, waived) for finding in findings)


def state_of(findings: Iterable[Finding], words: Words | None = None) -> str:
    """`accepted`, `held` or `quarantined`."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if any(not entry(finding.code).waivable for finding in errors) or quarantines(errors, words or {}):
        return "quarantined"
    return "held" if errors else "accepted"


def heard(said: Decision, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of an answer: what is odd in its form is a note where its code and its references can be read.

    What customs decided counts: a date that is none, an element that stands twice or that nobody knew of keeps it from
    nobody.

    >>> [one.severity for one in heard(Decision(code="09", mrn="26GB1"), [Finding("SRC261")])]
    ['warning']
    """
    if not said.code or not (said.lrn or said.mrn):
        return tuple(findings)
    return tuple(msgspec.structs.replace(one, severity="warning") if _is_of_form(one) else one for one in findings)


def _is_of_form(finding: Finding) -> bool:
    return finding.severity == "error" and entry(finding.code).name.startswith(FORM)


def names(finding: Finding) -> Iterator[str]:
    """What a finding may be called by a route or a person, what says most first.

    >>> rule = {"authority": "customs/xx", "rule": "R7", "code": "XX1007", "message": "too dear"}
    >>> list(names(Finding("SRC354", values=rule)))
    ['XX1007', 'R7', 'value.missing', 'SRC354']
    """
    if own_code(finding):
        yield from (finding.values[word] for word in ("code", "rule") if finding.values.get(word))
    yield entry(finding.code).name
    yield finding.code


def called(finding: Finding) -> str:
    """By which name a person waives it: the authority's own code, else ours."""
    return own_code(finding) or finding.code


def own_code(finding: Finding) -> str:
    """The authority's own code of a rule that is violated; empty where no rule of one is meant."""
    return finding.values.get("code", "") if "authority" in finding.values else ""


def quarantines(findings: Iterable[Finding], words: Words) -> bool:
    """Whether the route says so of one of them."""
    errors = (finding for finding in findings if finding.severity == "error")
    return any(_word(finding, words) == "quarantine" for finding in errors)


def _weighed(finding: Finding, words: Words, waived: Collection[str]) -> Finding:
    if not entry(finding.code).waivable:
        return finding
    if any(name in waived for name in names(finding)):
        return msgspec.structs.replace(finding, severity="warning")
    severity = SEVERITY.get(_word(finding, words))
    return finding if severity in {None, finding.severity} else msgspec.structs.replace(finding, severity=severity)


def _word(finding: Finding, words: Words) -> str:
    """What the route says of this finding."""
    said = next((words[name] for name in names(finding) if name in words), "")
    return said or (words.get("default", "") if finding.severity == "error" else "")
