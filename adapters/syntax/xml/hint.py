"""The identifier of a unit that cannot be parsed, found in its raw bytes, so that its sender knows which one it is.

>>> from gateway.mapping.plan import Plan
>>> id_hint(b"<item><item-id>RR123456785CN</item-id><broken", Plan("", "", "xml", "", "", (), (), {}))
'RR123456785CN'
"""

import re

from adapters.syntax.identifier import names, shown
from gateway.mapping.plan import Plan

_LIKE_AN_ID = rb"[^\s<>/:]*(?:-id|I[Dd]|(?<=[<:])id)"


def id_hint(raw: bytes, plan: Plan) -> str:
    """The first text of the element that feeds the item's identifier, or of one that looks like it; else empty."""
    known = [re.escape(name.encode()) for name in names(plan)] or [_LIKE_AN_ID]
    found = re.search(rb"<(?:[^\s<>/:]+:)?(?:" + b"|".join(known) + rb")(?:\s[^<>]*)?>\s*([^<]*)", raw)
    return shown(found[1].decode("utf-8", "replace")) if found else ""
