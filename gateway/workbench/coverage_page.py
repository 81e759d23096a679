"""The coverage matrix as one HTML page: for screen and paper, searchable, nothing in it comes from elsewhere."""

from collections.abc import Iterator
from itertools import groupby

from gateway.workbench.coverage import MARKS, Coverage, Line
from gateway.workbench.document.markup import Content, Html, tag
from gateway.workbench.document.shell import shell, table
from gateway.workbench.document.words import Words

TITLE = "Coverage of the model by format"
ABOUT = "Each element of the model with its WCO ids and names, and what every format does with it: reads it, writes it."


def page(found: Coverage, day: str) -> str:
    """The page; `day` says which tables were in force."""
    say = Words("en")
    carried = sum(line.is_carried for line in found.lines)
    body = (
        tag("h1", TITLE),
        tag("p", ABOUT, class_="lead"),
        tag("p", f"{carried} of {len(found.lines)} elements are carried by some format."),
        _search(),
        table("R: is read, W: is written, blank: not in the format.", _columns(found), list(_rows(found))),
    )
    return shell(TITLE, body, say, script=True, footer=f"As in force on {day}.")


def _columns(found: Coverage) -> list[str]:
    counted = (f"{name} ({found.carried(number)})" for number, name in enumerate(found.formats))
    return ["Element of the model", "WCO id and name", "Format", *counted]


def _rows(found: Coverage) -> Iterator[Html]:
    for record, lines in groupby(found.lines, key=lambda line: line.record):
        heading = tag("th", record, scope="rowgroup", colspan=str(len(found.formats) + 3))
        yield tag("tr", heading, class_="group", data_depth=0, data_value="no", data_need="no")
        yield from map(_row, lines)


def _row(line: Line) -> Html:
    names = [tag("span", f"{one} {name}", class_="small") for one, name in zip(line.wco, line.wco_names, strict=True)]
    return tag(
        "tr",
        tag("th", line.label, tag("span", line.path, class_="model"), scope="row"),
        tag("td", names),
        tag("td", line.format + (" *" if line.repeats else "")),
        [tag("td", _mark(mark), class_="mark") for mark in line.marks],
        data_depth=1,
        data_value="yes",
        data_need="always" if line.is_carried else "no",
    )


def _mark(mark: str) -> Content:
    return tag("abbr", mark.upper(), title=MARKS[mark]) if mark else None


def _search() -> Html:
    return tag(
        "div",
        tag("label", "Search ", tag("input", type="search", id="find", autocomplete="off")),
        tag("label", tag("input", type="checkbox", id="must"), " elements that some format carries"),
        tag("span", "", id="found", role="status", data_text="{count} elements found"),
        class_="find",
        role="search",
    )
