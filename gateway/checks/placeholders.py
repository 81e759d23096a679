"""Words that stand in place of a name or an address: "private", "N/A", ".".

>>> is_placeholder("N/A"), is_placeholder("."), is_placeholder("Unknown"), is_placeholder("Mr Private")
(True, True, True, False)
"""

from gateway.checks.lists import column

_EDGES = " .,;:!?-–—_/\\*+#'\"()[]"  # noqa: RUF001 - dashes are what they are


def is_placeholder(text: str) -> bool:
    """Say whether the whole text is a placeholder, or nothing but marks."""
    bare = text.strip(_EDGES).casefold()
    return not bare or bare in column("checks/placeholder-names", "term")
