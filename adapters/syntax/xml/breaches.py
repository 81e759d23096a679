"""Where a document is not as its schema demands: the element by its path, and libxml2's words without what it quotes.

Source: libxml2 2.14, `xmlschemas.c`. Its messages name types and elements with their namespaces and quote the value
that does not fit; a value may be personal, so it is left out: it can be looked up at the place.

>>> _problem("Element '{urn:x}A': [facet 'pattern'] The value 'J. Doe' is not accepted by the pattern '[A-Z]{2}'.")
"[facet 'pattern'] the value is not accepted by the pattern '[A-Z]{2}'"
>>> _problem("Element '{urn:x}A': This element is not expected. Expected is ( {urn:x}B ).")
'This element is not expected. Expected is ( B )'
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from gateway.mapping.canonical import path
from gateway.mapping.protocols import Breach

MOST = 20  # breaches of one document that are told
_PLACE = re.compile(r"^Element '[^']*'(?:, attribute '(?:\{[^}]*\})?([^']*)')?: ")
_SPACE = re.compile(r"\{[a-z]+:[^}\s]*\}")  # of a name, not a quantifier in a pattern
_QUOTED = re.compile(r"^(\[facet '\w+'\] )?(?:The value )?'.*' is not ", re.DOTALL)
_STEP = re.compile(r"(?:\*|[^\[]*)(?:\[(\d+)\])?")


def breaches(root: etree._Element, schema: etree.XMLSchema) -> tuple[Breach, ...]:
    """The first breach of each element, in the order of the document."""
    if schema.validate(root):
        return ()
    found: dict[str, Breach] = {}
    log: Any = schema.error_log  # the stubs know nothing of its entries
    for error in log:
        one = _breach(root, error)
        found.setdefault(one.path, one)
    return tuple(found.values())[:MOST]


def _breach(root: etree._Element, error: Any) -> Breach:
    attribute = _PLACE.match(error.message)
    steps = tuple(_steps(root, error.path or ""))
    where = path(steps) + (f"/@{attribute[1]}" if attribute and attribute[1] else "")
    return Breach(where, error.line, _problem(error.message))


def _problem(message: str) -> str:
    said = _SPACE.sub("", _PLACE.sub("", message)).rstrip(".")
    return _QUOTED.sub(lambda found: f"{found[1] or ''}the value is not ", said)


def _steps(root: etree._Element, where: str) -> Iterator[tuple[str, int]]:
    """`/md:MetaData/*[6]/*[1]` as names with their number among siblings of one name."""
    here = root
    yield etree.QName(here).localname, 1
    for step in where.strip("/").split("/")[1:]:
        found = _child(here, step)
        if found is None:
            return
        here = found
        same = list(here.itersiblings(here.tag, preceding=True))
        yield etree.QName(here).localname, len(same) + 1


def _child(above: etree._Element, step: str) -> etree._Element | None:
    """The child that a step of libxml2's path means: `*[6]` counts all, `md:X[2]` those of its name."""
    match = _STEP.fullmatch(step)
    number = int(match[1]) if match and match[1] else 1
    name, prefix = step.partition("[")[0].rpartition(":")[::-2]
    space = above.nsmap.get(prefix) if prefix else None
    wanted = "*" if name == "*" else f"{{{space}}}{name}" if space else name
    return next((one for at, one in enumerate(above.iterchildren(wanted), 1) if at == number), None)
