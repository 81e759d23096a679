"""The customs outcome of a filing: a fold over all its decisions, whatever their order and however often they come.

The newest by (version, issued at, rank) speaks; `do_not_load` and `detained` win over everything until a later explicit
release; answers to requests and plain notices change nothing; a release after clearance is ignored
(WCO-UPU EAD process; order of UK CDS notifications: HMRC end-to-end service guide, "unordered").
"""

from collections.abc import Iterable

import msgspec

# Rank decides between decisions of one version and one second: later stages of the process stand higher.
RANK = {
    outcome: rank
    for rank, outcome in enumerate(
        (
            "received",
            "accepted",
            "assessment_complete",
            "duty_assessed",
            "payment_requested",
            "information_requested",
            "screening_requested",
            "held",
            "changed_by_customs",
            "manual",
            "rejected",
            "partly_released",
            "released",
            "cleared",
            "exit_missing",
            "exit_confirmed",
            "cancelled",
            "detained",
            "do_not_load",
        )
    )
}
FREEING = frozenset({"released", "cleared"})
BLOCKING = frozenset({"do_not_load", "detained"})
FINAL = frozenset({"rejected", "released", "cleared", "cancelled", "exit_confirmed"})


class Word(msgspec.Struct, frozen=True):
    """One decision as the fold sees it; `issued_at` sorts as text (UTC, ISO 8601)."""

    outcome: str
    version: str = ""
    issued_at: str = ""


def fold(words: Iterable[Word]) -> str:
    """The outcome that holds, or "" when customs has said nothing that counts.

    >>> fold([Word("cleared", "1", "2026-01-02"), Word("accepted", "1", "2026-01-01")])
    'cleared'
    >>> fold([Word("do_not_load", "1", "2026-01-01"), Word("accepted", "1", "2026-01-02")])
    'do_not_load'
    >>> fold([Word("cleared", "1", "2026-01-01"), Word("released", "1", "2026-01-02")])
    'cleared'
    """
    said = sorted((w for w in words if w.outcome in RANK), key=_order)
    outcome = ""
    for word in said:
        outcome = _after(outcome, word.outcome)
    return outcome


def is_final(outcome: str) -> bool:
    return outcome in FINAL


def _after(before: str, now: str) -> str:
    if before in BLOCKING and now not in FREEING | BLOCKING:
        return before
    if before == "cleared" and now in {"released", "duty_assessed"}:
        return before
    return now


def _order(word: Word) -> tuple[int, str, int, str]:
    number = int(word.version) if word.version.isdecimal() else 0
    return (number, word.issued_at, RANK[word.outcome], word.outcome)
