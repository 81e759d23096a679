"""Where a filing stands with customs: a fold over all that was said of it, whatever the order and however often.

One state machine for all schemes; what an outcome means stands in the table of `gateway.model.outcomes`. The newest
word by (version, issued at, rank) speaks; a sticky one (`do_not_load`, `detained`) stays until a later explicit
release; a release after clearance says nothing new. An answer that names goods items speaks of these alone. Money and
requests of ours stand beside the state: they never change it, and neither does a word for information (WCO-UPU EAD
process; UK CDS: HMRC end-to-end service guide, "unordered"; DK DMS: notification guide, partial release).
"""

from collections.abc import Iterable

import msgspec

from gateway.model import Amount, Tax
from gateway.model.outcomes import Outcome, outcome
from gateway.steps.hearing.words import Word, in_order

PARTLY = "partly_released"
NEWS_TO_CLEARED = frozenset({"released", PARTLY})  # of what is cleared already they say less than is known
OPEN = "open"


class Standing(msgspec.Struct, frozen=True):
    """What holds now. `outcome` is "" when nothing that counts was said; `duty` is the newest word on money.

    `goods` are the goods items of which customs spoke apart, each with its outcome; `requests` are those that customs
    has named, each `open`, `request_granted` or `request_denied`.
    """

    outcome: str = ""
    blocks_goods: bool = False
    final: bool = False
    goods: tuple[tuple[int, str], ...] = ()
    requests: tuple[tuple[str, str], ...] = ()
    duty: str = ""
    taxes: tuple[Tax, ...] = ()
    total: Amount | None = None
    deadline: str = ""


def fold(words: Iterable[Word]) -> Standing:
    """The standing after all words.

    >>> fold([Word("cleared", "1", "2026-01-02"), Word("accepted", "1", "2026-01-01")]).outcome
    'cleared'
    >>> fold([Word("do_not_load", "1", "2026-01-01"), Word("accepted", "1", "2026-01-02")]).outcome
    'do_not_load'
    >>> fold([Word("released", releases=((1, True),)), Word("held", releases=((2, False),))]).outcome
    'partly_released'
    """
    state = _State()
    for word in in_order(words):
        state.hear(word)
    return state.standing()


def is_final(name: str) -> bool:
    """Whether an outcome settles a filing."""
    return bool(name) and outcome(name).final


class _State:
    """The machine: the declaration as a whole, goods items that were spoken of apart, and what stands beside."""

    def __init__(self) -> None:
        self.whole = ""
        self.goods: dict[int, str] = {}
        self.requests: dict[str, str] = {}
        self.duty = Word("")
        self.due = ""

    def hear(self, word: Word) -> None:
        aspect = outcome(word.outcome).aspect
        if word.request:
            self._request(word.request, word.outcome, aspect)
        if aspect == "duty":
            self.duty = word
        elif aspect == "state":
            self._goods(word) if word.releases else self._all(word.outcome)
            self.due = "" if outcome(word.outcome).frees else self.due
        if aspect in {"duty", "state"}:
            self.due = word.deadline or self.due

    def standing(self) -> Standing:
        now = self._combined()
        unpaid = self.duty.outcome if outcome(self.duty.outcome).blocks_goods and not outcome(now).frees else ""
        settled = is_final(now)
        return Standing(
            now or self.duty.outcome,
            outcome(now).blocks_goods or bool(unpaid),
            settled,
            tuple(sorted(self.goods.items())),
            tuple(sorted(self.requests.items())),
            self.duty.outcome,
            self.duty.taxes,
            self.duty.total,
            "" if settled else self.due,
        )

    def _request(self, name: str, said: str, aspect: str) -> None:
        """An answer stands; whatever else names a request shows that it is under way."""
        if aspect == "request":
            self.requests[name] = said
        else:
            self.requests.setdefault(name, OPEN)

    def _all(self, said: str) -> None:
        self.whole = _after(self.whole, said)
        meant = outcome(said)
        if meant.frees or meant.blocks_goods or meant.final:
            self.goods = {number: _after(before, said) for number, before in self.goods.items()}

    def _goods(self, word: Word) -> None:
        for number, free in word.releases:
            said = (word.outcome if outcome(word.outcome).frees else "released") if free else _kept(word.outcome)
            self.goods[number] = _after(self.goods.get(number, self.whole), said)

    def _combined(self) -> str:
        """The declaration and its goods items in one word: freed as a whole, in part, or not at all."""
        if not self.goods:
            return self.whole
        said = [outcome(name) for name in (self.whole, *self.goods.values())]
        if all(one.frees for one in said):
            return min(said, key=_rank).name
        if any(one.frees for one in said):  # what was not spoken of apart waits until the whole is released
            return PARTLY
        return max(said, key=lambda one: (one.blocks_goods, one.rank)).name


def _rank(one: Outcome) -> int:
    return one.rank


def _kept(said: str) -> str:
    """What an answer says of a goods item that it does not release."""
    meant = outcome(said)
    return said if meant.blocks_goods and said != PARTLY else "held"


def _after(before: str, now: str) -> str:
    """One step of the machine."""
    if outcome(before).sticky and not (outcome(now).frees or outcome(now).sticky):
        return before
    if before == "cleared" and now in NEWS_TO_CLEARED:
        return before
    return now
