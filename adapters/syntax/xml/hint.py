"""The identifier of a unit that cannot be parsed, found in its raw bytes, so that its sender knows which one it is.

>>> from gateway.mapping.plan import Plan
>>> id_hint(b"<item><item-id>RR123456785CN</item-id><broken", Plan("", "", "xml", "", "", (), (), {}))
'RR123456785CN'
"""

import re

from gateway.mapping.plan import Plan

_LIKE_AN_ID = rb"[^\s<>/:]*(?:-id|I[Dd]|(?<=[<:])id)"
_LONGEST = 70  # an identifier is at most an..70 in every list we know


def id_hint(raw: bytes, plan: Plan) -> str:
    """The first text of the element that feeds the item's identifier, or of one that looks like it; else empty."""
    names = [re.escape(name.encode()) for name in _names(plan)] or [_LIKE_AN_ID]
    found = re.search(rb"<(?:[^\s<>/:]+:)?(?:" + b"|".join(names) + rb")(?:\s[^<>]*)?>\s*([^<]*)", raw)
    text = found[1].decode("utf-8", "replace").strip() if found else ""
    return (text if text.isprintable() else "".join(c for c in text if c.isprintable()))[:_LONGEST]


def _names(plan: Plan) -> list[str]:
    """Local names of the elements whose row feeds the item's identifier."""
    keys = [value.key for value in plan.values if value.model == "item_id"]
    return [
        name
        for key in keys
        if (name := re.sub(r"\[[^\]]*\]", "", key).rpartition("/")[2].rpartition(":")[2]) and name[0] not in "@."
    ]
