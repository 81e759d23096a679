"""Did you mean: the nearest name of a closed set.

>>> nearest("chek", ["check", "codes", "cut"])
'check'
>>> nearest("xyz", ["check"])
''
"""

from collections.abc import Iterable
from difflib import get_close_matches


def likely(name: str, names: Iterable[str], count: int) -> list[str]:
    """The names that are most like it, however unlike.

    >>> likely("colour", ["unit", "column"], 1)
    ['column']
    """
    return get_close_matches(name, list(names), n=count, cutoff=0.0)


def nearest(name: str, names: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The name that was probably meant, empty where none is near."""
    found = get_close_matches(name, list(names), n=1, cutoff=cutoff)
    return found[0] if found else ""
