"""Units that need no parser: text in which only tags and the five references without a declaration are markup.

A table's own expression then decides whether such a text is well-formed and says what it knows. Nothing may be left for
a parser to refuse or to change (W3C XML 1.0 §2.2, §2.4, §2.11, §4.6): forbidden characters, `]]>` in text, references
to anything else; line ends are normalised here. Names without a prefix must be in the plan's namespace.
"""

import re

from lxml import etree

from adapters.syntax.xml.guard import codec
from adapters.syntax.xml.parse import hardened, parse
from adapters.syntax.xml.path import Path, path
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Opening

_ALLOWED = bytes({9, 10, 13, *range(32, 256)})
_NEVER = {b"]": (b"]]>",), b"\xef": (b"\xef\xbf\xbe", b"\xef\xbf\xbf")}  # one byte is found ten times faster
_OTHER_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")


class Plain:
    """What one stretch of units has in common: `fits` says whether its units can be plain at all."""

    def __init__(self, opening: Opening, data: bytes, plan: Plan) -> None:
        self.codec = codec(opening.head)
        self._returns = b"\r" in data
        self.fits = (
            not data.translate(None, _ALLOWED)
            and not any(never in data for sign, some in _NEVER.items() if sign in data for never in some)
            and _default_namespace(opening, path(plan)) == path(plan).steps[-1].namespace
        )

    def text(self, raw: bytes) -> str | None:
        """The text of one unit; None where only a parser can tell."""
        try:
            text = raw.decode(self.codec)
        except UnicodeDecodeError:
            return None
        if self._returns:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return None if "&" in text and _OTHER_REFERENCE.search(text) else text


def _default_namespace(opening: Opening, way: Path) -> str | None:
    """The namespace of names without a prefix where the units stand; None where that cannot be seen."""
    try:
        element = parse(opening.head + opening.tail, hardened())
    except etree.XMLSyntaxError:
        return None
    for step in way.steps[1:-1]:
        inner = [*element.iterchildren(f"{{*}}{step.local}")]
        if not inner:
            return None
        element = inner[-1]
    return element.nsmap.get(None, "") if len(way.steps) > 1 else None
