"""Rows of a table: which column names the parcel, and which columns differ from row to row of one parcel."""

from collections.abc import Iterable

from gateway.workbench.propose.names import UNIT
from gateway.workbench.propose.raw import Raw
from gateway.workbench.propose.scoring import SURE, weigh
from gateway.workbench.propose.spelling import Path, spellings
from gateway.workbench.propose.survey import Element
from gateway.workbench.propose.targets import targets


def key(unit: Element) -> Path | None:
    """The column that names the parcel."""
    target = next(target for target in targets("Consignment") if target.path == "item_id")
    columns = {
        leaf.path: weigh(spellings(leaf.path, unit.path), leaf.values, target, UNIT).score for leaf in unit.children
    }
    found = max(columns, key=columns.__getitem__, default=None)
    return found if found is not None and columns[found] >= SURE else None


def varying(rows: Iterable[Raw], parcel: Path) -> frozenset[Path]:
    """Columns with different values, blanks aside, in rows of one parcel: facts of the goods."""
    seen: dict[str, dict[str, str]] = {}
    found: set[Path] = set()
    for row in rows:
        cells = {cell.name: cell.text.strip() for cell in row.children if cell.text.strip()}
        known = seen.setdefault(cells.get(parcel[-1], ""), {})
        found |= {(*parcel[:-1], name) for name, text in cells.items() if known.setdefault(name, text) != text}
    return frozenset(found)
