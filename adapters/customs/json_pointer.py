"""Pointers written like JSONPath into an authority's own model, to the value that was declared in XML.

`$.consignmentShipment[?(@.sequenceNumber == 1)].goodsItems[?(@.sequenceNumber == 2)].commodity.classification` is goods
item 2's classification. The authority's names are not those of its message, and only some are published: a dated table
(`customs/dk/pointers`) says which element a name is within another one; a name that is the element's own but for its
case needs no row. A pointer may end at a class, name an occurrence that does not exist or a part that nobody knows:
then the deepest place that resolves is the answer.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import msgspec

from adapters.customs.place import place
from gateway.mapping.protocols import Lists
from gateway.mapping.trace import Entry
from gateway.model import Step

SEQUENCE = "sequencenumber"  # the filter that names an occurrence
NUMBERED = "SequenceNumeric"  # the element in which an occurrence says its own number
HERE = "."

_TOKEN = re.compile(  # possessive (`*+`): a pointer of a megabyte is read once, never tried in many ways
    r"""\s*+(?:
    (?:\.{1,2}\s*+)?(?P<name>[A-Za-z_][\w-]*+)
    | \[\s*+(?P<quote>['"])(?P<quoted>[^'"\]]*+)(?P=quote)\s*+\]
    | \[\s*+\?\s*+\(\s*+@\.(?P<key>\w++)\s*+={1,2}+\s*+['"]?+(?P<value>[^'")\]]*+)['"]?+\s*+\)\s*+\]
    | \[\s*+(?P<index>\d{1,9}+)\s*+\]
    | \[\s*+\*\s*+\]
    )""",
    re.VERBOSE,
)


class Part(msgspec.Struct, frozen=True):
    """One name of a pointer, what narrows it down, and which occurrence is meant (empty: all of them)."""

    name: str
    key: str = ""
    value: str = ""
    number: str = ""


class Name(msgspec.Struct, frozen=True):
    """A row: what a name means within an element; a key with its value where the name alone does not tell."""

    within: str
    name: str
    key: str
    value: str
    element: str

    def fits(self, within: str, part: Part) -> bool:
        narrowed = not self.key or (self.key.lower(), self.value) == (part.key.lower(), part.value)
        return self.within == within and self.name.lower() == part.name.lower() and narrowed


class _Candidate(msgspec.Struct, frozen=True):
    """A declared value with the steps to it: names, and the number that each occurrence says itself."""

    entry: Entry
    names: tuple[str, ...]
    numbers: tuple[str, ...]


@lru_cache(maxsize=8)
def names(lists: Lists, authority: str) -> tuple[Name, ...]:
    """The rows of an authority's table of names."""
    rows = lists(f"{authority}/pointers")
    return tuple(Name(row["within"], row["name"], row["key"], row["value"], row["element"]) for row in rows)


def parts(text: str) -> Iterator[Part]:
    """The names of a pointer, as far as it can be read.

    >>> list(parts(" $.goodsItems[?(@.sequenceNumber == 2)].commodity "))
    [Part(name='goodsItems', key='', value='', number='2'), Part(name='commodity', key='', value='', number='')]
    """
    at, part = len(text) - len(text.lstrip(" \t\r\n$")), Part("")
    while token := _TOKEN.match(text, at):
        at = token.end()
        if name := token["name"] or token["quoted"]:
            if part.name:
                yield part
            part = Part(name)
        else:
            part = _narrowed(part, token)
    if part.name:
        yield part


def locate(steps: tuple[Step, ...], entries: tuple[Entry, ...], known: tuple[Name, ...]) -> Entry | None:
    """The declared value that a pointer means, or the deepest class of it; None where nothing of it resolves."""
    return follow(steps, entries, known)[0]


def follow(
    steps: tuple[Step, ...], entries: tuple[Entry, ...], known: tuple[Name, ...]
) -> tuple[Entry | None, tuple[Part, ...]]:
    """The deepest place that a pointer leads to, and what is left of it from there."""
    wanted = tuple(part for step in steps for part in parts(step.text or ""))
    numbers = dict(_numbers(entries))
    left = tuple(_candidate(entry, numbers) for entry in entries if "@" not in entry.message_path)
    found: tuple[_Candidate, ...] = ()
    depth = reached = 1
    for at, part in enumerate(wanted):
        left, depth = _followed(left, depth, part, known)
        if not left:
            return _place(found, reached), wanted[at:]
        found, reached = left, depth
    return _place(found, reached), ()


def _place(found: tuple[_Candidate, ...], depth: int) -> Entry | None:
    return place([each.entry for each in found], depth) if found else None


def _narrowed(part: Part, token: re.Match[str]) -> Part:
    if token["index"]:
        return msgspec.structs.replace(part, number=str(int(token["index"]) + 1))  # RFC 9535 §2.3.3: counted from 0
    key, value = token["key"] or "", (token["value"] or "").strip()
    if key.lower() == SEQUENCE:
        return msgspec.structs.replace(part, number=value.lstrip("0") or "0")
    return msgspec.structs.replace(part, key=key, value=value) if key else part


def _numbers(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """The number that each occurrence says itself, by its path."""
    for entry in entries:
        path, _, name = entry.message_path.rpartition("/")
        if name == NUMBERED:
            yield path, entry.text


def _candidate(entry: Entry, numbers: Mapping[str, str]) -> _Candidate:
    steps = entry.message_path.split("/")
    paths = ["/".join(steps[: depth + 1]) for depth in range(len(steps))]
    positions = (step.partition("[")[2].rstrip("]") or "1" for step in steps)
    said = tuple(numbers.get(path, position) for path, position in zip(paths, positions, strict=True))
    return _Candidate(entry, tuple(step.partition("[")[0] for step in steps), said)


def _followed(
    left: tuple[_Candidate, ...], depth: int, part: Part, known: tuple[Name, ...]
) -> tuple[tuple[_Candidate, ...], int]:
    """What is left one name further, and how deep that is."""
    way = _way(left, depth, part, known)
    if way == [HERE]:
        return left, depth
    deeper = depth + len(way)
    fits = (each for each in left if list(each.names[depth:deeper]) == way)
    return tuple(each for each in fits if way and part.number in {"", each.numbers[deeper - 1]}), deeper


def _way(left: tuple[_Candidate, ...], depth: int, part: Part, known: tuple[Name, ...]) -> list[str]:
    """The elements that a name stands for, from where the pointer is."""
    within = left[0].names[depth - 1] if left and len(left[0].names) >= depth else ""
    said = next((name.element.split("/") for name in known if name.fits(within, part)), [])
    below = (each.names[depth] for each in left if len(each.names) > depth)
    return said or [name for name in dict.fromkeys(below) if name.lower() == part.name.lower()][:1]
