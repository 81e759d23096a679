"""How a filing stands, for a person: what the outcome alone does not say.

>>> list(lines(Standing("accepted", True, duty="payment_requested", deadline="2026-09-21")))
['goods may not move', 'money: payment requested', 'due by 2026-09-21']
"""

from collections.abc import Iterator

from gateway.steps.hearing.fold import Standing


def lines(standing: Standing) -> Iterator[str]:
    """Goods items that were spoken of apart, money, days and requests; nothing where there is nothing more to say."""
    beside = standing.goods or standing.requests or standing.duty or standing.deadline
    if standing.blocks_goods and beside:
        yield "some goods may not move" if standing.goods else "goods may not move"
    for number, outcome in standing.goods:
        yield f"goods item {number}: {_words(outcome)}"
    if standing.duty:
        total = f", {standing.total.amount} {standing.total.currency}" if standing.total else ""
        yield f"money: {_words(standing.duty)}{total}"
    if standing.deadline:
        yield f"due by {standing.deadline}"
    for reference, answer in standing.requests:
        yield f"request {reference}: {_words(answer)}"


def _words(name: str) -> str:
    return name.replace("_", " ")
