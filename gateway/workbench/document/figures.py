"""A diagram on a page: its title, the drawing, the key to its bands."""

from gateway.workbench.document.diagram import Diagram, draw
from gateway.workbench.document.markup import Html, tag
from gateway.workbench.document.words import Words


def figure(diagram: Diagram, key: str, say: Words) -> Html:
    """A diagram with its title and the key to its bands."""
    kinds = {
        "given": say("given"),
        "made": say("made by the gateway or fixed by the table"),
        "lacking": say("required and not given"),
        "open": say("optional and not given"),
    }
    used = {band.kind for band in diagram.bands}
    key_line = tag("p", [tag("span", text, class_=kind) for kind, text in kinds.items() if kind in used], class_="key")
    return tag("figure", tag("figcaption", diagram.title, ". ", diagram.summary), draw(diagram, key), key_line)
