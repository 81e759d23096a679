"""A file as it came, for a person: what became of it, why it or a message in it was refused."""

from typing import TYPE_CHECKING, Any

from gateway.cli.report import Report
from gateway.cli.waiting import ways_on_of_file

if TYPE_CHECKING:
    from sqlalchemy import Connection


def file_told(report: Report, conn: "Connection", text: str) -> dict[str, Any] | None:
    """Print the file of an id; None where no file has it."""
    import msgspec
    from sqlalchemy import func, select

    from gateway.findings import Position
    from gateway.journal import schema
    from gateway.steps.ground import notes
    from gateway.transport.names import shown

    f, i, x = schema.file, schema.item, schema.interchange
    row = conn.execute(select(f.c.id, f.c.name, f.c.state, f.c.connection).where(f.c.id == text)).first()
    if row is None:
        return None
    number = func.count().label("number")
    counted = select(i.c.state, number).where(i.c.file == row.id).group_by(i.c.state).order_by(i.c.state)
    items: dict[str, int] = {one.state: one.number for one in conn.execute(counted)}
    report.line(f"file {row.id}  {row.state}  {shown(row.name)} from {row.connection}")
    for state, count in items.items():
        report.line(f"  {count:>7,}  items {state}")
    messages = conn.scalars(select(x.c.id).where(x.c.file == row.id).order_by(x.c.seq)).all()
    for finding in (found for subject in (row.id, *messages) for found in notes.findings_of(conn, subject)):
        place = msgspec.structs.replace(finding.source or Position(), file=shown(row.name))
        report.finding(msgspec.structs.replace(finding, source=place))
    for line in ways_on_of_file(row.id, row.state, has_items=bool(items)):
        report.line(line)
    return {
        "file": {"id": row.id, "name": shown(row.name), "state": row.state, "connection": row.connection},
        "items": items,
    }
