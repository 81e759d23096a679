"""The coverage matrix as one HTML page: for screen and paper, searchable, nothing in it comes from elsewhere."""

from collections.abc import Iterator
from itertools import groupby

from gateway.workbench.coverage.matrix import Coverage, Line
from gateway.workbench.document.markup import Content, Html, tag
from gateway.workbench.document.shell import shell, table
from gateway.workbench.document.words import Words

BREAK = "\u200b"  # where a long name may go on in the next line


def page(found: Coverage, day: str, say: Words) -> str:
    """The page in a language; `day` says which tables were in force."""
    title = say("Data elements by format")
    carried = sum(line.is_carried for line in found.lines)
    body = (
        tag("h1", title),
        tag("p", say("Each data element with its WCO ids, and which formats read and write it."), class_="lead"),
        tag("p", say("%(carried)s of %(all)s are in some format.", carried=carried, all=len(found.lines))),
        _search(say),
        table(
            say("R: is read, W: is written, blank: not in the format."), _columns(found, say), list(_rows(found, say))
        ),
    )
    return shell(title, body, say, script=True, footer=say("As in force on %(day)s.", day=day))


def _columns(found: Coverage, say: Words) -> list[str]:
    names = (f"{name.replace('/', '/' + BREAK)} ({found.carried(at)})" for at, name in enumerate(found.formats))
    return [say("Data element"), say("WCO id and name"), say("Format"), *names]


def _rows(found: Coverage, say: Words) -> Iterator[Html]:
    for record, lines in groupby(found.lines, key=lambda line: line.record):
        heading = tag("th", record, scope="rowgroup", colspan=str(len(found.formats) + 3))
        yield tag("tr", heading, class_="group", data_depth=0, data_value="no", data_need="no")
        yield from (_row(line, say) for line in lines)


def _row(line: Line, say: Words) -> Html:
    ids = zip(line.wco, line.wco_names, strict=True)
    return tag(
        "tr",
        tag("th", say.way(line.labels), tag("span", line.path, class_="model"), scope="row"),
        tag("td", [tag("span", f"{one} {say(name) if name else ''}".rstrip(), class_="small") for one, name in ids]),
        tag("td", line.format + (" *" if line.repeats else "")),
        [tag("td", _mark(mark, say), class_="mark") for mark in line.marks],
        data_depth=1,
        data_value="yes",
        data_need="always" if line.is_carried else "no",
    )


def _mark(mark: str, say: Words) -> Content:
    words = {"r": say("is read"), "w": say("is written")}
    return tag("abbr", mark.upper(), title=", ".join(words[letter] for letter in mark)) if mark else None


def _search(say: Words) -> Html:
    return tag(
        "div",
        tag("label", say("Search"), " ", tag("input", type="search", id="find", autocomplete="off")),
        tag("label", tag("input", type="checkbox", id="must"), " ", say("data elements that some format has")),
        tag("span", "", id="found", role="status", data_text=say("{count} elements found")),
        class_="find",
        role="search",
    )
