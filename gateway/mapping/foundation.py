"""What a table's head says that its rows stand on: the record, the namespaces, the grammar, the way to one record.

Where the head is at fault there is still something to stand on, so that every row is looked at in the same run.
"""

from collections.abc import Iterator

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping.faults import fault, unknown
from gateway.mapping.grammar import Node, header
from gateway.mapping.language import HEAD
from gateway.mapping.names import nearest
from gateway.mapping.paths import MessagePath, PathError, PathStep, message_path
from gateway.mapping.plugins import syntaxes
from gateway.mapping.rows import Sources
from gateway.mapping.table import Table
from gateway.mapping.tree import Branch
from gateway.model import Consignment, Record
from gateway.model.dictionary import records

ITEM, ROW = "item", "row"  # how the rows of one item and each of them are called in paths; `root` may say it better
_ANY = MessagePath((PathStep("?"),))


class Foundation(msgspec.Struct, frozen=True):
    """`sure` is whether the record is the one that the table says: else the model is not asked about its rows."""

    record: type[Record]
    names: dict[str, tuple[str, ...]]
    trunk: list[Branch]
    faults: tuple[Finding, ...]
    sure: bool = True


def by_rows(table: Table) -> bool:
    """Whether items are made of rows: the syntax says so, or the table names a group."""
    syntax = syntaxes().get(table.text("syntax"))
    return "group" in table.head or (syntax is not None and syntax.grouped)


def foundation(table: Table, sources: Sources) -> Foundation:
    """What the rows stand on, with all that is wrong in the head."""
    faults = list(_missing(table))
    record, sure = _record(table, faults)
    names = _namespaces(table)
    root = _root(table, faults)
    for prefix in prefixes(root):
        if prefix not in names:
            faults.append(unknown("MAP126", table.place("root"), prefix, names))
            names[prefix] = undeclared(prefix)
    return Foundation(record, names, _trunk(root, _grammar(table, sources, faults), names), tuple(faults), sure)


def prefixes(*paths: MessagePath) -> tuple[str, ...]:
    """Every namespace prefix that paths use."""
    found = [
        name.removeprefix("@").rpartition(":")[0]
        for path in paths
        for step in path.steps
        for name in (step.name, *(part for predicate in step.predicates for part in predicate.path))
    ]
    found += [path.attribute.rpartition(":")[0] for path in paths]
    return tuple(prefix for prefix in dict.fromkeys(found) if prefix)


def undeclared(prefix: str) -> tuple[str, ...]:
    """A namespace to go on with."""
    return (f"undeclared:{prefix}",)


def _missing(table: Table) -> Iterator[Finding]:
    """A profile has from its base what it does not say itself."""
    rows = "group" in table.head
    said = {*table.head, *(("fields",) if table.lines or table.faults else ()), *(("root",) if rows else ())}
    for word in HEAD.values():
        if word.needed and word.name not in said and ("extends" not in said or word.name == "format"):
            yield fault("MAP141", table.place(), name=word.name, wanted=word.takes)


def _record(table: Table, faults: list[Finding]) -> tuple[type[Record], bool]:
    said = table.text("record")
    if said in records():
        return records()[said], True
    if said:
        faults.append(unknown("MAP111", table.place("record"), said, records(), key="record"))
    meant = nearest(said, records())
    return (records()[meant], True) if meant else (Consignment, False)


def _root(table: Table, faults: list[Finding]) -> MessagePath:
    try:
        root = message_path(table.text("root") or (ITEM if "group" in table.head else "?"))
        if root.steps:
            return root
        faults.append(fault("MAP104", table.place("root"), path=table.text("root")))
    except PathError as trouble:
        faults.append(fault("MAP104", table.place("root"), path=trouble))
    return _ANY


def _trunk(root: MessagePath, grammar: Node | None, names: dict[str, tuple[str, ...]]) -> list[Branch]:
    """The elements from the document to one record."""
    trunk: list[Branch] = []
    for step in root.steps:
        branch = Branch(step, trunk[-1] if trunk else None, grammar, names)
        branch.on_trunk = branch.required = True
        if trunk:
            trunk[-1].children.append(branch)
        trunk.append(branch)
    return trunk


def _grammar(table: Table, sources: Sources, faults: list[Finding]) -> Node | None:
    names = table.texts("grammar")
    try:
        found = sources.grammar(names) if names else None
    except (OSError, KeyError, ValueError) as trouble:
        problem = "there is no such file" if isinstance(trouble, FileNotFoundError) else trouble
        faults.append(fault("MAP115", table.place("grammar"), name=", ".join(names), problem=problem))
        return None
    return found if found is None or not by_rows(table) else header(found, table.text("root") or ITEM, ROW)


def _namespaces(table: Table) -> dict[str, tuple[str, ...]]:
    word = table.head.get("namespaces")
    found = word.value if word and isinstance(word.value, dict) else {}
    return {prefix: (uris,) if isinstance(uris, str) else tuple(uris) for prefix, uris in found.items()}
