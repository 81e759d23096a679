"""The consignment: what is true of one parcel as a whole. A fact lives where it can differ."""

from typing import Annotated

import msgspec

from gateway.model.declaration import Amendment, Declaration, DeliveryTerms, Guarantee, Repayment
from gateway.model.documents import CustomsNote, Document, Package, Reference, Statement
from gateway.model.goods import GoodsItem, Transaction
from gateway.model.moment import Moment
from gateway.model.party import Party
from gateway.model.places import Location, Transport
from gateway.model.quantities import Amount, Measure
from gateway.model.wco import Count, Flag, Record, Text, Wco

_COUNTRY = "ISO 3166-1 alpha-2"


class Consignment(Record, frozen=True, kw_only=True):
    """One parcel: a postal item, a house waybill, an order that is sent."""

    # identity
    item_id: Annotated[Text, Wco("D023", "an..35", "UPU S10")] = None
    item_id_type: Annotated[Text, Wco("D024", "an..4")] = None
    local_ids: Annotated[tuple[str, ...], Wco(format="an..35")] = ()
    object_type: Annotated[Text, Wco(format="an..4")] = None
    receptacle_id: Annotated[Text, Wco(format="an..35", code_list="UPU S9")] = None
    master_reference: Annotated[Text, Wco(format="an..35")] = None
    order_numbers: Annotated[tuple[str, ...], Wco(format="an..70")] = ()
    ucr: Annotated[Text, Wco("35B 009", "an..35")] = None
    references: Annotated[tuple[Reference, ...], Wco("D014 D013")] = ()
    # postal
    origin_operator: Annotated[Text, Wco(format="an..3", code_list="UPU list 206")] = None
    destination_operator: Annotated[Text, Wco(format="an..3", code_list="UPU list 206")] = None
    mail_class: Annotated[Text, Wco(format="a1", code_list="UPU list 116")] = None
    mail_category: Annotated[Text, Wco(format="a1", code_list="UPU list 115")] = None
    handling_class: Annotated[Text, Wco(format="an..2")] = None
    posted_at: Annotated[Moment | None, Wco("023")] = None
    nature: Annotated[Text, Wco("103", "n..3")] = None
    returned: Flag = None
    # measures
    gross_mass: Annotated[Measure | None, Wco("131", "n..16,6", derived=True)] = None
    package_count: Annotated[Count, Wco("146", "n..8", derived=True)] = None
    goods_item_count: Annotated[Count, Wco("228", "n..5", derived=True)] = None
    container_count: Annotated[Count, Wco(format="n..5", derived=True)] = None
    description: Annotated[Text, Wco("137", "an..512", derived=True)] = None
    # money
    value: Annotated[Amount | None, Wco("109 135", "n..16,3", derived=True)] = None
    postage: Annotated[Amount | None, Wco("117", "n..16,3")] = None
    insured_value: Annotated[Amount | None, Wco(format="n..16,3")] = None
    insurance: Annotated[Amount | None, Wco(format="n..16,3")] = None
    # places
    export_country: Annotated[Text, Wco("95B 062", "a2", _COUNTRY)] = None
    destination_country: Annotated[Text, Wco("465", "a2", _COUNTRY)] = None
    goods_location: Annotated[Location | None, Wco("64A")] = None
    transport: Annotated[Transport | None, Wco("15A 10A")] = None
    # parties, by role
    consignor: Annotated[Party | None, Wco("30A")] = None
    consignee: Annotated[Party | None, Wco("27A")] = None
    exporter: Annotated[Party | None, Wco("57A")] = None
    importer: Annotated[Party | None, Wco("74A")] = None
    seller: Annotated[Party | None, Wco("11B")] = None
    buyer: Annotated[Party | None, Wco("16A")] = None
    notify: Annotated[Party | None, Wco("89A")] = None
    declarant: Annotated[Party | None, Wco("57B")] = None
    representative: Annotated[Party | None, Wco("05A")] = None
    submitter: Annotated[Party | None, Wco("17B")] = None
    payer: Annotated[Party | None, Wco("56B")] = None
    surety: Annotated[Party | None, Wco("19B")] = None
    supply_chain_actors: Annotated[tuple[Reference, ...], Wco("16C")] = ()
    # customs
    declaration: Annotated[Declaration | None, Wco("42A")] = None
    delivery_terms: Annotated[DeliveryTerms | None, Wco("22B")] = None
    fiscal_references: Annotated[tuple[Reference, ...], Wco("55B")] = ()
    authorisations: Annotated[tuple[Reference, ...], Wco("17C")] = ()
    guarantees: Annotated[tuple[Guarantee, ...], Wco("75B")] = ()
    amendments: Annotated[tuple[Amendment, ...], Wco("06A")] = ()
    repayment: Repayment | None = None
    # lists
    documents: Annotated[tuple[Document, ...], Wco("02A 99A")] = ()
    statements: Annotated[tuple[Statement, ...], Wco("03A")] = ()
    packages: Annotated[tuple[Package, ...], Wco("93A")] = ()
    transactions: tuple[Transaction, ...] = ()
    customs_notes: tuple[CustomsNote, ...] = ()
    goods_items: Annotated[tuple[GoodsItem, ...], Wco("68A")] = ()
    extension: dict[str, str] = msgspec.field(default_factory=dict)
