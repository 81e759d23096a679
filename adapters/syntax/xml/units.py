"""Units that stand side by side: where each begins and ends, found by searching for its tags only.

The same bytes give the same places wherever the search begins, so that a worker that holds a slice of a file finds
what the splitter found in the whole.

>>> list(adjacent(b"<item>1</item> <!-- <item> --> <item>2</item></list>", 0, unit_tags(b"item"), 1000))
[(0, 14), (31, 45)]
"""

import re
from collections.abc import Iterator

from adapters.syntax.xml import sections
from adapters.syntax.xml.markup import ASIDES, TAG, UnitTags, after_start, find_end, find_start, is_empty, unit_tags

__all__ = ["adjacent", "following", "nested_end", "plain_end", "undisturbed", "unit_tags"]

NESTED = 16  # units of the same name inside one another; more are end tags that are missing


def adjacent(
    data: bytes, at: int, tags: UnitTags, cap: int, *, complete: bool = True, plain: bool = False
) -> Iterator[tuple[int, int]]:
    """Begin and end of every whole unit from `at` on, as long as nothing that says anything stands in between.

    `complete` says that no more bytes follow those in hand, `plain` that no unit holds another one.
    """
    while at >= 0 and (end := plain_end(data, at, tags, at + cap, complete=complete, plain=plain)) >= 0:
        yield at, end
        at = following(data, end, tags)


def undisturbed(data: bytes, tags: UnitTags, count: int) -> list[tuple[int, int]]:
    """What `adjacent` finds, for bytes that are nothing but this many plain units and white space; else empty.

    >>> undisturbed(b"<item>1</item> <item>2</item>", unit_tags(b"item"), 2)
    [(0, 14), (15, 29)]
    """
    if sections.first(data, 0, len(data)) >= 0:
        return []
    ends = [found.end() for found in re.finditer(re.escape(tags.end) + rb"\s*+>", data)]
    begins = [0, *(data.find(b"<", end) for end in ends[:-1])]
    return list(zip(begins, ends, strict=True)) if len(ends) == count else []


def following(data: bytes, at: int, tags: UnitTags) -> int:
    """Where the next unit begins when only white space and asides stand before it, or -1."""
    found = ASIDES.match(data, at)
    begin = found.end() if found else at
    return find_start(data, tags.start, begin, begin + len(tags.start))


def plain_end(data: bytes, at: int, tags: UnitTags, stop: int, *, complete: bool = True, plain: bool = False) -> int:
    """Where the unit at `at` ends; -1 where it has no end tag before `stop`, or may hold a unit of the same name."""
    here = after_start(data, at, tags.start)
    if is_empty(data, here):
        return here
    end, after = find_end(data, tags.end, here, stop)
    while end >= 0 and after <= stop:
        aside = sections.first(data, here, end)
        if not plain and find_start(data, tags.start, here, end if aside < 0 else aside) >= 0:
            return -1
        if aside < 0:
            return after
        here = _after_section(data, aside, stop, complete=complete)
        if here < 0:
            return -1
        if here > end:
            end, after = find_end(data, tags.end, here, stop)
    return -1


def nested_end(data: bytes, at: int, tags: UnitTags, stop: int, *, strict: bool) -> int:
    """Where a unit ends that holds units of the same name; -1 where their tags do not match up before `stop`.

    `strict`: no unit of this format holds another. Then one that stands in a unit, but not in an element of it, is the
    next unit, and the end tag of the former is missing; so it is where the bytes are not well-formed.
    """
    here, depth = after_start(data, at, tags.start), 1
    end, after = find_end(data, tags.end, here, stop)
    while 0 < depth < NESTED and end >= 0 and after <= stop:
        aside = sections.first(data, here, end)
        inner = find_start(data, tags.start, here, end if aside < 0 else aside)
        if inner >= 0:
            here = after_start(data, inner, tags.start)
            depth += not is_empty(data, here)
        elif aside >= 0:
            here = _after_section(data, aside, stop)
        else:
            here, depth = after, depth - 1
        if depth and here > end:
            end, after = find_end(data, tags.end, here, stop)
    return here if not depth and not (strict and _crossed(data[at:here])) else -1


def _after_section(data: bytes, aside: int, stop: int, *, complete: bool = True) -> int:
    """Where to go on behind a section; -1 where bytes that are not in hand decide. One left open is stepped into."""
    after = sections.after(data, aside, stop)
    return -1 if after < 0 and not complete and stop > len(data) else max(after, aside + 2)


def _crossed(unit: bytes) -> bool:
    """Whether the tags of a unit do not match, or another unit is its child."""
    names: list[bytes] = []
    at = 0
    while (at := unit.find(b"<", at)) >= 0:
        if unit[at + 1 : at + 2] in (b"!", b"?"):
            at = max(sections.after(unit, at, len(unit)), at + 2)
            continue
        tag = TAG.match(unit, at)
        if tag is None or (tag["end"] and (not names or names.pop() != tag["name"])):
            return True
        if not tag["end"]:
            if names == [tag["name"]]:
                return True
            if not is_empty(unit, tag.end()):
                names.append(tag["name"])
        at = tag.end()
    return bool(names)
