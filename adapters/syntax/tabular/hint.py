"""The identifier of an item whose rows cannot be read, as far as its bytes show it without their header."""

from adapters.syntax.identifier import shown
from adapters.syntax.tabular.header import SEPARATORS
from adapters.syntax.tabular.layout import Layout, layout
from adapters.syntax.tabular.sheet import is_workbook
from gateway.mapping.plan import Plan


def id_hint(raw: bytes, plan: Plan) -> str:
    """The cell where an edition with as many columns has the identifier."""
    kept = layout(plan)
    if is_workbook(raw) or kept.identifier not in kept.columns:
        return ""
    line = raw.partition(b"\n")[0].decode("utf-8", "replace")
    for separator in SEPARATORS:
        cells = line.split(separator)
        at = _place(kept, len(cells))
        if 0 <= at < len(cells) and (text := cells[at].strip(' "\r')):
            return shown(text)
    return ""


def _place(kept: Layout, width: int) -> int:
    """Where the identifier stands in an edition of so many columns: all of them, or those that are always there."""
    for names in (list(kept.columns), [name for name, column in kept.columns.items() if column.always]):
        if len(names) == width:
            return names.index(kept.identifier)
    return -1
