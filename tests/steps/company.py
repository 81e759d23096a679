"""An authority that takes several parcels in one declaration, as small as the core can be tried with.

The goods items of all stand behind each other; an error that names a goods item (68A) speaks of the parcel it is of.
"""

import re

import msgspec

from adapters.customs.uk.authority import UnitedKingdom

GOODS_ITEM = "68A"
GROUP = "file: {with: uk-customs, as: customs/uk/h7, group: {items: ITEMS, wait: 10m, by: [BY]}}"


def joined(_pack, members, filing, _settings):
    first = members[0]
    goods = [piece for one in members for piece in one.goods_items]
    numbered = tuple(msgspec.structs.replace(piece, number=n) for n, piece in enumerate(goods, 1))
    declaration = msgspec.structs.replace(first.declaration, lrn=filing.lrn)
    return msgspec.structs.replace(first, declaration=declaration, goods_items=numbered)


def narrowed(_pack, said, first, items):
    reasons = [own for reason in said.reasons if (own := _own(reason, first, items)) is not None]
    return msgspec.structs.replace(said, reasons=tuple(reasons)) if reasons or not said.reasons else None


def _own(reason, first, items):
    """The reason with the member's own number; None where it is of another."""
    named = [step.number for step in reason.pointer if step.section == GOODS_ITEM and step.number]
    if not all(first <= number < first + items for number in named):
        return None
    return msgspec.structs.replace(reason, pointer=tuple(_shifted(step, first) for step in reason.pointer))


def _shifted(step, first):
    if step.section != GOODS_ITEM or not step.number:
        return step
    return msgspec.structs.replace(step, number=step.number - first + 1)


def takes_several(monkeypatch):
    """For a while, the authority of the site does."""
    monkeypatch.setattr(UnitedKingdom, "joined", joined, raising=False)
    monkeypatch.setattr(UnitedKingdom, "narrowed", narrowed, raising=False)


def groups(site, items=4, by=""):
    """The route of a site declares together what fits into so many goods items."""
    group = GROUP.replace("ITEMS", str(items)).replace("BY", by)
    site.change("routes.yaml", "file: {with: uk-customs, as: customs/uk/h7}", group)


def goods_items(text):
    """How many goods items a declaration has."""
    return len(re.findall(rb"<GovernmentAgencyGoodsItem>", text))
