"""`gateway items`: search, show, retry, release and return what came in."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of, operator

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.journal.search import Hit
    from gateway.steps.gate import Gate

LIMIT = 50
STATES = ("accepted", "held", "quarantined", "repeat", "superseded", "returned", "cancelled", "closed", "filing-held")


@click.group("items")
def command() -> None:
    """Search, show, retry, release and return items."""


@command_of("search")
@click.argument("text", default="")
@click.option(
    "--state", type=click.Choice(STATES), help="Only items in this state; filing-held: their declaration waits."
)
@click.option("--code", default="", help="Only items with this finding.")
@click.option("--limit", default=LIMIT, show_default=True, type=click.IntRange(1, 10_000))
@config_option
def search(
    report: Report, *, text: str, state: str | None, code: str, limit: int, config: Path | None
) -> dict[str, Any]:
    """Find items by item id, LRN, MRN, notification or any other reference (`RR12*` finds all that begin so)."""
    with gate_of(report, config) as gate, gate.journal.read() as conn:
        found = _by_text(conn, text, limit) if text else _by_state(conn, state, code, limit)
    for one in found:
        report.line(
            f"{one['item']}  {one['item_id'] or '-':<15} {one['state']:<12} {one['environment']:<10} {one['codes']}"
        )
    if not text and len(found) == limit:
        report.talk(f"the first {limit}; --limit shows more")
    return {"items": found}


@command_of("show")
@click.argument("text", metavar="ITEM")
@config_option
def show(report: Report, *, text: str, config: Path | None) -> dict[str, Any]:
    """Show one item from all sides: findings, filings, decisions, answers, history."""
    from gateway.cli.explained import told

    with gate_of(report, config) as gate, gate.journal.read() as conn:
        return told(report, gate, conn, _one(conn, text).item, history=True)


@command_of("retry")
@click.argument("texts", metavar="ITEM…", nargs=-1, required=True)
@config_option
def retry(report: Report, *, texts: tuple[str, ...], config: Path | None) -> dict[str, Any]:
    """Read held or quarantined items (or a refused file) again, under today's tables and routes."""
    from gateway.steps import operate

    return _act(report, config, texts, lambda gate, subject: operate.retry(gate, subject, operator()))


@command_of("release")
@click.argument("texts", metavar="ITEM…", nargs=-1, required=True)
@click.option("--waive", multiple=True, metavar="CODE", help="Waive this finding; every error must be named.")
@config_option
def release(report: Report, *, texts: tuple[str, ...], waive: tuple[str, ...], config: Path | None) -> dict[str, Any]:
    """Let held items, their held filings, or a refused file go on; names go into the audit trail."""
    from gateway.steps import operate

    return _act(report, config, texts, lambda gate, subject: operate.release(gate, subject, waive, operator()))


@command_of("return")
@click.argument("texts", metavar="ITEM…", nargs=-1, required=True)
@config_option
def give_back(report: Report, *, texts: tuple[str, ...], config: Path | None) -> dict[str, Any]:
    """Give held or quarantined items back: the sender is told, nothing is filed."""
    from gateway.steps import operate

    return _act(report, config, texts, lambda gate, subject: operate.give_back(gate, subject, operator()))


for _command in (search, show, retry, release, give_back):
    command.add_command(_command)


def _act(report: Report, config: Path | None, texts: tuple[str, ...], act: Any) -> dict[str, Any]:
    done = {}
    with gate_of(report, config) as gate:
        for text in texts:
            subject = _subject(gate, text)
            done[text] = act(gate, subject)
            report.line(f"{text}: {done[text]}")
    return {"done": done}


def _subject(gate: "Gate", text: str) -> str:
    """What an action is about: a file by its id, a held filing of an accepted item, else the item itself."""
    from sqlalchemy import select

    from gateway.journal import schema

    with gate.journal.read() as conn:
        file = conn.scalar(select(schema.file.c.id).where(schema.file.c.id == text))
        if file is not None:
            return str(file)
        hit = _one(conn, text)
        f = schema.filing
        held = conn.scalar(select(f.c.id).where(f.c.item == hit.item, f.c.state == "held"))
        return str(held) if held is not None and hit.state == "accepted" else hit.item


def _one(conn: "Connection", text: str) -> "Hit":
    """The newest item that a text leads to; one that is open before one that is done."""
    from gateway.journal.search import find

    hits = find(conn, text)
    if not hits:
        raise click.BadParameter(f"nothing is known of {text!r}")
    return next(
        (h for h in hits if h.state in {"held", "quarantined"}), next((h for h in hits if h.state != "repeat"), hits[0])
    )


def _by_text(conn: "Connection", text: str, limit: int) -> list[dict[str, Any]]:
    from gateway.journal.search import find

    return [
        {
            "item": h.item,
            "item_id": h.item_id,
            "state": h.state,
            "environment": h.environment,
            "codes": _codes(conn, h.item),
        }
        for h in find(conn, text, limit)
    ]


def _by_state(conn: "Connection", state: str | None, code: str, limit: int) -> list[dict[str, Any]]:
    from sqlalchemy import select

    from gateway.journal import schema

    i, f, fi = schema.item, schema.filing, schema.finding
    found = select(i.c.id, i.c.item_id, i.c.state, i.c.environment).where(i.c.kind == "consignment")
    if state == "filing-held":
        found = found.join(f, f.c.item == i.c.id).where(f.c.state == "held")
    elif state:
        found = found.where(i.c.state == state)
    if code:
        found = found.where(i.c.id.in_(select(fi.c.subject).where(fi.c.code == code.upper())))
    rows = conn.execute(found.order_by(i.c.id.desc()).limit(limit))
    return [
        {
            "item": r.id,
            "item_id": r.item_id,
            "state": r.state,
            "environment": r.environment,
            "codes": _codes(conn, r.id),
        }
        for r in rows
    ]


def _codes(conn: "Connection", item: str) -> str:
    from gateway.steps.notes import findings_of

    return " ".join(_first(one.code for one in findings_of(conn, item) if one.severity == "error"))


def _first(codes: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(codes))
