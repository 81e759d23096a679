"""What a plan says of columns: which there are, what stands in their cells, which of them make several rows one item.

The header table (the plan's grammar) knows the columns in order, other spellings of them and what kind of text they
hold. Headings are compared without regard to case, blanks, underscores, hyphens, points and the signs that paths are
made of: a row says `Weight kg` of the column `Weight (kg)`.

>>> plain("Parcel_ID"), plain(" parcel id "), plain("PARCEL-ID.")
('parcelid', 'parcelid', 'parcelid')
>>> plain("Weight (kg)"), plain("Weight [kg]"), plain("Value/currency")
('weightkg', 'weightkg', 'valuecurrency')
"""

import re
from collections.abc import Iterator

import msgspec

from adapters.syntax.once import once
from gateway.mapping.grammar import Node
from gateway.mapping.outer import chains, slots
from gateway.mapping.plan import Element, Plan

_NUMBERS = {"number", "measure", "amount", "count"}
_BETWEEN = re.compile(r"[\s_.\-/\[\]()|+'@=\ufeff\xa0]+")


class Column(msgspec.Struct, frozen=True):
    """One column that rows of the table carry, or that only the header table knows."""

    name: str
    kind: str = "text"
    comma: bool = False
    always: bool = False


class Opens(msgspec.Struct, frozen=True):
    """The column whose 0 says: this row goes on with the piece that another row with the same `by` has opened."""

    name: str
    by: str


class Layout(msgspec.Struct, frozen=True):
    """`whole` are the columns that speak of the item, `each` those that speak of each row, in the plan's order.

    `row` is what each row is called in the item; empty where no list walks the rows. `names` leads from a heading as
    `plain` gives it to the column.
    """

    item: str
    row: str
    columns: dict[str, Column]
    names: dict[str, str]
    group: tuple[str, ...]
    whole: tuple[str, ...]
    each: tuple[str, ...]
    single: frozenset[str]
    opens: Opens | None
    identifier: str

    @property
    def always(self) -> frozenset[str]:
        """The columns without which a row is no header of this format."""
        return frozenset(column.name for column in self.columns.values() if column.always)

    @property
    def unread(self) -> frozenset[str]:
        """Columns that are known and carried by no row, but for those that only say how rows belong together."""
        carried = {*self.whole, *self.each, *self.group, self.opens.name if self.opens else ""}
        return frozenset(self.columns) - carried


def plain(heading: str) -> str:
    """A heading without all that senders spell in their own way."""
    return _BETWEEN.sub("", heading).casefold()


@once
def layout(plan: Plan) -> Layout:
    assert plan.document is not None
    item = next(chain[-1] for chain in chains(plan.document) if len(chain) == len(plan.root))
    row = next((child for child in item.children if child.opens is not None), None)
    whole = tuple(child.tag for child in item.children if child is not row)
    each = tuple(child.tag for child in row.children) if row else ()
    nodes = {name: node for name, node in (item.node.children if item.node else {}).items() if not node.children}
    names = list(dict.fromkeys([*nodes, *(plan.group or ()), *whole, *each]))
    kinds, needed = dict(_kinds(plan, item)), {*(plan.group or ()), *_required(plan, item)}
    columns = {name: _column(name, nodes.get(name), kinds.get(name, "text"), name in needed) for name in names}
    opens = next((Opens(n.name, n.facets.get("by", "")) for n in nodes.values() if n.kind == "opens"), None)
    return Layout(
        item=item.path.rpartition("/")[2],
        row=row.tag if row else "",
        columns=columns,
        names={plain(text): name for name in names for text in (name, *_aliases(nodes.get(name)))},
        group=plan.group or (),
        whole=whole,
        each=each,
        single=frozenset(child.tag for child in item.children if child is not row and not child.repeats),
        opens=opens,
        identifier=next((n for n, model in _models(plan, item) if model == "item_id"), ""),
    )


def _column(name: str, node: Node | None, kind: str, needed: bool) -> Column:
    """The header table's word counts; without one it is what the rows make of the cells."""
    if node is None:
        return Column(name, kind, always=needed)
    said = kind if node.kind == "element" else node.kind
    return Column(name, said, node.facets.get("decimal") == "comma", "always" in node.facets)


def _aliases(node: Node | None) -> list[str]:
    return node.facets.get("alias", "").split("|") if node else []


def _kinds(plan: Plan, element: Element) -> Iterator[tuple[str, str]]:
    """What the rows make of each column."""
    for tag, number in _carried(element):
        kind = plan.values[number].kind
        yield tag, "date" if kind == "moment" else "number" if kind in _NUMBERS else "text"


def _required(plan: Plan, element: Element) -> Iterator[str]:
    return (tag for tag, number in _carried(element) if plan.values[number].required)


def _models(plan: Plan, element: Element) -> Iterator[tuple[str, str]]:
    return ((tag, plan.values[number].model) for tag, number in _carried(element))


def _carried(element: Element) -> Iterator[tuple[str, int]]:
    for child in element.children:
        for _, slot in slots(child):
            if slot.role == "text":
                yield child.tag, slot.value
        yield from _carried(child)
