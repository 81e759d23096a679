"""`gateway items`: search, show, retry, release and return what came in."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option
from gateway.cli.endings import FINDINGS
from gateway.cli.report import Report, command_of
from gateway.cli.retry import retry
from gateway.cli.stateful import gate_of, operator
from gateway.cli.subject import Unclear, code_of, one_item, subject_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select


LIMIT = 50
MOST = 10_000  # items looked at for a reference that stands for many
STATES = ("accepted", "held", "quarantined", "repeat", "superseded", "returned", "cancelled", "closed", "filing-held")


@click.group("items")
def command() -> None:
    """Search, show, retry, release and return items."""


@command_of("search")
@click.argument("text", default="")
@click.option(
    "--state", type=click.Choice(STATES), help="Only items in this state; filing-held: their declaration waits."
)
@click.option("--code", default="", help="Only items with this finding, by its code or name.")
@click.option(
    "--limit", default=LIMIT, show_default=True, type=click.IntRange(1, 10_000), help="Show so many, the newest first."
)
@config_option
def search(
    report: Report, *, text: str, state: str | None, code: str, limit: int, config: Path | None
) -> dict[str, Any]:
    """Find items by any reference. Item id, LRN, MRN, notification, file id; `RR12*` finds all that begin so."""
    with gate_of(report, config) as gate, gate.journal.read() as conn:
        found = [_row(conn, row) for row in conn.execute(_wanted(conn, text, state, code).limit(limit + 1))]
    for one in found[:limit]:
        line = f"{one['item']}  {one['item_id'] or '-':<15} {one['state']:<12} {one['environment']:<10} {one['codes']}"
        report.line(line.rstrip())
    if len(found) > limit:
        report.talk(f"the first {limit}; --limit shows more")
    elif not found:
        report.talk("nothing found")
    return {"items": found[:limit]}


@command_of("show")
@click.argument("text", metavar="ITEM")
@click.option("--reveal", is_flag=True, help="Also lines of the message and values of persons; the trail says so.")
@config_option
def show(report: Report, *, text: str, reveal: bool, config: Path | None) -> dict[str, Any]:
    """Show one item from all sides. Findings, filings, decisions, answers, history; or a file, by its id."""
    from gateway.cli.explained import told
    from gateway.cli.files import file_told

    with gate_of(report, config) as gate:
        with gate.journal.read() as conn:
            of_file = file_told(report, conn, text)
            item = "" if of_file else one_item(conn, text).item
        return of_file or told(report, gate, item, reveal=reveal, history=True)


@command_of("release")
@click.argument("texts", metavar="ITEM…", nargs=-1, required=True)
@click.option("--waive", multiple=True, metavar="CODE", help="Waive this finding; every error must be named.")
@config_option
def release(report: Report, *, texts: tuple[str, ...], waive: tuple[str, ...], config: Path | None) -> dict[str, Any]:
    """Let held items go on, their held filings, or a refused file. Your name goes into the audit trail."""
    from gateway.steps.repeating import operate

    return _act(report, config, texts, lambda gate, subject: operate.release(gate, subject, waive, operator()))


@command_of("return")
@click.argument("texts", metavar="ITEM…", nargs=-1, required=True)
@config_option
def give_back(report: Report, *, texts: tuple[str, ...], config: Path | None) -> dict[str, Any]:
    """Give held or quarantined items back. The sender is told, nothing is filed."""
    from gateway.steps.repeating import operate

    return _act(report, config, texts, lambda gate, subject: operate.give_back(gate, subject, operator()))


for _command in (search, show, retry, release, give_back):
    command.add_command(_command)


def _act(report: Report, config: Path | None, texts: tuple[str, ...], act: Any) -> dict[str, Any]:
    """Do it with each; one that it cannot be done with does not keep the others from it."""
    from gateway.findings.errors import JournalFault
    from gateway.steps.ground.refusal import NotPossible

    done, refused = {}, {}
    with gate_of(report, config) as gate:
        for text in texts:
            try:
                done[text] = act(gate, subject_of(gate, text))
                report.line(f"{text}: {done[text]}")
            except (NotPossible, JournalFault, Unclear) as error:  # JournalFault: no such way between two states
                refused[text] = str(error)
                report.talk(f"{text}: not done: {error}")
    if refused:
        report.ends_with(FINDINGS)
    return {"done": done, "refused": refused}


def _wanted(conn: "Connection", text: str, state: str | None, code: str) -> "Select[Any]":
    """The items that fit all that was said, the newest first; answers of customs only where they wait or are named."""
    from sqlalchemy import or_, select

    from gateway.journal import schema

    i, f, fi = schema.item, schema.filing, schema.finding
    found = select(i.c.id, i.c.item_id, i.c.state, i.c.environment).order_by(i.c.id.desc())
    if text:
        found = found.where(i.c.id.in_(_named(conn, text)))
    elif state not in {"held", "quarantined"}:
        found = found.where(i.c.kind == "consignment")
    if state == "filing-held":
        found = found.where(i.c.id.in_(select(f.c.item).where(f.c.state == "held")))
    elif state:
        found = found.where(i.c.state == state)
    if code:
        subjects = select(fi.c.subject).where(fi.c.code == code_of(code))
        filed = select(f.c.item).where(f.c.id.in_(subjects))
        found = found.where(or_(i.c.id.in_(subjects), i.c.id.in_(filed)))
    return found


def _named(conn: "Connection", text: str) -> list[str]:
    from gateway.journal.search import find

    return [hit.item for hit in find(conn, text, MOST)]


def _row(conn: "Connection", row: "Row[Any]") -> dict[str, Any]:
    return {
        "item": row.id,
        "item_id": row.item_id,
        "state": row.state,
        "environment": row.environment,
        "codes": _codes(conn, row.id),
    }


def _codes(conn: "Connection", item: str) -> str:
    """The errors of an item and of its declarations, each once."""
    from sqlalchemy import select

    from gateway.journal import schema
    from gateway.steps.ground.notes import findings_of

    filings = conn.scalars(select(schema.filing.c.id).where(schema.filing.c.item == item))
    found = (one for subject in (item, *filings) for one in findings_of(conn, subject))
    return " ".join(dict.fromkeys(one.code for one in found if one.severity == "error"))
