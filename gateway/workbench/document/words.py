"""A language to speak: msgids become words of that language, values are put in.

>>> Words("fr")("always %(value)s", value="GB")
'toujours GB'
"""

from collections.abc import Iterable

from gateway.locale import chosen, translate
from gateway.model.naming import STEP


class Words:
    """Called with an English msgid it says it in its language."""

    def __init__(self, language: str = "") -> None:
        self.language = chosen(language)

    def __call__(self, message: str, **values: object) -> str:
        said = translate(message, self.language)
        return said % values if values else said

    def way(self, labels: Iterable[str]) -> str:
        """Labels on the way to something, one step after the other."""
        return STEP.join(self(label) for label in labels)
