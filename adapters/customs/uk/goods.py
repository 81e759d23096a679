"""Goods items as the tariff wants them: eight digits, gross mass, procedures, documents. Nothing is invented."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

import msgspec

from adapters.customs.uk.rules import Rules
from gateway.checks.derivations import derived, line_net_mass, line_value
from gateway.findings import Finding
from gateway.model import Consignment, Document, GoodsItem, Measure, Procedure, Statement
from gateway.model.measures import kilograms

TARIFF_DIGITS = (8, 10)
HS_DIGITS = 6
GRAM = Decimal("0.001")
DOCUMENT = re.compile(r"[0-9A-Z]{4}")
SAID_WITH_GOODS = frozenset({"supporting", "reference"})


class Common(msgspec.Struct, frozen=True):
    """What all goods items of one declaration say alike."""

    procedure: Procedure
    additional: tuple[str, ...]
    statements: tuple[Statement, ...]
    documents: tuple[Document, ...]


def common(
    rules: Rules, additional: Sequence[str], statements: tuple[Statement, ...], consignment: Consignment
) -> Common:
    """Documents of the parcel are said with each of its goods items: the declaration has no place above them."""
    return Common(
        procedure=Procedure(requested=rules.requested, previous=rules.previous),
        additional=(rules.data_set, *additional),
        statements=statements,
        documents=tuple(each for each in consignment.documents if _declarable(each)),
    )


def lines(consignment: Consignment) -> Consignment:
    """The consignment with value and net mass of each line, where the sender said them of one piece.

    >>> goods = GoodsItem(quantity=Decimal(3), unit_net_mass=Measure(Decimal("0.2")))
    >>> lines(Consignment(goods_items=(goods,))).goods_items[0].net_mass.value
    Decimal('0.6')
    """
    items = tuple(
        msgspec.structs.replace(goods, value=line_value(goods), net_mass=line_net_mass(goods))
        for goods in consignment.goods_items
    )
    return msgspec.structs.replace(consignment, goods_items=items)


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
        documents=goods.documents + said.documents,
    )


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


def gross_masses(consignment: Consignment) -> tuple[Measure | None, ...]:
    """The gross mass of each goods item: as stated, else the parcel's, shared out by net mass to the gram.

    The shares add up to the parcel: what rounding leaves goes to the heaviest item. Without net masses
    nothing is shared.

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


def faults(consignment: Consignment) -> Iterator[Finding]:
    """What a completed consignment still lacks, goods item by goods item."""
    for number, goods in enumerate(consignment.goods_items, start=1):
        at = f"goods_items[{number}]"
        code = goods.tariff_code
        if code is None:
            yield Finding("TGT552", model_path=f"{at}.hs_code", wco_id="145")
        elif len(code) not in TARIFF_DIGITS:
            values = {"value": code, "digits": str(len(code)), "wanted": str(TARIFF_DIGITS[0])}
            yield Finding("TGT551", values=values, model_path=f"{at}.hs_code", wco_id="145")
        if goods.value is None:
            yield Finding("TGT554", model_path=f"{at}.value", wco_id="108")
        if goods.gross_mass is None:
            yield Finding("TGT561", model_path=f"{at}.gross_mass", wco_id="126")
    for number, document in enumerate(consignment.documents, start=1):
        if _kind(document) in SAID_WITH_GOODS and not _declarable(document):
            yield Finding(
                "TGT559",
                "warning",
                {"type": document.type or ""},
                model_path=f"documents[{number}].type",
                wco_id="D006",
            )


def _declarable(document: Document) -> bool:
    """A document with a whole code (C400, N380): category and type."""
    return _kind(document) in SAID_WITH_GOODS and bool(DOCUMENT.fullmatch(document.type or ""))


def _kind(document: Document) -> str | None:
    kind: str | None = document.kind or derived(document, "kind")
    return kind
