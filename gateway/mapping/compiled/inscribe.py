"""What compiled writers call for what is too rare to be spelled out."""

from gateway.mapping.compiled.settle import Doubt
from gateway.mapping.express import BY_PRECISION
from gateway.mapping.markup import FORBIDDEN, escaped
from gateway.model.moment import Moment, loses, render


class Uncompiled(Exception):
    """The table uses something that only the twin can write."""


def cleaned(text: str | None) -> str | None:
    """Escaped; None stays None. Raises: Doubt where a character cannot be written, or none is seen."""
    if text is None:
        return None
    if FORBIDDEN.search(text) or text.isspace():
        raise Doubt
    return escaped(text)


def moment_text(moment: Moment, kind: str) -> str:
    """A moment in a form that loses nothing of it. Raises: Doubt."""
    if kind == "iso" and not moment.text:
        return moment.iso
    text = render(moment, kind)
    if text is None or loses(moment, kind):
        raise Doubt
    return text


def moment_form(moment: Moment, forms: tuple[str, ...]) -> tuple[str, str]:
    """The first form of its own precision that the message knows, and the moment in it. Raises: Doubt."""
    for kind in BY_PRECISION[moment.kind]:
        if not forms or kind in forms:
            return kind, moment_text(moment, kind)
    raise Doubt
