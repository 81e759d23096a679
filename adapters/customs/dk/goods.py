"""Goods items and the importer as the two Danish data sets want them. Nothing is invented."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from adapters.customs import masses
from adapters.customs.dk.law import Danish
from adapters.customs.parties import eori
from gateway.checks.derivations import derived
from gateway.findings import Finding
from gateway.model import Consignment, Document, GoodsItem, Package, Party, Procedure

HS_DIGITS = (6, 8)
SUBHEADING = 6  # 18 09 056: the Harmonized System, no more; what the sender says beyond it stands in the tariff code
TARIC_DIGITS = 10
ONE_PACKAGE = 1  # a mail item is one package
COUNTRY_OF_ORIGIN = "1"  # published sample declaration H6_Standard_v1.2: Origin/TypeCode
PERSONS_WITHOUT_NUMBER = frozenset({None, "1"})  # list 11038: 1 natural person
SAID_WITH_GOODS = frozenset({"supporting", "reference"})
DOCUMENT = re.compile(r"[0-9A-Z]{4}")


def items(
    consignment: Consignment, law: Danish, additional: tuple[str, ...], settings: Mapping[str, str]
) -> Iterator[GoodsItem]:
    """Each goods item with number, procedures, gross mass and packages: the first is packed, the others are with it."""
    procedure = Procedure(requested=law.requested, previous=law.previous)
    masses_of_items = masses.gross_masses(consignment)
    for number, (goods, gross) in enumerate(zip(consignment.goods_items, masses_of_items, strict=True), start=1):
        packages = (consignment.package_count or ONE_PACKAGE) if number == 1 else 0
        yield msgspec.structs.replace(
            goods,
            number=number,
            description=goods.revised_description or goods.description,
            hs_code=subheading(goods),
            tariff_code=tariff_code(goods, settings),
            origin_kind=goods.origin_kind or (COUNTRY_OF_ORIGIN if goods.origin else None),
            gross_mass=gross,
            procedure=procedure,
            additional_procedures=additional,
            packages=goods.packages or (Package(count=packages),),
            documents=documents(goods.documents),
        )


def subheading(goods: GoodsItem) -> str | None:
    """The six digits of the Harmonized System that the sender's code begins with.

    >>> subheading(GoodsItem(hs_code="6109100010")), subheading(GoodsItem(hs_code="6109"))
    ('610910', '6109')
    """
    code = goods.revised_hs_code or goods.hs_code
    return code[:SUBHEADING] if code else code


def tariff_code(goods: GoodsItem, settings: Mapping[str, str]) -> str | None:
    """Ten digits of the tariff, as far as the sender gave them; digits are added only where settings say so.

    >>> tariff_code(GoodsItem(hs_code="61091000"), {}), tariff_code(GoodsItem(hs_code="610910001099"), {})
    ('61091000', '6109100010')
    >>> tariff_code(GoodsItem(hs_code="610910"), {"commodity-padding": "zeros"})
    '6109100000'
    """
    code = goods.tariff_code or goods.revised_hs_code or goods.hs_code
    if code is None:
        return None
    if len(code) in HS_DIGITS and settings.get("commodity-padding") == "zeros":
        return code.ljust(TARIC_DIGITS, "0")
    return code[:TARIC_DIGITS]


def additional_procedures(
    law: Danish, relief: str, with_references: Sequence[str], importer: Party | None, settings: Mapping[str, str]
) -> tuple[str, ...]:
    """The relief, then what goes with fiscal references; without these the arrangement for private importers.

    Where there is none of them, what the data set says for that.
    """
    private = importer is not None and any(each.id == law.private for each in importer.ids)
    arrangement = settings.get("special-arrangement", "") if relief and private and not with_references else ""
    found = dict.fromkeys(code for code in (relief, *with_references, arrangement) if code)
    return tuple(found) or law.additional


def documents(known: tuple[Document, ...]) -> tuple[Document, ...]:
    """Documents with their kind; one whose type is no whole code (C400, N380) cannot be declared."""
    typed = (msgspec.structs.replace(each, kind=each.kind or derived(each, "kind")) for each in known)
    return tuple(each for each in typed if each.kind not in SAID_WITH_GOODS or DOCUMENT.fullmatch(each.type or ""))


def importer(consignment: Consignment, law: Danish, settings: Mapping[str, str]) -> Party | None:
    """By EORI number alone; a private person, who has none, by the number for that, name and address."""
    known = consignment.importer or consignment.consignee
    numbers = (each.id for each in known.ids if each.kind == "EORI" and each.id) if known else iter(())
    number = settings.get("importer-id") or next(numbers, None)
    if number and number != law.private:
        return Party(ids=eori(number))
    if known is None or known.company or known.person_type not in PERSONS_WITHOUT_NUMBER:
        return known
    return Party(ids=eori(law.private), name=known.name, address=known.address)


def faults(consignment: Consignment, said: Consignment, data_set: str) -> Iterator[Finding]:
    """What a person must decide about the goods."""
    for number, goods in enumerate(said.goods_items if data_set == "h6" else (), start=1):
        code = goods.tariff_code
        if code is not None and len(code) != TARIC_DIGITS:
            values = {"value": code, "digits": str(len(code)), "wanted": str(TARIC_DIGITS)}
            yield Finding("TGT551", values=values, model_path=f"goods_items[{number}].tariff_code", wco_id="145")
    for number, each in enumerate(consignment.documents, start=1):
        if not documents((each,)):
            place = f"documents[{number}].type"
            yield Finding("TGT559", "warning", {"type": each.type or ""}, model_path=place, wco_id="D006")
