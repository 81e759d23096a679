"""Final names of files we write, as a template: deterministic, plain, without personal data (security.md §7).

>>> FileName("CUSRSP_{control_reference}.xml").fill(control_reference="42")
'CUSRSP_42.xml'
>>> parse_file_name("{sender}.xml")
"""

import re
from dataclasses import dataclass
from typing import Annotated

from gateway.settings.values import Written

PLACEHOLDERS = ("lrn", "control_reference", "format", "syntax", "gateway")
_UNIQUE = {"lrn", "control_reference"}
_PART = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class FileName:
    """A name with placeholders; what fills it is reduced to letters, digits and `._-`."""

    template: str

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(_PART.findall(self.template))

    def fill(self, **values: str) -> str:
        return _PART.sub(lambda found: re.sub(r"[^A-Za-z0-9._-]", "-", values[found[1]]), self.template)

    def __str__(self) -> str:
        return self.template


def parse_file_name(text: str) -> FileName | None:
    name = FileName(text)
    plain = re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", _PART.sub("x", text))
    known = name.placeholders <= set(PLACEHOLDERS) and name.placeholders & _UNIQUE
    return name if plain and known else None


FileNameTemplate = Annotated[
    FileName,
    Written(
        FileName,
        parse_file_name,
        "a name of letters, digits and `._-` with {lrn} or {control_reference} (also {format}, {syntax}, {gateway})",
    ),
]
