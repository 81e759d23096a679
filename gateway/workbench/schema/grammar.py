"""The element table of one format from its schemas: what its rows need, and what it says otherwise."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping.faults import Place, fault
from gateway.mapping.head import Head
from gateway.mapping.plan import Element
from gateway.mapping.registry import Registry
from gateway.mapping.table import Table
from gateway.workbench.schema.compare import compared, listed, merged
from gateway.workbench.schema.declarations import SchemaUnreadable
from gateway.workbench.schema.derive import Schema, table_text


class Derived(msgspec.Struct, frozen=True):
    """An element table as it stands and as the schema has it; `findings` are what it says otherwise."""

    path: Path
    name: str
    before: str
    after: str
    findings: tuple[Finding, ...] = ()


def derived(registry: Registry, head: Head, schemas: Sequence[Path]) -> Derived:
    """The element table of a table for its schemas; the first is that of the document. Raises: SchemaUnreadable."""
    merged_table = registry.merged(head.format, head.day)
    names = merged_table.texts("grammar")
    if len(names) != 1:
        raise SchemaUnreadable("the head of the table names no element table, or several: say `grammar: own/name.csv`")
    document, used = _used(registry, merged_table)
    path = next(iter(registry.layers(names[0])), registry.find(head.file).parents[head.file.count("/")] / names[0])
    known = listed(path) if path.is_file() else None
    facts = list(Schema(schemas).facts(document, used | set(known.rows if known else ())))
    findings = list(compared(names[0], path, facts, writes=head.writes)) if known else []
    findings += [fault("MAP116", Place(head.file), path=at, meant="") for at in sorted(used - {f.path for f in facts})]
    text = table_text(merged(path, facts, used, writes=head.writes), known.comments if known else ())
    return Derived(path, names[0], path.read_text(encoding="utf-8") if known else "", text, tuple(findings))


def _used(registry: Registry, table: Table) -> tuple[str, frozenset[str]]:
    """The document's name and the paths of elements and attributes that rows carry, whatever the grammar says now."""
    head = {name: word for name, word in table.head.items() if name != "grammar"}
    plan = registry.built(msgspec.structs.replace(table, head=head)).plan
    if plan is None or plan.document is None:
        raise SchemaUnreadable("the table cannot be read")
    return plan.document.path, frozenset(_paths(plan.document))


def _paths(element: Element) -> Iterator[str]:
    yield element.path
    yield from (f"{element.path}/@{attribute.name.rpartition('}')[2]}" for attribute in element.attributes)
    for child in element.children:
        yield from _paths(child)
