"""The index: every format, who sends what to whom, and the matrix of data elements given, required and lacking."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from gateway.mapping.plan import Plan
from gateway.workbench.document.diagram import Diagram
from gateway.workbench.document.elements import Carried, Data, in_order, status
from gateway.workbench.document.figures import figure
from gateway.workbench.document.flows import Flow, lacking
from gateway.workbench.document.groups import group_name
from gateway.workbench.document.markup import Content, Html, tag
from gateway.workbench.document.page import direction, file_name, validity
from gateway.workbench.document.shell import search_box, shell, table
from gateway.workbench.document.words import Words


class Index(msgspec.Struct, frozen=True):
    """All that stands on the index."""

    plans: tuple[Plan, ...]
    carried: Mapping[str, Carried]
    hub: Diagram
    flows: tuple[tuple[Flow, Diagram], ...]
    day: str
    sheets: bool = False


def index(found: Index, say: Words) -> str:
    """The index as HTML."""
    title = say("Formats of the gateway")
    body = (
        tag("h1", title),
        tag("p", say("What each message says, element by element, and what of it customs need."), class_="lead"),
        _formats(found, say),
        tag("h2", say("Who sends what to whom"), id="ways"),
        figure(found.hub, "hub", say),
        [part for number, way in enumerate(found.flows, 1) for part in _flow(found, *way, number, say)],
        tag("h2", say("Data elements"), id="matrix"),
        search_box(say("elements that some format requires"), say),
        _matrix(found, say),
    )
    return shell(title, body, say, script=True, footer=say("As in force on %(day)s.", day=found.day))


def matrix_rows(found: Index, say: Words) -> Iterator[tuple[Data, tuple[str, ...]]]:
    """Each data element with what every format says of it."""
    for data in _all(found.carried.values()):
        yield data, tuple(_mark(found.carried[plan.name].get(data.key), say) for plan in found.plans)


def _formats(found: Index, say: Words) -> Html:
    rows = [
        tag(
            "tr",
            tag("th", tag("a", plan.name, href=f"{file_name(plan.name)}.html"), scope="row"),
            tag("td", say(plan.title)),
            tag("td", direction(plan, say)),
            tag("td", plan.syntax),
            tag("td", validity(plan, say)),
            tag("td", tag("a", "CSV", href=f"{file_name(plan.name)}.csv")) if found.sheets else None,
        )
        for plan in found.plans
    ]
    columns = [say("Format"), say("Title"), say("Direction"), say("Syntax"), say("In force")]
    return table(say("Each format has a page of its own."), columns + (["CSV"] if found.sheets else []), rows)


def _flow(found: Index, flow: Flow, diagram: Diagram, number: int, say: Words) -> Iterator[Content]:
    source, target = found.carried[flow.source], found.carried[flow.target]
    ends = (", ".join(side.name for side in sides) for sides in (flow.senders, flow.receivers))
    yield tag("h3", " \u2192 ".join(ends), f" ({flow.name})")
    yield figure(diagram, f"flow{number}", say)
    missing = lacking(source, target)
    given = sum(status(data, source) == "given" for data in target.values())
    made = len(target) - given - len(missing)
    counts = {"given": given, "made": made, "lacking": len(missing)}
    yield tag(
        "p",
        say("Given: %(given)s; made by the gateway or fixed by the table: %(made)s; not given: %(lacking)s.", **counts),
    )
    if missing:
        summary = tag("summary", say("What %(source)s does not give", source=flow.source))
        yield tag("details", summary, _lacking(missing, say))


def _lacking(missing: Sequence[Data], say: Words) -> Html:
    about = say("Whoever files, the rules of the authority or another source must add what is required of these.")
    columns = [say("Group"), say("Data element"), say("WCO id"), say("Required")]
    needs = {"always": say("required"), "within": say("required where its group stands"), "no": say("optional")}
    rows = [
        tag(
            "tr",
            tag("td", group_name(data.place.group, say)),
            tag("th", _labelled(data, say), scope="row"),
            tag("td", " ".join(data.wco)),
            tag("td", tag("span", needs[data.need], class_=f"need-{data.need}")),
        )
        for data in missing
    ]
    return table(about, columns, rows)


def _matrix(found: Index, say: Words) -> Html:
    rows: list[Content] = []
    group = ""
    for data, marks in matrix_rows(found, say):
        if data.place.group != group:
            group = data.place.group
            heading = tag("th", group_name(group, say), scope="rowgroup", colspan=str(len(found.plans) + 2))
            rows.append(tag("tr", heading, class_="group", data_depth=0, data_value="no", data_need="no"))
        rows.append(_element(data, marks, _needed(data, found.carried.values()), say))
    about = say("● required, ◐ required where its group stands, ○ may be given, blank: not in the format.")
    columns = [say("Data element"), say("WCO id"), *(plan.name for plan in found.plans)]
    return table(about, columns, rows, class_="matrix")


def _element(data: Data, marks: Iterable[str], needed: bool, say: Words) -> Html:
    return tag(
        "tr",
        tag("th", _labelled(data, say), scope="row"),
        tag("td", " ".join(data.wco)),
        [tag("td", _symbol(mark), class_="mark") for mark in marks],
        data_depth=1,
        data_value="yes",
        data_need="always" if needed else "no",
    )


def _symbol(mark: str) -> Content:
    """The sign for eyes, the word for ears and for the search."""
    sign, _, word = mark.partition(" ")
    return (tag("span", sign, aria_hidden="true", title=word), tag("span", word, class_="heard")) if mark else None


def _needed(data: Data, carried: Iterable[Carried]) -> bool:
    """Whether some format requires it."""
    return any((known := one.get(data.key)) is not None and known.need == "always" for one in carried)


def _labelled(data: Data, say: Words) -> Content:
    return say.way(data.place.labels), tag("span", data.place.bare, class_="model")


def _mark(data: Data | None, say: Words) -> str:
    if data is None:
        return ""
    return {"always": "● " + say("required"), "within": "◐ " + say("given"), "no": "○ " + say("given")}[data.need]


def _all(carried: Iterable[Carried]) -> list[Data]:
    found: dict[tuple[str, str], Data] = {}
    for one in carried:
        for key, data in one.items():
            found.setdefault(key, data)
    return in_order(found.values())
