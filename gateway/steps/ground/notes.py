"""Findings into the journal: one row each, personal values already masked, the place as far as it is known."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, select

from gateway.findings import Finding, Position, Row
from gateway.findings.catalogue import entry
from gateway.journal import bulk
from gateway.journal.schema import finding as table
from gateway.steps.ground.mask import masked
from gateway.steps.working.verdict import called

KEPT = 1000  # findings of one subject; what comes after is counted, not kept


def made(code: str, **values: str) -> Finding:
    """A finding of ours, as severe as the catalogue says."""
    return Finding(code, entry(code).severity, values)


def rows(
    kind: str, subject: str, connection: str, findings: Iterable[Finding], start: int = 0
) -> Iterator[dict[str, Any]]:
    """The rows of one subject's findings."""
    for seq, found in enumerate(findings, start):
        if seq - start >= KEPT:
            return
        at = found.source or Position()
        yield {
            "subject": subject, "seq": seq, "subject_kind": kind, "connection": connection, "code": found.code,
            "severity": found.severity, "masked": _values(found),
            "line": at.line, "offset": at.offset, "length": at.length, "path": at.path or None, "segment": at.segment,
            "row": f"{found.row.file}:{found.row.line}" if found.row else None,
            "model_path": found.model_path or None, "wco_id": found.wco_id or None,
        }  # fmt: skip


def _values(found: Finding) -> str | None:
    return msgspec.json.encode(masked(found.values, found.model_path)).decode() if found.values else None


def note(conn: Connection, kind: str, subject: str, connection: str, findings: Iterable[Finding]) -> None:
    """Add findings to a subject that may have some already."""
    start = conn.scalar(select(func.coalesce(func.max(table.c.seq) + 1, 0)).where(table.c.subject == subject)) or 0
    bulk.insert(conn, table, list(rows(kind, subject, connection, findings, start)))


def replace(conn: Connection, kind: str, subject: str, connection: str, findings: Iterable[Finding]) -> None:
    """The findings of a subject that was looked at again."""
    conn.execute(delete(table).where(table.c.subject == subject))
    bulk.insert(conn, table, list(rows(kind, subject, connection, findings)))


def clear(conn: Connection, subject: str) -> None:
    """Before a subject is looked at again: what was found goes, what a person waived stays."""
    conn.execute(delete(table).where(table.c.subject == subject, table.c.waived_by.is_(None)))


def waived(conn: Connection, subject: str) -> frozenset[str]:
    """What a person has waived for this subject, each by the name that says most of it."""
    found = conn.execute(select(table).where(table.c.subject == subject, table.c.waived_by.is_not(None)))
    return frozenset(called(_finding(row._mapping)) for row in found)  # noqa: SLF001  # as below


def open_of(conn: Connection, subject: str) -> tuple[tuple[int, Finding], ...]:
    """What nobody has waived of a subject, each with its number."""
    found = select(table).where(table.c.subject == subject, table.c.waived_by.is_(None)).order_by(table.c.seq)
    return tuple((row.seq, _finding(row._mapping)) for row in conn.execute(found))  # noqa: SLF001  # as below


def findings_of(conn: Connection, subject: str) -> tuple[Finding, ...]:
    """The findings of a subject as they were made."""
    found = conn.execute(select(table).where(table.c.subject == subject).order_by(table.c.seq))
    return tuple(_finding(row._mapping) for row in found)  # noqa: SLF001  # SQLAlchemy's public name for it


def _finding(row: Any) -> Finding:
    place = Position(
        line=row["line"], offset=row["offset"], length=row["length"], path=row["path"] or "", segment=row["segment"]
    )
    file, _, line = (row["row"] or "").rpartition(":")
    return Finding(
        code=row["code"],
        severity=row["severity"],
        values=msgspec.json.decode(row["masked"], type=dict[str, str]) if row["masked"] else {},
        source=place,
        row=Row(file, int(line)) if file else None,
        model_path=row["model_path"] or "",
        wco_id=row["wco_id"] or "",
    )
