"""What the filer knows and no sender does: who declares, for whom, where the goods are. From a partner's settings."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from adapters.customs.parties import eori
from gateway.findings import Finding
from gateway.mapping.protocols import Filing
from gateway.model import (
    Address,
    Consignment,
    Declaration,
    Document,
    Location,
    Party,
    Statement,
    Transport,
)

KEYS: Mapping[str, str] = {
    "declarant-id": "EORI number of the declarant (3/18)",
    "declarant-name": "name of the declarant, where there is no number (3/17)",
    "representative-id": "EORI number of the representative (3/20)",
    "representative-status": "2 direct, 3 indirect representation (3/21); 2 unless stated",
    "declaration-type": "IMA goods arrived, IMD lodged before arrival (1/1, 1/2); else the first type of the data set",
    "location": "location of goods (5/23): country, type, qualifier, identification in one, such as GBAUBELBFSBEL",
    "transport-nationality": "nationality of the means of transport at the border (7/15)",
    "previous-document": "type of the previous document that names the mail item (2/1); ZZZZ unless stated",
    "inventory-reference": "further previous document of type ZMCR, for inventory-linked places (2/1)",
    "entry-summary": "MRN of the entry summary declaration, previous document of type Z355 (2/1)",
    "deferment-account": "number of the deferment account, document of type 1DAN above the goods (2/6)",
    "statements": "additional information for every goods item (2/2), such as `NIIMP, 00500=Importer`",
    "documents": "documents for every goods item (2/3), such as `1BRD=GBBIRDS0001`",
    "valuation-method": "valuation method of every goods item (4/16), full data set",
    "payment-method": "method of payment of duties (4/8), full data set",
    "preference": "preference claimed for every goods item (4/17), full data set",
    "origin-kind": "kind of origin of every goods item (5/15), full data set",
    "package-type": "type of package of a mail item (6/9, UN/ECE Recommendation 21), bulk and full data set",
    "shipping-marks": "marks of the packages (6/11); the number of the mail item unless stated",
    "bulk-description": "description of all the goods of a bulk declaration (6/8)",
    "commodity-padding": "`zeros` fills a six-digit HS code up to the eight digits of the tariff",
    "exchange-rates": "`sample` allows the sample rates that are shipped, for trials",
}
OF_GOODS: Mapping[str, str] = {
    "valuation-method": "valuation_method",
    "payment-method": "payment_method",
    "preference": "preference",
    "origin-kind": "origin_kind",
}
"""Settings that fill a field of each goods item where nothing else says it."""

POST = "5"  # UN/ECE Recommendation 19: mode of transport
LOCATION = re.compile(r"(?P<country>[A-Z]{2})(?P<type>[A-D])(?P<qualifier>[T-Z])(?P<name>\S{1,35})")


def declaration(filing: Filing, settings: Mapping[str, str], types: Sequence[str], known: Declaration) -> Declaration:
    """What kind of declaration it is; offices and the like stay as the filer's record says them."""
    return msgspec.structs.replace(
        known, function="9", type=settings.get("declaration-type", types[0]), lrn=filing.lrn, mrn=None, version=None
    )


def declarant(settings: Mapping[str, str], known: Party | None = None) -> Party | None:
    return _party(settings.get("declarant-id"), settings.get("declarant-name")) or known


def representative(settings: Mapping[str, str], known: Party | None = None) -> Party | None:
    number = settings.get("representative-id")
    if number is None:
        return known
    return Party(ids=eori(number), capacity=settings.get("representative-status", "2"))


def location(settings: Mapping[str, str], known: Location | None = None) -> Location | None:
    """The location of goods, taken apart: `GBAUBELBFSBEL` is type A, qualifier U, BELBFSBEL in GB."""
    found = LOCATION.fullmatch(settings.get("location", ""))
    if found is None:
        return known
    return Location(
        type=found["type"], qualifier=found["qualifier"], name=found["name"], address=Address(country=found["country"])
    )


def transport(known: Transport | None, settings: Mapping[str, str]) -> Transport:
    """By post, whatever the sender's post calls the mode of its own transport."""
    known = known or Transport()
    return msgspec.structs.replace(
        known, mode=POST, nationality=settings.get("transport-nationality") or known.nationality
    )


def previous_documents(item_id: str | None, settings: Mapping[str, str]) -> Iterator[Document]:
    """The mail item itself, then what the filer says came before: the inventory system, the entry summary."""
    if item_id:
        yield Document(kind="previous", type=settings.get("previous-document", "ZZZZ"), id=item_id)
    if reference := settings.get("inventory-reference"):
        yield Document(kind="previous", type="ZMCR", id=reference)
    if mrn := settings.get("entry-summary"):
        yield Document(kind="previous", type="Z355", id=mrn, line=1)


def payment(settings: Mapping[str, str]) -> Iterator[Document]:
    """The account that pays duties later."""
    if account := settings.get("deferment-account"):
        yield Document(kind="payment", type="1DAN", id=account)


def statements(settings: Mapping[str, str]) -> tuple[Statement, ...]:
    """`NIIMP, 00500=Importer` as statements with a code, perhaps a text."""
    return tuple(Statement(code=code, text=text or None) for code, text in _pairs(settings.get("statements", "")))


def documents(settings: Mapping[str, str]) -> tuple[Document, ...]:
    """`1BRD=GBBIRDS0001` as documents with a type and a number."""
    pairs = _pairs(settings.get("documents", ""))
    return tuple(Document(kind="supporting", type=code, id=text or None) for code, text in pairs)


def faults(settings: Mapping[str, str], said: Consignment) -> Iterator[Finding]:
    """What the filer has not said, told of each item that cannot be filed for it."""
    if said.declarant is None:
        yield Finding("TGT557", values={"key": "declarant-id"}, model_path="declarant", wco_id="R123")
    if said.goods_location is None and "location" not in settings:
        yield Finding("TGT557", values={"key": "location"}, model_path="goods_location", wco_id="L016")
    elif "location" in settings and location(settings) is None:
        yield Finding(
            "TGT558",
            values={"key": "location", "value": settings["location"], "form": "GBAUBELBFSBEL"},
            model_path="goods_location",
            wco_id="L016",
        )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    parts = (part.partition("=") for part in text.split(",") if part.strip())
    return ((code.strip(), value.strip()) for code, _, value in parts)


def _party(number: str | None, name: str | None) -> Party | None:
    if number:
        return Party(ids=eori(number))
    return Party(name=name) if name else None
