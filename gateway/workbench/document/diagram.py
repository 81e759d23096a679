"""Diagrams in layers: boxes in columns, bands between neighbours; inline SVG that prints and needs no network."""

from collections import Counter
from collections.abc import Sequence
from textwrap import wrap

import msgspec

from gateway.workbench.document.markup import Html, tag

WIDTH = 1080
GAP = 10  # between boxes of a column
LINE = 15  # height of a line of text
PADDING = 8
LETTER = 6.6  # usual width of a letter of 12 px
BAND = 12.0  # the widest band
BESIDE = 7.0  # from one band to the next between the same boxes


class Box(msgspec.Struct, frozen=True):
    """A box with its title and a smaller line; `kind` is its class in the style sheet."""

    key: str
    title: str
    small: str = ""
    kind: str = ""


class Band(msgspec.Struct, frozen=True):
    """How much goes from one box to the other; `kind` is its class in the style sheet."""

    start: str
    end: str
    weight: int
    kind: str = ""
    title: str = ""


class Diagram(msgspec.Struct, frozen=True):
    """Columns of boxes from left to right, `share` is the width of each box in its column."""

    title: str
    summary: str
    columns: tuple[tuple[Box, ...], ...]
    bands: tuple[Band, ...]
    share: float = 0.72


class _Drawn(msgspec.Struct, frozen=True):
    box: Box
    lines: tuple[str, ...]
    small: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


def draw(diagram: Diagram, key: str) -> Html:
    """The diagram; `key` tells its parts from those of other diagrams of the page."""
    drawn = _placed(diagram)
    height = max((one.y + one.height for one in drawn.values()), default=0) + GAP
    heaviest = max((band.weight for band in diagram.bands), default=1)
    beside: Counter[tuple[str, str]] = Counter()
    bands = []
    for band in diagram.bands:
        bands.append(_band(band, drawn, heaviest, beside[band.start, band.end]))
        beside[band.start, band.end] += 1
    return tag(
        "svg",
        tag("title", diagram.title, id=f"{key}-title"),
        tag("desc", diagram.summary, id=f"{key}-desc"),
        bands,
        [_box(one) for one in drawn.values()],
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
        class_="diagram",
    )


def _placed(diagram: Diagram) -> dict[str, _Drawn]:
    columns = [column for column in diagram.columns if column]
    pitch = WIDTH / max(len(columns), 1)
    width = pitch * diagram.share
    measured = [[(box, *_lines(box, width)) for box in column] for column in columns]
    heights = [sum(_height(title, small) + GAP for _, title, small in column) for column in measured]
    tallest = max(heights, default=0)
    drawn: dict[str, _Drawn] = {}
    for number, column in enumerate(measured):
        x = number * (WIDTH - width) / max(len(columns) - 1, 1)
        y = GAP + (tallest - heights[number]) / 2
        for box, title, small in column:
            drawn[box.key] = _Drawn(box, title, small, x, y, width, _height(title, small))
            y += _height(title, small) + GAP
    return drawn


def _lines(box: Box, width: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    letters = int((width - 2 * PADDING) / LETTER)
    return tuple(wrap(box.title, letters) or [""]), tuple(wrap(box.small, int(letters * 1.1)))


def _height(title: Sequence[str], small: Sequence[str]) -> float:
    return (len(title) + len(small)) * LINE + PADDING


def _box(one: _Drawn) -> Html:
    middle = one.x + one.width / 2
    texts = [(text, "") for text in one.lines] + [(text, "small") for text in one.small]
    return tag(
        "g",
        tag("rect", x=f"{one.x:.1f}", y=f"{one.y:.1f}", width=f"{one.width:.1f}", height=f"{one.height:.1f}", rx=4),
        [
            tag("text", text, x=f"{middle:.1f}", y=f"{one.y + (number + 1) * LINE:.1f}", class_=kind or None)
            for number, (text, kind) in enumerate(texts)
        ],
        class_=f"box {one.box.kind}".strip(),
    )


def _band(band: Band, drawn: dict[str, _Drawn], heaviest: int, beside: int) -> Html:
    """A band; those that are `beside` it between the same boxes already lie above it."""
    start, end = drawn[band.start], drawn[band.end]
    x0, y0 = start.x + start.width, start.y + start.height / 2 + beside * BESIDE
    x1, y1 = end.x, end.y + end.height / 2 + beside * BESIDE
    bend = (x1 - x0) / 2
    return tag(
        "g",
        tag("title", band.title) if band.title else None,
        tag(
            "path",
            d=f"M{x0:.1f} {y0:.1f}C{x0 + bend:.1f} {y0:.1f} {x1 - bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}",
            stroke_width=f"{max(1.5, BAND * band.weight / max(heaviest, 1)):.1f}",
        ),
        class_=f"band {band.kind}".strip(),
    )
