"""An element table against the schema that it holds facts of.

A table may be narrower than its schema, as a profile is. It may not be wider where messages are written by it: what
fits the table would be refused by whoever validates. Names are our own words and not compared.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping import grammar
from gateway.mapping.faults import Place, fault
from gateway.mapping.grammar import Form, Node, form
from gateway.workbench.schema.facts import Fact

_SAYS_ENOUGH = {"a", "n"}


class Listed(msgspec.Struct, frozen=True):
    """The rows of an element table as they stand: comments, cells by path, the line of each."""

    comments: tuple[str, ...]
    rows: dict[str, dict[str, str]]
    lines: dict[str, int]


def listed(path: Path) -> Listed:
    """Raises: OSError, KeyError."""
    lines = path.read_text(encoding="utf-8").splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if not line.startswith("#")]
    rows = {row["path"]: row for row in csv.DictReader(lines[number - 1] for number in numbers)}
    comments = tuple(line for line in lines if line.startswith("#"))
    return Listed(comments, rows, dict(zip(rows, numbers[1:], strict=False)))


def compared(name: str, path: Path, facts: Sequence[Fact], *, writes: bool) -> Iterator[Finding]:
    """What an element table says otherwise than its schema."""
    said, known = listed(path), {fact.path: fact for fact in facts}
    tree = grammar.load([path])
    for at in said.rows:
        place = Place(name, said.lines[at])
        node = tree.find(at.split("/"))
        if at not in known or node is None:
            yield fault("MAP165", place, path=at)
            continue
        for one, other in _differences(node, known[at], writes=writes):
            yield fault("MAP163", place, path=at, said=one, found=other)
    for at, fact in known.items():
        above = at.rpartition("/")[0]
        if fact.least and at not in said.rows and above in said.rows and writes:
            yield fault("MAP164", Place(name, said.lines[above]), path=at)
    if writes:
        yield from _order(name, said, known)


def _differences(node: Node, fact: Fact, *, writes: bool) -> Iterator[tuple[str, str]]:
    if node.kind != fact.kind:
        yield node.kind, fact.kind
    if node.wco_id and fact.wco_id and node.wco_id != fact.wco_id:
        yield f"WCO id {node.wco_id}", fact.wco_id
    if not writes:
        return
    if node.least < fact.least:
        yield f"that it may be missing (min {node.least})", f"that it must stand (min {fact.least})"
    if fact.most is not None and (node.most is None or node.most > fact.most):
        yield f"at most {node.most or 'unbounded'}", f"at most {fact.most}"
    if fact.enforced and _wider(node.form, form(fact.enforced)):
        yield f"'{node.format}'", f"'{fact.enforced}'"
    if fact.values and not (node.values and set(node.values) <= set(fact.values)):
        yield f"the values {'|'.join(node.values) or 'of any kind'}", "|".join(fact.values)
    if fact.pattern and not node.pattern and not node.values and node.form.kind not in _SAYS_ENOUGH:
        yield "no pattern", fact.pattern


def _wider(one: Form, other: Form) -> bool:
    """Whether some text fits the one form and not the other."""
    longer = other.longest is not None and (one.longest is None or one.longest > other.longest)
    finer = other.decimals is not None and (one.decimals is None or one.decimals > other.decimals)
    return longer or finer or other.kind not in {"an", one.kind}


def _order(name: str, said: Listed, known: Mapping[str, Fact]) -> Iterator[Finding]:
    """The order of the table is the order in which is written."""
    place = {at: number for number, at in enumerate(known)}
    last = ""
    for at in (at for at in said.rows if at in known):
        if last and place[at] < place[last]:
            yield fault("MAP157", Place(name, said.lines[at]), path=at, other=last)
        else:
            last = at


def merged(path: Path, facts: Sequence[Fact], used: frozenset[str], *, writes: bool) -> list[tuple[str, ...]]:
    """The rows of the table with those that it lacks, in the order of the schema; rows that stand are left alone.

    Without writing the order says nothing: it is left alone too.
    """
    said = listed(path).rows if path.is_file() else {}
    rows = {}
    for fact in facts:
        if fact.path in said:
            rows[fact.path] = tuple(said[fact.path].values())
        elif not said or fact.path in used or fact.least:
            rows[fact.path] = fact.row()
    if said.keys() == rows.keys() and not writes:
        return [tuple(row.values()) for row in said.values()]
    return list(rows.values())
