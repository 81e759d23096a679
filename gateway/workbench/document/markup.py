"""HTML and SVG as text: what is not markup already is escaped, so that no message, table or name can break a page.

>>> tag("td", "a < b & c", class_="x")
'<td class="x">a &lt; b &amp; c</td>'
>>> tag("tr", tag("td", "1"), tag("td", None), hidden=True)
'<tr hidden><td>1</td><td></td></tr>'
"""

import re
from collections.abc import Iterable
from html import escape
from itertools import chain

Content = str | None | Iterable["Content"]
Attribute = str | int | float | bool | None
_STEPS = {"/", ".", ":"}
_VOID = frozenset({"meta", "input", "br", "col", "wbr", "path", "rect", "line", "circle"})


class Html(str):
    """A text that is markup."""

    __slots__ = ()


def tag(name: str, /, *content: Content, **attributes: Attribute) -> Html:
    """An element; `class_` and `for_` are attributes of those names, `stroke_width` is `stroke-width`."""
    inside = "".join(chain.from_iterable(map(_texts, content)))
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{given}/>")
    return Html(f"<{name}{given}>{inside}</{name}>")


def join(parts: Iterable[Content], between: Content = "") -> Html:
    """Parts with something between them."""
    glue = "".join(_texts(between))
    return Html(glue.join("".join(_texts(part)) for part in parts))


def breaking(text: str) -> Html:
    """A path that may go on in the next line behind each of its steps.

    >>> breaking("a/b.yaml:7")
    'a/<wbr/>b.<wbr/>yaml:<wbr/>7'
    """
    return Html("".join(f"{part}<wbr/>" if part in _STEPS else escape(part) for part in re.split(r"([/.:])", text)))


def _texts(content: Content) -> Iterable[str]:
    if content is None:
        return ()
    if isinstance(content, str):
        return (content if isinstance(content, Html) else escape(content, quote=False),)
    return chain.from_iterable(map(_texts, content))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
