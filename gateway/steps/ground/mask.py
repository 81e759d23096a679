"""Personal values as the journal may keep them: their first letter and how long they are, in words.

A finding about a party's name, address or number says where it stands; the value itself stays in the record, which has
a retention of its own.

>>> masked({"value": "Asha Example", "role": "consignee"}, "consignee.name")
{'value': 'A*** (12)', 'role': 'consignee'}
>>> masked({"value": "9"}, "goods_items[1].quantity")
{'value': '9'}
"""

import re

PARTY = re.compile(
    r"(^|\.)(consignor|consignee|exporter|importer|seller|buyer|notify|declarant|representative|submitter|operator)\."
)
SAID = frozenset({"value", "found", "stated", "text", "name"})  # placeholders that hold what the message said


def masked(values: dict[str, str], model_path: str) -> dict[str, str]:
    """The values of a finding, those of a party's fields covered. Country and kind codes are no personal data."""
    if not PARTY.search(model_path) or model_path.endswith((".country", ".kind", ".type")):
        return values
    return covered(values)


def covered(values: dict[str, str]) -> dict[str, str]:
    """Whatever a message said, covered: for places that must hold nothing personal at all.

    >>> covered({"text": "Asha Example", "connection": "island-post.live"})
    {'text': 'A*** (12)', 'connection': 'island-post.live'}
    """
    return {name: _covered(value) if name in SAID else value for name, value in values.items()}


def _covered(value: str) -> str:
    return f"{value[:1]}*** ({len(value)})"
