"""Every value of a unit with its place: read from the raw bytes of a unit that has been parsed before.

Text is what the parser gave: comments and processing instructions gone, CDATA and references resolved, line ends and
attribute values normalised (W3C XML 1.0 §2.11, §3.3.3). A span covers a value's bytes without the white space around.

>>> [(leaf.steps, leaf.text) for leaf in leaves(b'<i><v c="EUR">5&#x2E;0</v></i>', 0, 1, "utf-8")]
[((('i', 1), ('v', 1), ('@c', 1)), 'EUR'), ((('i', 1), ('v', 1)), '5.0')]
"""

import re
from collections import Counter
from collections.abc import Iterator

from adapters.syntax.xml.markup import TAG, is_empty, local
from gateway.mapping.protocols import Leaf, Span

_TOKEN = re.compile(
    rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(?P<cdata>.*?)\]\]>|" + TAG.pattern + rb"|(?P<text>[^<]++)", re.DOTALL
)
_ATTRIBUTE = re.compile(rb"([^\s=<>/\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_REFERENCE = re.compile(r"&(?:#x0*([0-9a-fA-F]+)|#0*([0-9]+)|(lt|gt|amp|apos|quot));")  # any number of zeros is legal
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"'}
_SPACE = b" \t\r\n"

Steps = tuple[tuple[str, int], ...]


class _Element:
    """An open element: its text so far, and the children counted by name."""

    def __init__(self, steps: Steps, begin: int) -> None:
        self.steps = steps
        self.begin = begin
        self.end = begin
        self.text = ""
        self.children: Counter[str] = Counter()

    def child(self, name: str) -> Steps:
        self.children[name] += 1
        return (*self.steps, (name, self.children[name]))


class _Places:
    """Turns places in a unit into places in the file."""

    def __init__(self, data: bytes, offset: int, line: int) -> None:
        self.data = data
        self._offset = offset
        self._line = line
        self._counted = 0

    def span(self, begin: int, end: int) -> Span:
        self._line += self.data.count(b"\n", self._counted, begin) - self.data.count(b"\n", begin, self._counted)
        self._counted = begin
        return Span(self._offset + begin, end - begin, self._line)


def leaves(data: bytes, offset: int, line: int, codec: str) -> Iterator[Leaf]:
    """The values of one unit, in the order of the file: attributes, then the text of elements that hold any."""
    places = _Places(data, offset, line)
    stack = [_Element((), 0)]
    for token in _TOKEN.finditer(data):
        top = stack[-1]
        if token["name"] is None:
            _read(top, token, codec)
        elif token["end"]:
            yield from _own(stack.pop(), places)
        else:
            name = local(token["name"]).decode(codec)
            element = _Element(top.child(name), token.end())
            yield from _attributes(element.steps, token, places, codec)
            if is_empty(data, token.end()):
                yield Leaf(element.steps, places.span(token.start(), token.end()), "")
            else:
                stack.append(element)


def _own(element: _Element, places: _Places) -> Iterator[Leaf]:
    """The text before the first child, as parsers count it; an element with children and no text is no value."""
    if element.text.strip() or not element.children:
        raw = places.data[element.begin : element.end]
        begin = element.begin + len(raw) - len(raw.lstrip(_SPACE))
        yield Leaf(element.steps, places.span(begin, begin + len(raw.strip(_SPACE))), element.text)


def _read(element: _Element, token: re.Match[bytes], codec: str) -> None:
    if element.children:
        return
    if token["cdata"] is not None:
        element.text += _lines(token["cdata"].decode(codec))
    elif token["text"] is not None:
        element.text += _resolved(_lines(token["text"].decode(codec)))
    element.end = token.end()


def _attributes(steps: Steps, token: re.Match[bytes], places: _Places, codec: str) -> Iterator[Leaf]:
    for found in _ATTRIBUTE.finditer(places.data, token.end("name"), token.end()):
        name = found[1].decode(codec)
        if name != "xmlns" and not name.startswith("xmlns:"):
            begin, end = found.span(2) if found[2] is not None else found.span(3)
            text = re.sub(r"[\t\n]", " ", _lines(places.data[begin:end].decode(codec)))
            yield Leaf((*steps, ("@" + name.rpartition(":")[2], 1)), places.span(begin, end), _resolved(text))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _resolved(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    return _NAMED[name] if name else chr(int(hexadecimal, 16) if hexadecimal else int(decimal))
