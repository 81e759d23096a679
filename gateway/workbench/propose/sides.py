"""The right side of a row: the model path, and the words that its kind and its values need."""

from gateway.model.moment import KINDS, parse
from gateway.workbench.propose.choices import Choice
from gateway.workbench.propose.proposal import LINES, Row
from gateway.workbench.propose.shapes import dotless
from gateway.workbench.propose.spelling import Path

CHECKS = {"s10": "s10", "country": "iso3166", "hs": "hs", "awb": "awb"}
POINTS = "hs-points"


def words_of(row: Row, choice: Choice, scope: str) -> dict[str, str]:
    """The right side: the path from the block, and what its kind needs."""
    if not scope:
        words = {"is": choice.path}
    elif choice.scope == scope:
        words = {"is": choice.target.path}
    else:
        words = {"is": f"/{choice.path}"}
    if choice.weight.shape in CHECKS:
        words["check"] = CHECKS[choice.weight.shape]
    if choice.target.kind == "moment":
        words["date"] = next((kind for kind in ("iso", *KINDS) if all(parse(v, kind) for v in row.leaf.values)), "any")
    if row.codes:
        words["codes"] = row.codes
        words.pop("check", None)
    if row.beside:
        words[row.beside.keyword] = row.beside.text
    if words.get("check") == "hs" and any(dotless(value) != value for value in row.leaf.values):
        words["as"] = POINTS
        words.pop("check")
    return words


def listed(row: Row, block: Path, words: dict[str, str]) -> tuple[Path, str] | None:
    """The block and the list of which this row is one line, None for other rows."""
    return (block, words["is"]) if row.sure and row.choice and row.choice.target.path in LINES else None
