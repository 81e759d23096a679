"""Units that stand side by side: where each begins and ends, found by searching for its tags only.

The same bytes give the same places wherever the search begins, so that a worker that holds a slice of a file finds
what the splitter found in the whole.

>>> list(adjacent(b"<item>1</item> <!-- <item> --> <item>2</item></list>", 0, unit_tags(b"item"), 1000))
[(0, 14), (31, 45)]
"""

from collections.abc import Iterator

from adapters.syntax.xml import sections
from adapters.syntax.xml.markup import ASIDES, UnitTags, after_start, find_end, find_start, is_empty, unit_tags

__all__ = ["adjacent", "end_of_unit", "following", "unit_tags"]

NESTED = 64  # units of the same name inside one another; more are end tags that are missing


def adjacent(data: bytes, at: int, tags: UnitTags, cap: int, complete: bool = True) -> Iterator[tuple[int, int]]:
    """Begin and end of every whole unit from `at` on, as long as nothing that says anything stands in between.

    `complete` says that no more bytes follow those in hand.
    """
    while at >= 0 and (end := end_of_unit(data, at, tags, cap, complete)) >= 0:
        yield at, end
        at = following(data, end, tags)


def following(data: bytes, at: int, tags: UnitTags) -> int:
    """Where the next unit begins when only white space and asides stand before it, or -1."""
    found = ASIDES.match(data, at)
    begin = found.end() if found else at
    return find_start(data, tags.start, begin, begin + len(tags.start))


def end_of_unit(data: bytes, at: int, tags: UnitTags, cap: int, complete: bool = True) -> int:
    """Where the unit at `at` ends; -1 where its end tag is not among the next `cap` bytes.

    Units of the same name inside it are counted, sections are stepped over.
    """
    stop = at + cap
    certain = complete or stop <= len(data)
    here = after_start(data, at, tags.start)
    depth = 0 if is_empty(data, here) else 1
    while 0 < depth < NESTED:
        end, after = find_end(data, tags.end, here, stop)
        if end < 0 or after > stop:
            return -1
        aside = sections.first(data, here, end)
        inner = find_start(data, tags.start, here, end if aside < 0 else aside)
        if inner >= 0:
            here = after_start(data, inner, tags.start)
            depth += not is_empty(data, here)
        elif aside >= 0:
            here = sections.after(data, aside, stop, tags.start)
            if here < 0 and not certain:
                return -1
            here = max(here, aside + 2)
        else:
            here, depth = after, depth - 1
    return -1 if depth else here
