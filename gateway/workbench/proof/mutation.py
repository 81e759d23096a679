"""The mutation check: whatever a table says is deleted once, and some golden case must notice.

A mutant is built anew from the merged table (milliseconds) and run by the traced twin over the cases, those first in
which the row carries something; the first case that fails ends it. It is noticed where a case is understood or written
otherwise, has other findings, or no longer comes back. A mutant that cannot be built is noticed when it is loaded; one
whose plan is the same says nothing that the grammar did not say already, and is no mutant.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import msgspec

from gateway.findings.finding import Finding, Row
from gateway.mapping.build import Built
from gateway.mapping.cases import Case, entries
from gateway.mapping.faults import fault
from gateway.mapping.format import Format
from gateway.mapping.outer import chains
from gateway.mapping.plan import Element, Plan, Test
from gateway.mapping.table import Table
from gateway.workbench.proof.golden import lost, otherwise
from gateway.workbench.proof.mutants import Mutant, mutants

Fate = Literal["case", "loading", "same", "unnoticed"]

ADD = {
    "row": "a message that has this element",
    "block": "a message that has this element",
    "constant": "a message with another text there, and its finding",
    "required": "a message without this element, and its finding",
    "default": "a record without this value (`<name>.record`), to be written",
    "split": "a message that has this element",
    "check": "a message with a wrong value there, and its finding",
    "codes": "a message with a code that the list turns into another one",
    "none": "a message that declares this as none",
    "date": "a message with a date of another form, and its finding",
    "as": "a message whose value the converter changes",
    "when": "a record for which the condition does not hold (`<name>.record`), to be written",
    "only": "a message that has this element",
    "cut": "a record whose value is too long (`<name>.record`), to be written",
    "isolate": "a message with two such elements",
    "predicate": "a message with an element that the predicate keeps apart",
    "filter": "a message with two such entries, and only one of this kind",
    "alternative": "a message, or a record (`<name>.record`), that needs this alternative",
    "piece": "a message that has this element",
    "group": "a table of two items that differ in this cell only",
}


class Tried(msgspec.Struct, frozen=True):
    """A mutant and how it ended; `case` is the file that noticed it."""

    mutant: Mutant
    fate: Fate
    case: str = ""

    def finding(self) -> Finding:
        """The row that nobody would miss, and what case to add."""
        add = ADD.get(self.mutant.kind, "a message in which this makes a difference")
        return fault("MAP301", self.mutant.place, path=self.mutant.path, lost=self.mutant.lost, add=add)


class Traced(Format):
    """A table at work by its twin alone: nothing is compiled."""

    reader: Any = cached_property(lambda _: _no_opinion)
    writer: Any = cached_property(lambda _: _no_opinion)


def _no_opinion(*_: Any) -> None:
    return None


def tried(table: Format, merged: Table, build: Callable[[Table], Built], cases: Sequence[Case]) -> Iterator[Tried]:
    """Every mutant of a table with its fate."""
    small = sorted(cases, key=lambda case: len(case.message))
    touched = {case.file: {entry.row for entry in entries(table, case)} for case in small}
    rows, usual = set(standing(table.plan)), _bare(table.plan)
    for mutant in mutants(merged):
        if mutant.rows and mutant.rows.isdisjoint(rows):
            continue  # the grammar leaves it out of this profile
        plan = _loaded(build(mutant.table))
        if plan is None:
            yield Tried(mutant, "loading")
        elif _bare(plan) == usual:
            yield Tried(mutant, "same")
        else:
            there = Traced(plan, table.syntax)
            by = next((case.file for case in _first(small, touched, mutant) if _notices(there, case)), "")
            yield Tried(mutant, "case" if by else "unnoticed", by)


def _first(cases: Sequence[Case], touched: Mapping[str, set[Row]], mutant: Mutant) -> list[Case]:
    """The cases in which the rows carry something come first."""
    return sorted(cases, key=lambda case: mutant.rows.isdisjoint(touched[case.file]))


def standing(plan: Plan) -> Iterator[Row]:
    """The rows that stand in the document of a plan: of elements, of values, of lists."""
    assert plan.document is not None
    for chain in chains(plan.document):
        element = chain[-1]
        slots = [*element.texts, *(slot for attribute in element.attributes for slot in attribute.slots)]
        yield from (plan.values[slot.value].row for slot in slots)
        if element.row:
            yield element.row


def _notices(table: Format, case: Case) -> bool:
    return any(otherwise(table, case)) or any(lost(table, case))


def _loaded(built: Built) -> Plan | None:
    return None if any(fault.severity == "error" for fault in built.faults) else built.plan


def _bare(plan: Plan) -> Plan:
    """A plan without what only people read, and without what is said elsewhere in it already."""
    assert plan.document is not None
    values = tuple(
        msgspec.structs.replace(value, key="", model="", hint="", note="", required=False) for value in plan.values
    )
    return msgspec.structs.replace(plan, values=values, document=_apart(plan.document, writes=plan.writes))


def _apart(element: Element, *, writes: bool) -> Element:
    """An element whose children lack the predicate of what is left by the row before: `[p]`, then `[not(p)]`."""
    children: list[Element] = []
    for child in element.children:
        taken = [one.tests for one in element.children[: len(children)] if one.tag == child.tag]
        tests = () if any(_complement(tests, child.tests, writes=writes) for tests in taken) else child.tests
        children.append(msgspec.structs.replace(_apart(child, writes=writes), tests=tests))
    return msgspec.structs.replace(element, children=tuple(children))


def _complement(one: tuple[Test, ...], other: tuple[Test, ...], *, writes: bool) -> bool:
    """Whether each element passes one of the two; a presence that is also asked of what is written stays."""
    if len(one) != 1 or len(other) != 1 or one[0].values or other[0].values or (writes and other[0].present):
        return False
    return one[0].path == other[0].path and one[0].present != other[0].present
