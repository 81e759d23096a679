"""The identifier of a unit that cannot be parsed, found in its raw bytes, so that its sender knows which one it is.

>>> from gateway.mapping.plan import Plan
>>> id_hint(b'{"items": [], "tracking_id": "RR123456785CN", "broken', Plan("", "", "json", "", "", (), (), {}))
'RR123456785CN'
"""

import re

from adapters.syntax.identifier import names, shown
from adapters.syntax.json.brackets import TEXT
from gateway.mapping.plan import Plan

_LIKE_AN_ID = rb"[^\"\\]*(?:(?i:[_-]id|number|reference)|I[Dd])|id"


def id_hint(raw: bytes, plan: Plan) -> str:
    """The first value of the member that feeds the item's identifier, or of one that looks like it; else empty."""
    known = [re.escape(name.encode()) for name in names(plan)] or [_LIKE_AN_ID]
    found = re.search(rb'"(?:' + b"|".join(known) + rb')"[ \t\r\n]*+:[ \t\r\n]*+(?:(' + TEXT + rb")|([\w.]++))", raw)
    text = (found[1][1:-1] if found[1] else found[2]).decode("utf-8", "replace") if found else ""
    return shown(text)
