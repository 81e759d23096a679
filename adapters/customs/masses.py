"""Values and masses of goods lines: of one piece made whole, the parcel's gross mass shared out; nothing invented."""

from decimal import ROUND_DOWN, Decimal

import msgspec

from gateway.checks.derivations import line_net_mass, line_value
from gateway.model import Consignment, Measure
from gateway.model.measures import kilograms

GRAM = Decimal("0.001")


def lines(consignment: Consignment) -> Consignment:
    """The consignment with value and net mass of each line, where the sender said them of one piece.

    >>> from gateway.model import GoodsItem
    >>> goods = GoodsItem(quantity=Decimal(3), unit_net_mass=Measure(Decimal("0.2")))
    >>> lines(Consignment(goods_items=(goods,))).goods_items[0].net_mass.value
    Decimal('0.6')
    """
    items = tuple(
        msgspec.structs.replace(goods, value=line_value(goods), net_mass=line_net_mass(goods))
        for goods in consignment.goods_items
    )
    return msgspec.structs.replace(consignment, goods_items=items)


def gross_masses(consignment: Consignment) -> tuple[Measure | None, ...]:
    """The gross mass of each goods item: as stated, else the parcel's, shared out by net mass to the gram.

    The shares add up to the parcel: what rounding leaves goes to the heaviest item. Without net masses
    nothing is shared.

    >>> from gateway.model import GoodsItem
    >>> goods = tuple(GoodsItem(net_mass=Measure(Decimal(net))) for net in ("0.1", "0.2"))
    >>> parcel = Consignment(gross_mass=Measure(Decimal("1.000")), goods_items=goods)
    >>> [str(mass.value) for mass in gross_masses(parcel)]
    ['0.333', '0.667']
    """
    items, parcel = consignment.goods_items, consignment.gross_mass
    if parcel is None or any(goods.gross_mass for goods in items):
        return tuple(goods.gross_mass for goods in items)
    if len(items) == 1:
        return (parcel,)
    whole = kilograms(parcel)
    nets = [net for goods in items if goods.net_mass and (net := kilograms(goods.net_mass))]
    if whole is None or not items or len(nets) < len(items):
        return (None,) * len(items)
    total = sum(nets)
    shares = [(whole * net / total).quantize(GRAM, ROUND_DOWN) for net in nets]
    shares[shares.index(max(shares))] += whole - sum(shares)
    return tuple(Measure(share) for share in shares)
