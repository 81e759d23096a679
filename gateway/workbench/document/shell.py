"""What every page has around it: language, title, style and script inside the file, a way back, a footer."""

from pathlib import Path

from gateway.workbench.document.markup import Content, Html, tag
from gateway.workbench.document.words import Words

_HERE = Path(__file__).parent


def shell(title: str, body: Content, say: Words, *, script: bool = False, footer: str = "") -> str:
    """A whole document; nothing in it comes from elsewhere."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content="gateway mapping document"),
        tag("title", title),
        tag("style", _asset("page.css"), _running(title)),
    )
    main = tag("main", body, id="content")
    parts = (
        tag("a", say("To the content"), href="#content", class_="skip"),
        main,
        tag("footer", footer) if footer else None,
        tag("script", _asset("search.js")) if script else None,
    )
    return "<!DOCTYPE html>\n" + tag("html", head, tag("body", parts), lang=say.language) + "\n"


def facts(pairs: list[tuple[str, Content]]) -> Html:
    """A list of facts: what, and what it is; without those that are not known."""
    return tag("dl", [(tag("dt", name), tag("dd", value)) for name, value in pairs if value], class_="facts")


def search_box(must: str, say: Words) -> Html:
    """Where words are typed; `must` is the switch that leaves what is required only."""
    return tag(
        "div",
        tag("label", say("Search"), " ", tag("input", type="search", id="find", autocomplete="off")),
        tag("label", tag("input", type="checkbox", id="must"), " ", must),
        tag("span", "", id="found", role="status", data_text=say("{count} elements found")),
        class_="find",
        role="search",
    )


def table(caption: str, columns: list[str], rows: Content, **attributes: str) -> Html:
    """A table with a head that says what its columns are; class `fixed`: with the widths of the style sheet."""
    head = tag("thead", tag("tr", [tag("th", name, scope="col") for name in columns]))
    whole = tag("table", tag("caption", caption), head, tag("tbody", rows), **attributes)
    return tag("div", whole, class_="scroll")


def _running(title: str) -> Html:
    """The title at the head of each printed page."""
    return Html(f'@page {{ @top-left {{ content: "{css_text(title)}"; font: 8pt sans-serif; }} }}\n')


def css_text(text: str) -> str:
    r"""A text inside the quotation marks of a style sheet.

    >>> css_text('a</style>"')
    'a\\3c \\2f style\\3e \\22 '
    """
    return "".join(char if char.isalnum() or char == " " else f"\\{ord(char):x} " for char in text)


def _asset(name: str) -> Html:
    return Html((_HERE / name).read_text("utf-8"))
