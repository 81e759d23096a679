"""R09 values and currencies, R10 the total, R11 postage. Values are of the whole line."""

from collections.abc import Iterator
from decimal import Decimal

from gateway.checks import currencies
from gateway.checks.rules.fault import Fault
from gateway.checks.yardstick import Yardstick
from gateway.model import Amount, Consignment, GoodsItem

HARDLY_A_PRICE = 1  # 0 and 1 stand where no value was asked for


def one_currency(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R09: the currency of each line is known, and the same for all."""
    first = None
    for number, item in enumerate(consignment.goods_items, 1):
        if item.value is None or (currency := item.value.currency) in {first, currencies.NO_CURRENCY}:
            continue
        if not currencies.is_currency(currency):
            yield "SRC351", f"goods_items[{number}].value", {"value": currency}
        elif first is None:
            first = currency
        else:
            yield "SRC353", f"goods_items[{number}].value", {"currencies": f"{first}, {currency}"}


def line_values(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R09: each line has a value, plausible, and no finer than its currency; price times quantity is the value."""
    for number, item in enumerate(consignment.goods_items, 1):
        value = item.value
        if value is None:
            if item.unit_price is None:
                yield "SRC354", f"goods_items[{number}].value", {}
            continue
        if value.amount <= HARDLY_A_PRICE and value.currency != currencies.NO_CURRENCY:
            code = "SRC356" if value.amount < 0 else "SRC355"
            yield code, f"goods_items[{number}].value", _said(value)
        if has_parts_of_minor_unit(value):
            yield "SRC352", f"goods_items[{number}].value", _decimals(value)
        if item.unit_price is not None:
            yield from _unit_price(item, value, item.unit_price, f"goods_items[{number}].unit_price")


def total(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R10: the stated value is the sum of the lines, give or take one minor unit a line."""
    stated, items = consignment.value, consignment.goods_items
    if stated is None:
        return
    yield from _currency(stated, "value")
    if stated.amount < 0:
        yield "SRC356", "value", _said(stated)
    if has_parts_of_minor_unit(stated):
        yield "SRC352", "value", _decimals(stated)
    lines = [item.value.amount for item in items if item.value is not None and item.value.currency == stated.currency]
    if not lines or len(lines) != len(items):
        return
    whole = sum(lines)
    if whole != stated.amount:
        tolerance = Decimal(len(lines)).scaleb(-currencies.decimals(stated.currency))
        if abs(whole - stated.amount) > tolerance:
            values = {"sum": str(whole), "stated": str(stated.amount), "currency": stated.currency}
            yield "SRC357", "value", values


def postage_stated(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R11: a postal item says what its postage was."""
    if consignment.postage is None:
        yield "SRC361", "postage", {}


def charges(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R11: postage above zero; postage, insured value and insurance in known currencies."""
    paid = consignment.postage
    if paid is not None:
        yield from _currency(paid, "postage")
        if paid.amount <= 0:
            yield "SRC362", "postage", _said(paid)
        if has_parts_of_minor_unit(paid):
            yield "SRC352", "postage", _decimals(paid)
    if consignment.insured_value is not None:
        yield from _currency(consignment.insured_value, "insured_value")
    if consignment.insurance is not None:
        yield from _currency(consignment.insurance, "insurance")


def has_parts_of_minor_unit(value: Amount) -> bool:
    """Say whether an amount has more decimals, not counting zeros at the end, than its currency."""
    amount = value.amount
    exponent = _EXPONENTS[currencies.decimals(value.currency)]
    return amount.adjusted() < _LARGEST_EXPONENT and bool(amount % exponent)


def _currency(value: Amount, path: str) -> Iterator[Fault]:
    if not currencies.is_currency(value.currency) and value.currency != currencies.NO_CURRENCY:
        yield "SRC351", path, {"value": value.currency}


def _unit_price(item: GoodsItem, value: Amount, price: Amount, path: str) -> Iterator[Fault]:
    """A price may be rounded: by one minor unit a piece it is told, by more the two contradict each other."""
    if item.quantity is None or price.currency != value.currency:
        return
    difference = abs(item.quantity * price.amount - value.amount)
    if difference:
        pieces = item.quantity if item.quantity > 1 else Decimal(1)
        rounded = difference <= pieces * _EXPONENTS[currencies.decimals(value.currency)]
        said = {"quantity": str(item.quantity), "unit_price": str(price.amount)}
        yield "SRC358" if rounded else "SRC421", path, said | _said(value)


def _said(value: Amount) -> dict[str, str]:
    return {"value": str(value.amount), "currency": value.currency}


def _decimals(value: Amount) -> dict[str, str]:
    return _said(value) | {"decimals": str(currencies.decimals(value.currency))}


_EXPONENTS = tuple(Decimal(1).scaleb(-digits) for digits in range(5))
_LARGEST_EXPONENT = 20
