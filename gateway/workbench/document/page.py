"""The page of one format: what it is, who uses it, every element in order, what is not used, the code lists."""

from collections.abc import Sequence

import msgspec

from gateway.mapping.grammar import Node
from gateway.mapping.plan import Plan
from gateway.model.naming import STEP
from gateway.workbench.document.cells import COLUMNS, Cells
from gateway.workbench.document.diagram import Diagram
from gateway.workbench.document.figures import figure
from gateway.workbench.document.line import Line, Outline
from gateway.workbench.document.lists import anchor, lists
from gateway.workbench.document.markup import Content, Html, breaking, join, tag
from gateway.workbench.document.shell import facts, search_box, shell, table
from gateway.workbench.document.words import Words


def _(message: str) -> str:
    return message


HEADS = (
    _("Element of the message"),
    _("Data element"),
    _("WCO id and name"),
    _("Format, occurrence"),
    _("Required, direction"),
    _("Codes, checks, remarks"),
    _("Example"),
    _("Row of the table"),
)


class Page(msgspec.Struct, frozen=True):
    """All that stands on the page of a format."""

    outline: Outline
    cells: tuple[Cells, ...]
    diagrams: tuple[Diagram, ...]
    day: str


def page(found: Page, say: Words) -> str:
    """The page as HTML."""
    plan = found.outline.plan
    body = (
        tag("nav", tag("a", say("All formats"), href="index.html"), aria_label=say("Pages")),
        tag("h1", say(plan.title) or plan.name),
        tag("p", say(plan.basis), class_="lead"),
        _facts(found, say),
        [_figure(diagram, number, say) for number, diagram in enumerate(found.diagrams, 1)],
        tag("h2", say("Elements of the message"), id="elements"),
        search_box(say("required elements only"), say),
        _elements(found, say),
        _unused(found.outline.unused, say),
        lists(found.cells, say),
    )
    footer = say("Made from %(file)s and its golden cases, as in force on %(day)s.", file=plan.file, day=found.day)
    return shell(f"{plan.name} - {say(plan.title)}", body, say, script=True, footer=footer)


def file_name(name: str) -> str:
    """The file of a format's page, without its ending.

    >>> file_name("upu/itmatt-1.5")
    'upu-itmatt-1.5'
    """
    return name.replace("/", "-")


def validity(plan: Plan, say: Words) -> str:
    """From when to when a table is in force."""
    if plan.valid_from and plan.valid_to:
        return say("from %(first)s to %(last)s", first=plan.valid_from.isoformat(), last=plan.valid_to.isoformat())
    if plan.valid_from:
        return say("from %(first)s", first=plan.valid_from.isoformat())
    return say("to %(last)s", last=plan.valid_to.isoformat()) if plan.valid_to else ""


def direction(plan: Plan, say: Words) -> str:
    """Which ways a format travels."""
    if plan.reads and plan.writes:
        return say("read and written")
    return say("only read") if plan.reads else say("only written")


def _figure(diagram: Diagram, number: int, say: Words) -> Html:
    return figure(diagram, f"d{number}", say)


def _facts(found: Page, say: Words) -> Html:
    plan = found.outline.plan
    records = dict.fromkeys((plan.record, plan.unit_record))
    values = list(found.outline.values())
    always = sum(line.need == "always" for line in values)
    return facts([
        (say("Format"), tag("code", plan.name)),
        (say("Direction"), direction(plan, say)),
        (say("Syntax"), plan.syntax),
        (say("Record of the model"), STEP.join(records)),
        (say("In force"), validity(plan, say)),
        (say("Elements with a value"), f"{len(values)} ({say('required')}: {always})"),
        (say("Table"), tag("code", plan.file)),
    ])  # fmt: skip


def _elements(found: Page, say: Words) -> Html:
    pairs = zip(found.outline.lines, found.cells, strict=True)
    return table(
        say("Groups are shaded. Elements stand in the order of the message."),
        [say(head) for head in HEADS],
        [_row(line, one, say) for line, one in pairs],
        class_="fixed",
    )


def _row(line: Line, one: Cells, say: Words) -> Html:
    has_value = line.value is not None
    return tag(
        "tr",
        tag("th", _element(line, one), scope="row"),
        tag("td", one.label, tag("span", breaking(one.model), class_="model") if one.model else None),
        tag("td", one.wco_id, tag("span", one.wco_name, class_="small") if one.wco_name else None),
        tag("td", tag("code", one.format) if one.format else None, tag("span", one.occurrence, class_="small")),
        tag("td", _need(line, one)),
        tag("td", _said(line, one, say)),
        tag("td", join((tag("code", text) for text in one.examples), tag("br")), class_="example"),
        tag("td", tag("span", breaking(one.row), class_="model")),
        class_=None if has_value else "aside" if line.aside else "group",
        data_depth=line.depth,
        data_value="yes" if has_value else "no",
        data_need=line.need,
    )


def _element(line: Line, one: Cells) -> Content:
    name = tag("span", one.element, class_="element"), tag("span", one.title, class_="title")
    return tag("div", name, class_="indent", style=f"--depth: {line.depth}")


def _need(line: Line, one: Cells) -> Content:
    need = tag("span", one.required, class_=f"need-{line.need}")
    return need, tag("span", one.direction, class_="small") if one.direction else None


def _said(line: Line, one: Cells, say: Words) -> Content:
    parts: list[Content] = []
    if one.list is not None:
        parts.append((say("Code list"), " ", tag("a", one.list.name, href=f"#{anchor(one.list)}")))
    elif one.codes:
        parts.append(one.codes)
    if line.node is not None and line.node.pattern and line.value is not None:
        parts.append((say("Pattern"), " ", tag("code", line.node.pattern)))
    parts += one.remarks
    return tag("ul", [tag("li", part) for part in parts], class_="remarks") if parts else None


def _unused(nodes: Sequence[Node], say: Words) -> Content:
    if not nodes:
        return None
    rows = [
        tag(
            "tr",
            tag("th", tag("span", node.path, class_="element"), scope="row"),
            tag("td", say(node.title)),
            tag("td", node.wco_id),
            tag("td", node.format),
            tag("td", say("required") if node.least else say("optional")),
        )
        for node in nodes
    ]
    columns = [say(COLUMNS[name]) for name in ("element", "title", "wco_id", "format", "required")]
    about = say("The format knows them; the table carries none of them. What stands there is kept and reported.")
    return (
        tag("h2", say("Elements without a row"), id="unused"),
        tag("details", tag("summary", f"{say('Elements without a row')}: {len(nodes)}"), table(about, columns, rows)),
    )
