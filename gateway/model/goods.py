"""Goods: one kind of goods in a parcel, the sale it belongs to, the product it is."""

from typing import Annotated

import msgspec

from gateway.model.declaration import Procedure
from gateway.model.documents import Document, Package, Reference, Statement
from gateway.model.party import Party
from gateway.model.quantities import Amount, Measure
from gateway.model.wco import Count, Number, Record, Text, Wco

_COUNTRY = "ISO 3166-1 alpha-2"


class GoodsItem(Record, frozen=True, kw_only=True):
    """One kind of goods. Corrections (`revised_…`) stand beside what the sender said and never replace it.

    Weights and values are of the whole line, `unit_…` fields of one piece; each derives the other.
    """

    number: Annotated[Count, Wco("006", "n..5", derived=True)] = None
    description: Annotated[Text, Wco("137", "an..512")] = None
    revised_description: Annotated[Text, Wco("137", "an..512")] = None
    sku: Annotated[Text, Wco(format="an..70")] = None
    order_number: Annotated[Text, Wco(format="an..70")] = None
    hs_code: Annotated[Text, Wco("145", "an..18", "HS 2022")] = None
    revised_hs_code: Annotated[Text, Wco("145", "an..18", "HS 2022")] = None
    tariff_code: Annotated[Text, Wco("145", "an..18", "tariff of the destination")] = None
    national_code: Annotated[Text, Wco("145", "an..18", "tariff of the origin")] = None
    cus_code: Annotated[Text, Wco(format="an9", code_list="ECICS")] = None
    origin: Annotated[Text, Wco("063", "a2", _COUNTRY)] = None
    origin_kind: Annotated[Text, Wco(format="n..3")] = None
    preference: Annotated[Text, Wco("164", "an..3")] = None
    kind: Annotated[Text, Wco(format="an..3")] = None
    quantity: Annotated[Number, Wco("130", "n..16,6")] = None
    supplementary_quantity: Annotated[Number, Wco("130", "n..16,6")] = None
    net_mass: Annotated[Measure | None, Wco("128", "n..16,6", derived=True)] = None
    unit_net_mass: Annotated[Measure | None, Wco("128", "n..16,6", derived=True)] = None
    gross_mass: Annotated[Measure | None, Wco("126", "n..16,6", derived=True)] = None
    value: Annotated[Amount | None, Wco("108 112", "n..16,3", derived=True)] = None
    unit_price: Annotated[Amount | None, Wco(format="n..16,3", derived=True)] = None
    postage: Annotated[Amount | None, Wco("117", "n..16,3", derived=True)] = None
    procedure: Annotated[Procedure | None, Wco("70A")] = None
    valuation_method: Annotated[Text, Wco("41A 122", "an..3")] = None
    payment_method: Annotated[Text, Wco("94A 107", "a1")] = None
    additional_procedures: Annotated[tuple[str, ...], Wco("166", "an..7")] = ()
    packages: Annotated[tuple[Package, ...], Wco("93A")] = ()
    documents: Annotated[tuple[Document, ...], Wco("02A 99A")] = ()
    statements: Annotated[tuple[Statement, ...], Wco("03A")] = ()
    fiscal_references: Annotated[tuple[Reference, ...], Wco("55B")] = ()
    authorisations: Annotated[tuple[Reference, ...], Wco("17C")] = ()
    supply_chain_actors: Annotated[tuple[Reference, ...], Wco("16C")] = ()
    consignor: Annotated[Party | None, Wco("30A")] = None
    consignee: Annotated[Party | None, Wco("27A")] = None
    ucr: Annotated[Text, Wco("35B 009", "an..35")] = None
    restrictions: Annotated[Text, Wco(format="an..35")] = None
    restriction_notes: Annotated[Text, Wco(format="an..512")] = None
    extension: dict[str, str] = msgspec.field(default_factory=dict)


class Transaction(Record, frozen=True, kw_only=True):
    """A sale on a marketplace; `pieces` are the numbers of the goods items it covers (none: all)."""

    pieces: Annotated[tuple[str, ...], Wco(format="n..5")] = ()
    marketplace: Annotated[Text, Wco(format="an..70")] = None
    url: Annotated[Text, Wco(format="an..256")] = None
    purchase_order: Annotated[Text, Wco(format="an..70")] = None
    sales_order: Annotated[Text, Wco(format="an..70")] = None


class Product(Record, frozen=True, kw_only=True):
    """A row of an enrichment table: what a SKU is."""

    sku: Annotated[Text, Wco(format="an..70")] = None
    hs_code: Annotated[Text, Wco("145", "an..18", "HS 2022")] = None
    origin: Annotated[Text, Wco("063", "a2", _COUNTRY)] = None
    net_mass: Annotated[Measure | None, Wco("128", "n..16,6")] = None
