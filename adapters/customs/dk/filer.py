"""What the filer knows and no sender does: who declares, for whom, where the goods are. From a partner's settings."""

import re
from collections.abc import Iterator, Mapping

from adapters.customs.parties import eori
from adapters.customs.rules.subject import parse, reader
from gateway.findings import Finding
from gateway.mapping.protocols import Filing
from gateway.model import (
    Communication,
    Consignment,
    Declaration,
    Document,
    Guarantee,
    Identification,
    Location,
    Party,
    Statement,
)

KEYS: Mapping[str, str] = {
    "submitter-id": "number that the certificate of the connection is registered to (CVR, SE or EORI)",
    "declarant-id": "EORI number of the declarant (13 05)",
    "declarant-contact": "name of the declarant's contact person (13 05 074); wants telephone and e-mail",
    "declarant-phone": "telephone of the declarant's contact person",
    "declarant-email": "e-mail of the declarant's contact person",
    "representative-id": "EORI number of the representative (13 06)",
    "representative-status": "2 direct, 3 indirect representation (13 06 030); 2 unless stated",
    "representative-contact": "name of the representative's contact person (13 06 074)",
    "representative-phone": "telephone of the representative's contact person",
    "representative-email": "e-mail of the representative's contact person",
    "importer-id": "EORI number of the importer (13 04), where it is the same for all parcels",
    "declaration-office": "customs office of the declaration (17 01), such as DK005600",
    "declaration-type": "IMA goods arrived, IMD lodged before arrival (11 01, 11 02); IMA unless stated",
    "location": "location of goods (16 15): type, qualifier, identification in one, such as AUDKCPH; H7 only",
    "transport-document": "type of the transport document that names the mail item (12 05); N750 unless stated",
    "statements": "additional information for the declaration (12 02), such as `00500=Importer`",
    "special-arrangement": "additional procedure of private importers without an IOSS number, such as F49",
    "commodity-padding": "`zeros` fills a six- or eight-digit code up to the ten digits that H6 wants",
    "guarantee-type": "type of the guarantee (99 02); H6 only",
    "guarantee-reference": "reference of the guarantee (99 03); H6 only",
    "bank-account": "account for money paid back; requests for repayment only",
    "repayment-type": "type of an application for money back: REP repayment (unless stated), REM remission",
    "exchange-rates": "`sample` allows the sample rates that are shipped, for trials",
}
NEEDED = (
    ("submitter-id", "submitter", "R059", ("h7", "h6")),
    ("declarant-id", "declarant", "R123", ("h7", "h6")),
    ("declaration-office", "declaration.office", "065", ("h7", "h6")),
    ("guarantee-type", "guarantees", "101", ("h6",)),
)
"""What each data set needs of the filer; the location of goods is rule VR49."""

LOCATION = re.compile(r"(?P<type>[A-D])(?P<qualifier>[U-Z])(?P<said>\S{1,35})")
PLACES: Mapping[str, tuple[str, ...]] = {
    "U": ("name",),
    "V": ("office",),
    "W": ("latitude", "longitude"),
    "X": ("operator",),
    "Y": ("authorisation", "id"),
}
"""Where the identification stands, by qualifier (list 10239); two of them are parted by a slash, Z is an address."""


def declaration(filing: Filing, settings: Mapping[str, str], category: str, office: str | None) -> Declaration:
    return Declaration(
        function="9",
        category=category,
        type=settings.get("declaration-type", "IMA"),
        lrn=filing.lrn,
        office=settings.get("declaration-office", office),
    )


def submitter(settings: Mapping[str, str], known: Party | None) -> Party | None:
    number = settings.get("submitter-id")
    return Party(ids=(Identification(kind="NATIONAL", id=number),)) if number else known


def declarant(settings: Mapping[str, str], known: Party | None) -> Party | None:
    return _party(settings, "declarant", known)


def representative(settings: Mapping[str, str], known: Party | None) -> Party | None:
    return _party(settings, "representative", known, settings.get("representative-status", "2"))


def location(settings: Mapping[str, str], known: Location | None) -> Location | None:
    """The location of goods, taken apart: `BYDKTST123456789/1` is type B, an authorisation and an identifier."""
    found = LOCATION.fullmatch(settings.get("location", ""))
    fields = PLACES.get(found["qualifier"], ()) if found else ()
    if found is None or not fields:
        return known
    parts = dict(zip(fields, found["said"].split("/", len(fields) - 1), strict=False))
    return Location(type=found["type"], qualifier=found["qualifier"], **parts)


def transport_document(item_id: str | None, settings: Mapping[str, str]) -> tuple[Document, ...]:
    """The mail item by its S10 identifier (12 05)."""
    if not item_id:
        return ()
    return (Document(kind="transport", type=settings.get("transport-document", "N750"), id=item_id),)


def statements(settings: Mapping[str, str]) -> tuple[Statement, ...]:
    """`00100, 00500=Importer` as statements with a code, perhaps a text."""
    parts = (part.strip().partition("=") for part in settings.get("statements", "").split(",") if part.strip())
    return tuple(Statement(code=code.strip(), text=text.strip() or None) for code, _, text in parts)


def guarantees(settings: Mapping[str, str], known: tuple[Guarantee, ...]) -> tuple[Guarantee, ...]:
    kind = settings.get("guarantee-type")
    return (Guarantee(type=kind, reference=settings.get("guarantee-reference")),) if kind else known


def faults(settings: Mapping[str, str], said: Consignment, data_set: str) -> Iterator[Finding]:
    """What the filer has not said, told of each item that cannot be filed for it."""
    for key, path, wco, data_sets in NEEDED:
        if data_set in data_sets and not reader(parse(path))((said,)):
            yield Finding("TGT557", values={"key": key}, model_path=path, wco_id=wco)
    if "location" in settings and location(settings, None) is None:
        told = {"key": "location", "value": settings["location"], "form": "AUDKCPH"}
        yield Finding("TGT558", values=told, model_path="goods_location", wco_id="L016")


def _party(settings: Mapping[str, str], role: str, known: Party | None, capacity: str | None = None) -> Party | None:
    number = settings.get(f"{role}-id")
    if number is None:
        return known
    kinds = (("TE", f"{role}-phone"), ("EM", f"{role}-email"))
    return Party(
        ids=eori(number),
        capacity=capacity,
        contact_name=settings.get(f"{role}-contact"),
        communications=tuple(Communication(type=kind, value=settings[key]) for kind, key in kinds if key in settings),
    )
