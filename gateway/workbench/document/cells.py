"""One row of a page, cell by cell: as text for a CSV, and with markup for HTML."""

from collections.abc import Mapping

import msgspec

from gateway.mapping.plan import Plan, Value
from gateway.model.labels import wco_name
from gateway.workbench.document.codes import CodeTable, CodeTables, enumerated, list_name
from gateway.workbench.document.line import Line, Need
from gateway.workbench.document.remarks import remarks
from gateway.workbench.document.words import Words


def _(message: str) -> str:
    return message


COLUMNS = {
    "element": _("Element of the message"),
    "title": _("What it is"),
    "label": _("Data element"),
    "model": _("Model path"),
    "wco_id": _("WCO id"),
    "wco_name": _("WCO name"),
    "format": _("Format"),
    "occurrence": _("Occurrence"),
    "required": _("Required"),
    "direction": _("Direction"),
    "codes": _("Codes"),
    "remarks": _("Remarks"),
    "example": _("Example"),
    "row": _("Row of the table"),
}
NEEDS: Mapping[Need, str] = {
    "always": _("required"),
    "within": _("required where its group stands"),
    "no": _("optional"),
}
DIRECTIONS = {"": _("read and written"), "read": _("only read"), "write": _("only written")}


class Cells(msgspec.Struct, frozen=True):
    """What a page says of a line, in its language. `list` is the code list that a page shows apart."""

    element: str
    title: str
    label: str
    model: str
    wco_id: str
    wco_name: str
    format: str
    occurrence: str
    required: str
    direction: str
    codes: str
    remarks: tuple[str, ...]
    examples: tuple[str, ...]
    row: str
    list: CodeTable | None = None

    def texts(self) -> tuple[str, ...]:
        """The cells in the order of the columns."""
        return (
            self.element, self.title, self.label, self.model, self.wco_id, self.wco_name, self.format, self.occurrence,
            self.required, self.direction, self.codes, "; ".join(self.remarks), " | ".join(self.examples), self.row,
        )  # fmt: skip


def cells(line: Line, plan: Plan, tables: CodeTables, say: Words) -> Cells:
    """The cells of a line of a plan's outline."""
    known = tables.of(line)
    return Cells(
        element=line.name,
        title=say(line.node.title) if line.node is not None else "",
        label=say.way(line.places[0].labels) if line.places else "",
        model=" | ".join(dict.fromkeys(_model(line))),
        wco_id=" ".join(line.wco),
        wco_name="; ".join(say(name) for wco_id in line.wco if (name := wco_name(wco_id))),
        format=line.format,
        occurrence=_occurrence(line.least, line.most),
        required=say(NEEDS[line.need]),
        direction=say(DIRECTIONS[_way(line.value, plan)]) if line.value is not None else "",
        codes=_codes(line, known, say),
        remarks=tuple(remarks(line, say)),
        examples=_examples(line),
        row=f"{line.row.file}:{line.row.line}" if line.row else "",
        list=known,
    )


def _model(line: Line) -> list[str]:
    beside = "" if line.role in {"text", "date"} else f".{line.role}"
    return [f"{place.path}{beside}" for place in line.places]


def _way(value: Value, plan: Plan) -> str:
    if value.only or (plan.reads and plan.writes):
        return value.only
    return "read" if plan.reads else "write"


def _occurrence(least: int, most: int | None) -> str:
    upto = "∞" if most is None else str(most)
    return str(least) if str(least) == upto else f"{least}..{upto}"


def _codes(line: Line, known: CodeTable | None, say: Words) -> str:
    allowed = ", ".join(enumerated(line))
    name = known.name if known else say(list_name(line))
    return "; ".join(filter(None, (name, allowed)))


def _examples(line: Line) -> tuple[str, ...]:
    constant = line.value.constant if line.value is not None else None
    return (constant,) if constant is not None else line.examples
