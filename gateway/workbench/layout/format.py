"""A table in its canonical layout, with the proof that it still says the same.

What cannot be proved is not written: a table that cannot be read, or whose plan would change, is left as it is.
"""

import msgspec
from ruamel.yaml.error import YAMLError

from gateway.findings.finding import Finding
from gateway.mapping.build import Built
from gateway.mapping.faults import Place, fault
from gateway.mapping.fingerprint import said
from gateway.mapping.head import Head
from gateway.mapping.plan import Plan
from gateway.mapping.registry import Registry
from gateway.mapping.table import Table, loads
from gateway.workbench.layout.meaning import same
from gateway.workbench.layout.remarks import behind, own, wco_ids
from gateway.workbench.layout.render import render
from gateway.workbench.layout.sorting import ordered
from gateway.workbench.layout.source import Entry, Unlaid, parse

_SORTED = "sorting would change which of several rows for one field or list is first"


class Laid(msgspec.Struct, frozen=True):
    """A table's text before and after; `findings` say why it was left as it is."""

    before: str
    after: str
    findings: tuple[Finding, ...] = ()

    @property
    def changed(self) -> bool:
        return self.before != self.after


def lay(registry: Registry, head: Head, *, sort: bool = False) -> Laid:
    """The canonical layout of a table; with `sort`, its rows in the order of the grammar."""
    try:
        return lay_text(registry, head, registry.find(head.file).read_bytes().decode(), sort=sort)
    except UnicodeDecodeError:
        return Laid("", "", (fault("MAP110", Place(head.file), problem="not UTF-8"),))


def lay_text(registry: Registry, head: Head, before: str, *, sort: bool = False) -> Laid:
    """The same for a text that stands for the table's file; lines end with a line feed, whatever they ended with."""
    text = before.removeprefix("\ufeff").replace("\r\n", "\n")
    desk = _Desk(registry, head)
    try:
        after = desk.laid(text, sort=sort)
    except YAMLError:
        return Laid(before, before, tuple(f for f in loads(text, head.file).faults if f.code == "MAP110"))
    except Unlaid as trouble:
        return Laid(before, before, (_left(head, str(trouble)),))
    problem = desk.problem(text, after, sort=sort)
    return Laid(before, before, (_left(head, problem),)) if problem else Laid(before, after)


class _Desk:
    def __init__(self, registry: Registry, head: Head) -> None:
        self.registry, self.head = registry, head

    def built(self, table: Table) -> Built:
        return self.registry.built(self.registry.complete(table, self.head.day))

    def laid(self, text: str, *, sort: bool) -> str:
        """Raises: YAMLError, Unlaid."""
        table = loads(text, self.head.file)
        plan = self.plan(table)
        entries = parse(text)
        if sort and plan is not None:
            entries = ordered(entries, table, plan)
        ids = wco_ids(plan) if plan is not None else None

        def comment(entry: Entry) -> str:
            if ids is None or entry.kind == "head":
                return entry.comment
            return behind(entry.comment, ids[entry.line]) if entry.line in ids else own(entry.comment)

        return render(entries, comment)

    def plan(self, table: Table) -> Plan | None:
        """The plan of a table without errors."""
        built = self.built(table)
        sound = not any(finding.severity == "error" for finding in (*table.faults, *built.faults))
        return built.plan if sound else None

    def problem(self, before: str, after: str, *, sort: bool) -> str:
        """Why the new text may not take the place of the old one."""
        old, new = loads(before, self.head.file), loads(after, self.head.file)
        one, other = self.plan(old), self.plan(new)
        if sort and one is None:
            return "a table with errors is not sorted"
        if not sort and said(old) != said(new):
            return "it would not be read as the same rows"
        if (one is None) != (other is None) or (one is not None and other is not None and not same(one, other)):
            return _SORTED if sort else "its plan would change"
        return ""


def _left(head: Head, problem: str) -> Finding:
    return fault("MAP161", Place(head.file), problem=problem)
