"""Goods items as the tariff wants them: eight digits, gross mass, procedures, documents. Nothing is invented."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from adapters.customs.uk import filer
from adapters.customs.uk.rules import Rules
from gateway.checks.derivations import derived
from gateway.findings import Finding
from gateway.model import Consignment, Document, GoodsItem, Measure, Package, Procedure, Reference, Statement

TARIFF_DIGITS = (8, 10)
HS_DIGITS = 6
DOCUMENT = re.compile(r"[0-9A-Z]{4}")
COMMODITY = "6/14"
SAID_WITH_GOODS = frozenset({"supporting", "reference"})


class Common(msgspec.Struct, frozen=True):
    """What all goods items of one parcel say alike; `filled` stands where an item says nothing itself.

    `parcel` is what the parcel says of itself: a declaration for several parcels writes it with their goods.
    """

    procedure: Procedure
    additional: tuple[str, ...]
    statements: tuple[Statement, ...]
    documents: tuple[Document, ...]
    added: tuple[Document, ...]
    filled: dict[str, str]
    parcel: dict[str, Any]
    package_type: str | None
    marks: str | None


def common(
    rules: Rules,
    additional: Sequence[str],
    statements: Sequence[Statement],
    said: Consignment,
    references: tuple[Reference, ...],
    previous: tuple[Document, ...],
    settings: Mapping[str, str],
) -> Common:
    """Documents of the parcel are said with each of its goods items: the declaration has no place above them.

    All of them stand there, first and in their order, so that a pointer to one leads to the sender's own.
    """
    return Common(
        procedure=Procedure(requested=rules.requested, previous=rules.previous),
        additional=tuple(dict.fromkeys((*rules.additional, *additional))),
        statements=tuple({each.code: each for each in statements}.values()),
        documents=tuple(stated(each) for each in said.documents),
        added=(*filer.documents(settings), *previous),
        filled={field: settings[key] for key, field in filer.OF_GOODS.items() if key in settings},
        parcel={
            "consignor": said.exporter or said.consignor,
            "consignee": said.consignee,
            "fiscal_references": references,
        },
        package_type=settings.get("package-type"),
        marks=settings.get("shipping-marks") or said.item_id,
    )


def complete(goods: GoodsItem, number: int, gross: Measure | None, said: Common, code: str | None) -> GoodsItem:
    """The goods item as it is declared: as corrected where the sender's post corrected it."""
    return msgspec.structs.replace(
        goods,
        number=number,
        description=goods.revised_description or goods.description,
        tariff_code=code,
        gross_mass=gross,
        procedure=said.procedure,
        additional_procedures=said.additional,
        statements=goods.statements + said.statements,
        documents=(*said.documents, *map(stated, goods.documents), *said.added),
        packages=goods.packages or _packages(number, said),
        **said.parcel,
        **{field: value for field, value in said.filled.items() if getattr(goods, field) is None},
    )


def _packages(number: int, said: Common) -> tuple[Package, ...]:
    """A mail item is one package, counted with the first kind of goods in it; the others are packed with that one."""
    if said.package_type is None:
        return ()
    return (Package(count=1 if number == 1 else 0, type=said.package_type, marks=said.marks),)


def tariff_code(goods: GoodsItem, settings: Mapping[str, str]) -> str | None:
    """Eight or ten digits of the tariff, as far as the sender gave them; digits are added only where settings say so.

    >>> tariff_code(GoodsItem(hs_code="6109100010"), {}), tariff_code(GoodsItem(hs_code="610910"), {})
    ('6109100010', '610910')
    >>> tariff_code(GoodsItem(hs_code="610910"), {"commodity-padding": "zeros"})
    '61091000'
    """
    code = goods.tariff_code or goods.revised_hs_code or goods.hs_code
    if code is None:
        return None
    if len(code) >= TARIFF_DIGITS[1]:
        return code[: TARIFF_DIGITS[1]]
    if len(code) >= TARIFF_DIGITS[0]:
        return code[: TARIFF_DIGITS[0]]
    if len(code) == HS_DIGITS and settings.get("commodity-padding") == "zeros":
        return code.ljust(TARIFF_DIGITS[0], "0")
    return code


def faults(consignment: Consignment, rules: Rules) -> Iterator[Finding]:
    """What of a completed consignment cannot be declared as it stands."""
    for number, goods in enumerate(consignment.goods_items, start=1) if rules.asks_for(COMMODITY) else ():
        code = goods.tariff_code
        if code is not None and len(code) not in TARIFF_DIGITS:
            values = {"value": code, "digits": str(len(code)), "wanted": str(TARIFF_DIGITS[0])}
            yield Finding("TGT551", values=values, model_path=f"goods_items[{number}].hs_code", wco_id="145")
    for number, document in enumerate(consignment.documents, start=1):
        if _kind(document) in SAID_WITH_GOODS and not _declarable(document):
            told, at = {"type": document.type or ""}, f"documents[{number}].type"
            yield Finding("TGT559", "warning", told, model_path=at, wco_id="D006")


def stated(document: Document) -> Document:
    """The document with its kind: `supporting` is what is declared with goods, whatever the sender calls it.

    >>> [stated(Document(type=code)).kind for code in ("C400", "N380", "LI", "N740", "N355")]
    ['supporting', 'supporting', 'reference', 'transport', 'previous']
    """
    kind = _kind(document)
    if kind in SAID_WITH_GOODS:
        kind = "supporting" if _declarable(document) else "reference"
    return document if kind == document.kind else msgspec.structs.replace(document, kind=kind)


def _declarable(document: Document) -> bool:
    """A document with a whole code (C400, N380): category and type."""
    return _kind(document) in SAID_WITH_GOODS and bool(DOCUMENT.fullmatch(document.type or ""))


def _kind(document: Document) -> str | None:
    kind: str | None = document.kind or derived(document, "kind")
    return kind
