"""The identifier of a unit that cannot be parsed, found in its raw bytes, so that its sender knows which one it is.

>>> from gateway.mapping.plan import Plan
>>> id_hint(b'{"items": [], "tracking_id": "RR123456785CN", "broken', Plan("", "", "json", "", "", (), (), {}))
'RR123456785CN'
"""

import re

from adapters.syntax.json.brackets import TEXT
from gateway.mapping.plan import Plan

_LIKE_AN_ID = rb"[^\"\\]*(?:(?i:[_-]id|number|reference)|I[Dd])|id"
_LONGEST = 70  # an identifier is at most an..70 in every list we know


def id_hint(raw: bytes, plan: Plan) -> str:
    """The first value of the member that feeds the item's identifier, or of one that looks like it; else empty."""
    names = [re.escape(name.encode()) for name in _names(plan)] or [_LIKE_AN_ID]
    found = re.search(rb'"(?:' + b"|".join(names) + rb')"[ \t\r\n]*+:[ \t\r\n]*+(?:(' + TEXT + rb")|([\w.]++))", raw)
    text = (found[1][1:-1] if found[1] else found[2]).decode("utf-8", "replace") if found else ""
    return "".join(sign for sign in text.strip() if sign.isprintable())[:_LONGEST]


def _names(plan: Plan) -> list[str]:
    """The last names of the rows that feed the item's identifier."""
    keys = [side.strip() for value in plan.values if value.model == "item_id" for side in value.key.split(" | ")]
    return [name for key in keys if (name := re.sub(r"\[[^\]]*\]", "", key).rpartition("/")[2]) not in {"", ".", ".."}]
