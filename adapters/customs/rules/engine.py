"""Rules at work on a record: every violation at its place, each place once a rule; only violations are named."""

from collections.abc import Iterable, Iterator

from adapters.customs.rules.facts import Facts
from adapters.customs.rules.table import Rule
from adapters.customs.rules.way import Places
from gateway.findings import Finding
from gateway.model import Consignment

RULE, WARNING = "TGT605", "TGT606"


def violations(rules: Iterable[Rule], record: Consignment, facts: Facts, authority: str) -> Iterator[Finding]:
    """What the authority would say of a declaration, rule by rule."""
    places = Places(record)
    for rule in rules:
        for number, place in enumerate(places[rule.way]):
            if rule.broken(place, facts):
                yield _finding(rule, rule.way.paths(record, rule.rest)[number], authority)


def _finding(rule: Rule, path: str, authority: str) -> Finding:
    return Finding(
        RULE if rule.severity == "error" else WARNING,
        rule.severity,
        {"authority": authority, "rule": rule.number, "code": rule.code} | rule.messages,
        model_path=path,
        wco_id=rule.wco,
    )
