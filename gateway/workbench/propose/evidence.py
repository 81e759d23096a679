"""Why a row is proposed, in a few words. Values of the sample are never quoted: they are of persons."""

from collections.abc import Sequence

from gateway.workbench.propose import shapes
from gateway.workbench.propose.choices import Choice
from gateway.workbench.propose.proposal import Row

SHAPES = {
    "s10": "S10 with check digit", "s9": "S9", "country": "ISO 3166-1", "hs": "HS 2022", "currency": "ISO 4217",
    "email": "e-mail", "ioss": "IOSS number", "eori": "EORI", "vat": "VAT number", "incoterm": "incoterm",
    "awb": "air waybill", "phone": "telephone", "postcode": "postcode", "date": "date", "number": "number",
    "integer": "whole number", "flag": "yes or no",
}  # fmt: skip


def why(row: Row) -> str:
    """Of the row's element; then the next best ones."""
    said = _of(row, row.choice) if row.choice else _nothing(row)
    return "; ".join(filter(None, (said, _others(row.others))))


def _of(row: Row, choice: Choice) -> str:
    weight, said = choice.weight, [f"{choice.weight.score:.2f}"]
    if weight.fit.term:
        said.append(f"'{weight.fit.term}' {weight.fit.language}")
    if weight.shape in SHAPES:
        said.append(SHAPES[weight.shape])
    elif choice.target.wants == "country" and "country3" in shapes.of(row.leaf.values) and not row.codes:
        said.append("alpha-3, needs `codes`")
    if choice.evidence:
        said.append(choice.evidence)
    if row.beside and not row.beside.sure:
        said.append(f"{row.beside.keyword} supposed")
    if choice.target.kind == "amount" and row.beside is None:
        said.append("no currency found")
    return ", ".join(said)


def _nothing(row: Row) -> str:
    return f"{row.carries} of other rows" if row.carries else "nothing fits"


def _others(others: Sequence[Choice]) -> str:
    return "or " + ", ".join(f"{other.path} {other.weight.score:.2f}" for other in others) if others else ""
