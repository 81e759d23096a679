"""`gateway audit list` and `gateway audit show`: who did what, when, to which id."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of

if TYPE_CHECKING:
    from sqlalchemy import Select

    from gateway.steps.ground.gate import Gate

LIMIT = 50


@command_of("list")
@click.option("--action", default="", help="Only this action, such as `release`, `purge`, `erase`.")
@click.option("--who", default="", help="Only this actor: a person's user name, or a step's letter.")
@click.option("--people", is_flag=True, help="Only what people did.")
@click.option("--limit", default=LIMIT, show_default=True, type=click.IntRange(1, 100_000), help="So many, the newest.")
@config_option
def list_(report: Report, *, action: str, who: str, people: bool, limit: int, config: Path | None) -> dict[str, Any]:
    """List what was done last, the oldest of it first."""
    from sqlalchemy import or_, select

    from gateway.journal.schema import audit

    wanted = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    if action:
        wanted = wanted.where(audit.c.action == action)
    if who:
        wanted = wanted.where(or_(audit.c.who == who, audit.c.who == f"O:{who}"))
    if people:
        wanted = wanted.where(audit.c.who.startswith("O:", autoescape=True))
    with gate_of(report, config) as gate:
        return _printed(report, gate, wanted)


@command_of("show")
@click.argument("text", metavar="SUBJECT")
@config_option
def show(report: Report, *, text: str, config: Path | None) -> dict[str, Any]:
    """Show all that was done to one subject: an id of ours, or anything that names an item."""
    from sqlalchemy import select

    from gateway.journal.schema import audit, filing
    from gateway.journal.search import find

    with gate_of(report, config) as gate:
        with gate.journal.read() as conn:
            items = [hit.item for hit in find(conn, text)]
            filings = conn.scalars(select(filing.c.id).where(filing.c.item.in_(items)))
            subjects = [text, *items, *filings]
        return _printed(report, gate, select(audit).where(audit.c.subject.in_(subjects)).order_by(audit.c.seq.desc()))


def _printed(report: Report, gate: "Gate", wanted: "Select[Any]") -> dict[str, Any]:
    zone = gate.hub.settings.gateway.timezone
    with gate.journal.read() as conn:
        rows = [dict(row) for row in conn.execute(wanted).mappings()][::-1]
    for row in rows:
        when = row["at"].astimezone(zone).isoformat(timespec="seconds")
        change = f"{row['before'] or '-'} → {row['after'] or '-'}"
        report.line(f"{row['seq']:>8}  {when}  {row['who']:<10} {row['action']:<14} {row['subject']}  {change}")
    if not rows:
        report.talk("nothing found")
    return {"rows": [{**row, "at": row["at"].isoformat(), "mac": row["mac"].hex()} for row in rows]}
