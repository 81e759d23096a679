"""Several parcels in one declaration.

Reduced data set: the goods of all parcels, numbered through. Each goods item carries its parcel's sender, receiver,
fiscal references and previous documents (WCO DM 3.6, classes 30A, 27A, 55B and 99A below 68A); above them stands what
the parcels have in common, and sums. Bulk data set: one goods item stands for all of them (example TT_IM072a).

A sum in two currencies is kept as one of `EUR+GBP`, which no format can write: such parcels are declared apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

import msgspec

from adapters.customs.narrowing import narrowed
from gateway.mapping.protocols import Filing
from gateway.model import Amount, Consignment, Decision, GoodsItem, Measure, Package
from gateway.model.measures import kilograms

ONE_ITEM = "customs/uk/birds"
SEVERAL = frozenset({"customs/uk/h7-grouped", ONE_ITEM})
"""Formats that speak for several parcels; in the others the sender and the receiver stand once, above the goods."""

IN_COMMON = ("importer", "consignor", "consignee", "nature", "export_country", "destination_country")
T = TypeVar("T")


class Grouped:
    """What a pack of the United Kingdom knows of declarations for several parcels."""

    def takes_several(self, target: str) -> bool:
        """Whether a format has a place for what each of several parcels says of itself."""
        return target in SEVERAL

    def joined(self, members: Sequence[Consignment], filing: Filing, settings: Mapping[str, str]) -> Consignment:
        """One declared record of several complete ones; their goods items in order, numbered through."""
        goods = [item for one in members for item in one.goods_items]
        if filing.target == ONE_ITEM and goods:
            goods = [_bulk(goods, settings)]
        return msgspec.structs.replace(
            members[0],
            goods_items=tuple(msgspec.structs.replace(item, number=n) for n, item in enumerate(goods, start=1)),
            **{name: _common([getattr(one, name) for one in members]) for name in IN_COMMON},
            documents=_every(one.documents for one in members),
            fiscal_references=_every(one.fiscal_references for one in members),
            package_count=sum(one.package_count or 0 for one in members),
            gross_mass=_mass([one.gross_mass for one in members]),
            postage=_amount([one.postage for one in members]),
            value=None,
            goods_item_count=None,
        )

    def narrowed(self, said: Decision, first: int, items: int) -> Decision | None:
        """What a decision on the whole says of one parcel; its goods items are pointed at by WCO ids."""
        return narrowed(said, first, items)


def _bulk(goods: Sequence[GoodsItem], settings: Mapping[str, str]) -> GoodsItem:
    """One goods item for all: what they have in common, and sums."""
    described = settings.get("bulk-description") or ", ".join(dict.fromkeys(one.description or "" for one in goods))
    return GoodsItem(
        description=described,
        tariff_code=_common([one.tariff_code for one in goods]),
        origin=_common([one.origin for one in goods]),
        procedure=goods[0].procedure,
        additional_procedures=_every(one.additional_procedures for one in goods),
        value=_amount([one.value for one in goods]),
        net_mass=_mass([one.net_mass for one in goods]),
        gross_mass=_mass([one.gross_mass for one in goods]),
        packages=_packages([package for one in goods for package in one.packages]),
        documents=_every(one.documents for one in goods),
        statements=_every(one.statements for one in goods),
    )


def _packages(packages: Sequence[Package]) -> tuple[Package, ...]:
    """Packages of one type are counted together; their marks follow each other."""
    kinds = dict.fromkeys(one.type for one in packages)
    alike = [[one for one in packages if one.type == kind] for kind in kinds]
    return tuple(
        Package(
            type=some[0].type,
            count=sum(one.count or 0 for one in some),
            marks=", ".join(dict.fromkeys(one.marks for one in some if one.marks)) or None,
        )
        for some in alike
    )


def _common(values: Sequence[T]) -> T | None:
    """What all say alike."""
    return values[0] if all(one == values[0] for one in values) else None


def _every(lists: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """Each entry of several lists, once."""
    found: list[T] = []
    for entry in (entry for one in lists for entry in one):
        if entry not in found:
            found.append(entry)
    return tuple(found)


def _amount(amounts: Sequence[Amount | None]) -> Amount | None:
    known = [one for one in amounts if one is not None]
    currencies = "+".join(sorted({one.currency for one in known}))
    return Amount(sum((one.amount for one in known), Decimal()), currencies) if known else None


def _mass(masses: Sequence[Measure | None]) -> Measure | None:
    """None where the mass of one is not known."""
    known = [kilograms(one) for one in masses if one is not None]
    told = [one for one in known if one is not None]
    return Measure(sum(told, Decimal())) if told and len(told) == len(masses) else None
