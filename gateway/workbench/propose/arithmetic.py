"""What numbers say of each other: a price times a quantity is the value of the line; lines add up to the parcel's.

Names alone seldom tell the weight of a piece from that of the line; one sample with a quantity above one does.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import permutations
from typing import Literal

import msgspec

from gateway.workbench.propose.raw import Raw
from gateway.workbench.propose.spelling import Path

TOLERANCE = Decimal("0.011")  # a minor unit, and a little
LOOKED_AT = 200  # lines
PER_PIECE = {"unit_price", "unit_net_mass"}
PER_LINE = {"value", "net_mass", "gross_mass"}


class Basis(msgspec.Struct, frozen=True):
    """Whether a leaf of the goods is of one piece or of the line, and what shows it."""

    per: Literal["piece", "line"]
    evidence: str

    def effect(self, path: str) -> float:
        """What it does to the score of an element."""
        if path in PER_PIECE | PER_LINE:
            return 0.2 if path in (PER_PIECE if self.per == "piece" else PER_LINE) else -0.4
        return 0.0


Line = dict[Path, Decimal]


def bases(
    documents: Sequence[Raw], unit: Path, goods: Path, quantities: Sequence[Path], kinds: Mapping[Path, str]
) -> dict[Path, Basis]:
    """The bases that the samples show; only leaves of one kind (amounts, measures) are compared."""
    parcels = [parcel for document in documents for parcel in document.below(unit)]
    inner = goods[len(unit) :]
    lines = [(parcel, [_numbers(line, goods) for line in parcel.below(inner)]) for parcel in parcels[:LOOKED_AT]]
    found: dict[Path, Basis] = {}
    for quantity in quantities:
        found |= dict(_products([line for _, some in lines for line in some], quantity, kinds))
        if inner:
            found |= dict(_sums(lines, unit, goods, quantity, kinds))
    return found


def _products(lines: list[Line], quantity: Path, kinds: Mapping[Path, str]) -> Iterator[tuple[Path, Basis]]:
    telling = [line for line in lines[:LOOKED_AT] if line.get(quantity, Decimal(0)) > 1]
    if not telling:
        return
    for one, all_of_it in permutations(dict.fromkeys(path for line in telling for path in line), 2):
        alike = kinds.get(one) == kinds.get(all_of_it) and quantity not in {one, all_of_it}
        if alike and all(_times(line, quantity, one, all_of_it) for line in telling):
            said = f"{one[-1]} x {quantity[-1]} = {all_of_it[-1]}"
            yield one, Basis("piece", said)
            yield all_of_it, Basis("line", said)


def _times(line: Line, quantity: Path, one: Path, all_of_it: Path) -> bool:
    piece, whole = line.get(one), line.get(all_of_it)
    return bool(piece) and whole is not None and abs(line[quantity] * (piece or 0) - whole) <= TOLERANCE


def _sums(
    parcels: list[tuple[Raw, list[Line]]], unit: Path, goods: Path, quantity: Path, kinds: Mapping[Path, str]
) -> Iterator[tuple[Path, Basis]]:
    telling = [(raw, lines) for raw, lines in parcels if any(line.get(quantity, Decimal(0)) > 1 for line in lines)]
    for path in dict.fromkeys(path for _, lines in telling for line in lines for path in line if path != quantity):
        pieces = lambda line, path=path: line.get(path, Decimal(0)) * line.get(quantity, Decimal(0))  # noqa: E731
        whole = lambda line, path=path: line.get(path, Decimal(0))  # noqa: E731
        for per, amount in (("piece", pieces), ("line", whole)):
            totals = [_total(raw, unit, goods, sum(map(amount, lines), Decimal(0))) for raw, lines in telling]
            same = {total for total in set.intersection(*totals) if kinds.get(total) == kinds.get(path)}
            if same:
                said = f"adds up to {min(same)[-1]}" + (f" with {quantity[-1]}" if per == "piece" else "")
                yield path, Basis("piece" if per == "piece" else "line", said)


def _total(parcel: Raw, unit: Path, goods: Path, wanted: Decimal) -> set[Path]:
    """The leaves of a parcel, outside its goods, that hold this sum."""
    return {path for path, number in _walk(parcel, unit, goods) if wanted and abs(number - wanted) <= TOLERANCE}


def _walk(raw: Raw, path: Path, aside: Path) -> Iterator[tuple[Path, Decimal]]:
    if (number := _number(raw.text)) is not None:
        yield path, number
    for child in raw.children:
        if (*path, child.name) != aside:
            yield from _walk(child, (*path, child.name), aside)


def _numbers(line: Raw, path: Path) -> Line:
    return dict(_walk(line, path, ()))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
