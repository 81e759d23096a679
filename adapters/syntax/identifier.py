"""The identifier of a unit that cannot be understood: which names carry it, and what of its text can be shown."""

import re
from collections.abc import Iterator

from gateway.mapping.plan import Plan

LONGEST = 70  # an identifier is at most an..70 in every list we know
NO_NAMES = frozenset({"", ".", ".."})


def names(plan: Plan) -> Iterator[str]:
    """The last names, without prefix, of the rows that feed the item's identifier; attributes have none."""
    keys = (side.strip() for value in plan.values if value.model == "item_id" for side in value.key.split(" | "))
    for key in keys:
        name = re.sub(r"\[[^\]]*\]", "", key).rpartition("/")[2].rpartition(":")[2]
        if name not in NO_NAMES and not name.startswith("@"):
            yield name


def shown(text: str) -> str:
    """What of a text is fit for a report: printable signs, not too many."""
    return "".join(sign for sign in text.strip() if sign.isprintable())[:LONGEST]
