"""Rules at work on a record: every violation at its place, each place once a rule."""

from collections.abc import Iterable, Iterator, Sequence

from adapters.customs.rules.facts import Facts
from adapters.customs.rules.sentence import applies, violated
from adapters.customs.rules.subject import Place, Subject, below, ways
from adapters.customs.rules.table import Rule
from gateway.findings import Finding
from gateway.model import Consignment

RULE, WARNING = "TGT605", "TGT606"


def violations(
    rules: Iterable[Rule], record: Consignment, category: str, facts: Facts, authority: str
) -> Iterator[Finding]:
    """What the authority would say of a declaration of this category, rule by rule."""
    entered: dict[Subject, Sequence[Place]] = {}
    for rule in rules:
        if category in rule.categories:
            if rule.way not in entered:
                entered[rule.way] = ways(rule.way, record)
            for place in entered[rule.way]:
                if applies(rule.when, place, facts) and violated(rule.must, place, facts):
                    yield _finding(rule, below(place, rule.rest), authority)


def _finding(rule: Rule, path: str, authority: str) -> Finding:
    return Finding(
        RULE if rule.severity == "error" else WARNING,
        rule.severity,
        {"authority": authority, "rule": rule.number, "code": rule.code} | rule.messages,
        model_path=path,
        wco_id=rule.wco,
    )
