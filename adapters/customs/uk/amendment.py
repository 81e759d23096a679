"""A request to change a declaration: what changed travels, and each change is named again by pointers.

Source: HMRC customs-declarations API, example TT_IM02b. Published: function 13, type COR, the reference of the request
and the MRN of the declaration; one Amendment for each change, with its reason and the pointers down to the element; one
AdditionalInformation of type AES for each Amendment, pointing to it. Ours: what is named and does not travel is gone;
an entry of a list that says no number of its own is known by its place alone, so its whole list travels.
"""

from collections.abc import Iterable, Iterator

import msgspec

from adapters.customs.partial import partial
from adapters.customs.uk.asking import AMENDMENT, reason, request
from adapters.customs.wco_changes import Change, Declared, Way, changes, declared
from gateway.findings import Finding
from gateway.mapping.protocols import Filing, Traced
from gateway.mapping.trace import Entry
from gateway.model import Amendment, Consignment

TYPE = "COR"
OF_THE_FILING = frozenset({"017", "023", "D026", "D014", "D011", "D013", AMENDMENT})
"""Ids below the declaration that say which filing this is, not what is declared."""
NUMBER = ("SequenceNumeric", 1)
MOST = 99_999
"""An amendment is named by a number of five digits at most (006, n..5)."""


def amendment(
    filing: Filing, filed: Consignment, changed: Consignment, traced: Traced
) -> tuple[Consignment, tuple[Finding, ...]]:
    """The record of the request; a finding where nothing changed, or too much."""
    before, after = (declared(_facts(traced(each))) for each in (filed, changed))
    found = changes(before, after)
    if not found or len(found) > MOST:
        return Consignment(), (_uncountable(len(found)),)
    return _said(filing, found, partial(changed, _travelling(found, before, after))), ()


def _said(filing: Filing, found: tuple[Change, ...], facts: Consignment) -> Consignment:
    """What travels, with each change named and its reason."""
    return msgspec.structs.replace(
        facts,
        declaration=request(filing, TYPE, facts.declaration),
        statements=(*facts.statements, *(reason(filing, number) for number, _ in enumerate(found, start=1))),
        amendments=tuple(Amendment(reason=filing.reason or None, pointer=each.pointer) for each in found),
    )


def _uncountable(count: int) -> Finding:
    return Finding("TGT593", values={"count": str(count), "most": str(MOST)}) if count else Finding("TGT592")


def _facts(entries: Iterable[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if not OF_THE_FILING & {*entry.wco_ids[1:2]})


def _travelling(found: Iterable[Change], before: Declared, after: Declared) -> Iterator[str]:
    """Model paths of the values that changed, of the lists they stand in, of the numbers of their goods items."""
    changed = {entry.message_path for each in found for entry in each.new}
    ways = {way for way, entries in after.entries.items() if entries[0].message_path in changed}
    lists = {of for way in ways for of in _lists(way, before, after)}
    for way, entries in after.entries.items():
        if way in ways or any((way[:depth], way[depth][0]) in lists for depth in range(len(way))):
            numbers = (entry for depth in range(1, len(way)) for entry in _number(way[:depth], after))
            yield from (entry.model_path for entry in (*entries, *numbers) if entry.model_path)


def _lists(way: Way, before: Declared, after: Declared) -> Iterator[tuple[Way, str]]:
    """The lists above a value whose entries are known by their place alone: where each stands, and its name."""
    for depth, (name, number) in enumerate(way[:-1]):
        above = way[:depth]
        several = number > 1 or {(*above, (name, 2))} & (before.prefixes | after.prefixes)
        if several and not _number(way[: depth + 1], after):
            yield above, name


def _number(occurrence: Way, after: Declared) -> tuple[Entry, ...]:
    """What says the number of an occurrence, where that number is a fact and not its place."""
    return tuple(entry for entry in after.entries.get((*occurrence, NUMBER), ()) if entry.model_path)
