"""Did you mean: the nearest name of a closed set.

>>> nearest("chek", ["check", "codes", "cut"])
'check'
>>> nearest("xyz", ["check"])
''
"""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that was probably meant, empty where none is near."""
    found = get_close_matches(name, list(names), n=1, cutoff=0.6)
    return found[0] if found else ""
