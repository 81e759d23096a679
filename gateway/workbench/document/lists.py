"""The code lists of a page: what each code of the message means and what it is in the model."""

from collections.abc import Iterator, Sequence

from gateway.workbench.document.cells import Cells
from gateway.workbench.document.codes import CodeTable
from gateway.workbench.document.markup import Content, Html, tag
from gateway.workbench.document.shell import table
from gateway.workbench.document.words import Words

LONG = 30  # codes; what is longer and has a meaning only is set in columns


def lists(found: Sequence[Cells], say: Words) -> Iterator[Content]:
    lists = {one.list.name: one.list for one in found if one.list is not None}
    if lists:
        yield tag("h2", say("Code lists"), id="codes")
    for codes in lists.values():
        yield tag("h3", codes.name, id=anchor(codes))
        plain = len(codes.codes) > LONG and not any(code.model or code.along for code in codes.codes)
        yield _columns(codes) if plain else code_table(codes, say)


def _columns(codes: CodeTable) -> Html:
    """A long list of codes and their meaning, in columns."""
    return tag("ul", [tag("li", tag("code", code.code), " ", code.label) for code in codes.codes], class_="columns")


def code_table(codes: CodeTable, say: Words) -> Html:
    """A code list with its labels."""
    paired = any(code.model for code in codes.codes)
    along = any(code.along for code in codes.codes)
    columns = [
        say("Code"),
        say("Code in the model") if paired else "",
        say("Meaning"),
        say("Sets also") if along else "",
    ]
    rows = [
        tag(
            "tr",
            tag("th", tag("code", code.code), scope="row"),
            tag("td", tag("code", code.model)) if paired else None,
            tag("td", code.label),
            tag("td", tag("code", code.along)) if along else None,
        )
        for code in codes.codes
    ]
    return table(say("Source: %(source)s", source=codes.source), [name for name in columns if name], rows)


def anchor(codes: CodeTable) -> str:
    """The id of a code list on its page."""
    return "list-" + "".join(char if char.isalnum() else "-" for char in codes.name)
