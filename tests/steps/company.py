"""A site whose customs take several parcels in one declaration, and what its declarations say."""

import re

from tests.steps.test_exchange import itmatt

GROUP = "file: {with: uk-customs, as: customs/uk/h7-grouped, group: {items: ITEMS, wait: 10m, by: [BY]}}"
ALIKE = "postage.currency"  # the table has one postage: sums of one currency

PIECE = re.compile(rb"<GovernmentAgencyGoodsItem>.*?</GovernmentAgencyGoodsItem>", re.DOTALL)
NUMBER = re.compile(rb"<PreviousDocument>.*?<ID>(\w+)</ID>", re.DOTALL)


def mail(items=3, seed=7, **facts):
    """A post's message whose parcels are all alike: postage of one currency."""
    return re.sub(rb'<postage currency="\w+">[\d.]+<', b'<postage currency="EUR">1.20<', itmatt(items, seed, **facts))


def groups(site, items=99, by=ALIKE):
    """The route of a site declares together what fits into so many goods items."""
    group = GROUP.replace("ITEMS", str(items)).replace("BY", by)
    site.change("routes.yaml", "file: {with: uk-customs, as: customs/uk/h7}", group)
    site.change("partners/uk-customs.yaml", "customs/uk/h7:", "customs/uk/h7-grouped:")


def goods_items(text):
    """How many goods items a declaration has."""
    return len(PIECE.findall(text))


def parcels(text):
    """The numbers of the parcels in a declaration, in its order."""
    found = (NUMBER.search(piece) for piece in PIECE.findall(text))
    return list(dict.fromkeys(one[1].decode() for one in found if one))
