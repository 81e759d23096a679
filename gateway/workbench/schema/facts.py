"""The facts of one element or attribute as an element table says them: form, list of values, pattern, WCO id, name.

>>> shape({"maxLength": "35"}, "string"), shape({"totalDigits": "16", "fractionDigits": "3"}, "decimal")
('an..35', 'n..16,3')
>>> shape({"length": "2"}, "string"), shape({"minLength": "4", "maxLength": "17"}, "token")
('an2', 'an4..17')
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.mapping.grammar import form
from gateway.workbench.schema.declarations import XS, Declarations

_NUMBERS = {"decimal", "integer", "nonNegativeInteger", "positiveInteger", "int", "long", "short", "unsignedInt"}

_NO_MORE = {r".*[^\s].*", r"([0-9])*", r"[0-9]*"}  # patterns that say what a form or a non-blank text says


class Fact(msgspec.Struct, frozen=True):
    """One row of an element table. `enforced` is the form that a validator would ask for."""

    path: str
    least: int
    most: int | None
    kind: str
    format: str = ""
    values: tuple[str, ...] = ()
    pattern: str = ""
    wco_id: str = ""
    name: str = ""
    enforced: str = ""

    @property
    def facets(self) -> str:
        listed = f"enum={'|'.join(self.values)}" if self.values else ""
        return ";".join(filter(None, (f"pattern={self.pattern}" if self.pattern else "", listed)))

    def row(self) -> tuple[str, ...]:
        most = "unbounded" if self.most is None else str(self.most)
        return self.path, str(self.least), most, self.kind, self.format, self.facets, self.wco_id, self.name


def fact(known: Declarations, node: Any, path: str, least: int, most: int | None, kind: str) -> Fact:
    """What the schema says of a declaration."""
    own = known.type_of(node)
    facets, base = _facets(known, own, node)
    words = _words(node) | {name: text for name, text in _words(own).items() if name not in _words(node)}
    values = facets.pop("enumeration", "")
    enforced = "" if kind == "group" else shape(facets, base)
    return Fact(
        path,
        least,
        most,
        kind,
        enforced and (_format(words.get("WCOFormat", "")) or enforced),
        tuple(values.split("\n")) if values and kind != "group" else (),
        "" if kind == "group" or facets.get("pattern") in _NO_MORE else facets.get("pattern", ""),
        words.get("WCOID", ""),
        words.get("WCOName", ""),
        enforced,
    )


def shape(facets: Mapping[str, str], base: str) -> str:
    """The form that facets of length and digits say."""
    if base in _NUMBERS:
        digits, after = facets.get("totalDigits", ""), facets.get("fractionDigits", "0")
        return f"n..{digits}{'' if after == '0' else f',{after}'}" if digits else ""
    if "length" in facets:
        return f"an{facets['length']}"
    shortest, longest = facets.get("minLength", "0"), facets.get("maxLength", "")
    return f"an{shortest if int(shortest) > 1 else ''}..{longest}" if longest else ""


def _facets(known: Declarations, own: Any, node: Any) -> tuple[dict[str, str], str]:
    """Every facet of simple content, the innermost first; and the built-in type below them."""
    found: dict[str, str] = {}
    base = (node.get("type") or "").rpartition(":")[2]
    for step in known.chain(own):
        said: dict[str, str] = {}
        for facet in step:
            name = facet.tag.removeprefix(XS) if isinstance(facet.tag, str) else ""
            if facet.get("value") is not None:
                said[name] = (
                    f"{said[name]}\n{facet.get('value')}"
                    if name == "enumeration" and name in said
                    else facet.get("value")
                )
        found = said | found
        base = (step.get("base") or base).rpartition(":")[2]
    return found, base


def _words(node: Any) -> dict[str, str]:
    """What the documentation of a declaration says in elements of its own (`WCOID`, `WCOFormat`, `WCOName`)."""
    found: dict[str, str] = {}
    for said in node.findall(f"{XS}annotation/{XS}documentation/*") if node is not None else ():
        if isinstance(said.tag, str) and said.text:
            found.setdefault(said.tag.rpartition("}")[2], " ".join(said.text.split()))
    return found


def _format(text: str) -> str:
    """A WCO format, if it is one."""
    compact = "".join(text.split())
    try:
        form(compact)
    except ValueError:
        return ""
    return compact
