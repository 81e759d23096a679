"""`gateway hold`: what is needed as evidence is neither purged nor erased, until the hold is lifted."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of, operator
from gateway.cli.subject import items_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.steps.ground.gate import Gate


@command_of("hold")
@click.argument("texts", metavar="ITEM|FILE…", nargs=-1)
@click.option("--lift", is_flag=True, help="Lift the hold.")
@config_option
def command(report: Report, *, texts: tuple[str, ...], lift: bool, config: Path | None) -> dict[str, Any]:
    """Put the files of items under a legal hold. Without ITEM the files under a hold are listed."""
    from gateway.steps.keeping.hold import hold

    with gate_of(report, config) as gate:
        files = dict.fromkeys(file for text in texts for file in _files(gate, text))
        with gate.journal.read() as conn:
            held = [] if texts else _held(conn)
        changed = [file for file in files if hold(gate, file, operator(), on=not lift)]
    for file in files:
        report.line(f"file {file} {'is under no hold' if lift else 'is under a legal hold'}")
    for file in held:
        report.line(f"file {file} is under a legal hold")
    if not files and not held:
        report.talk("no file is under a hold")
    return {"files": [*files, *held], "changed": changed}


def _files(gate: "Gate", text: str) -> list[str]:
    """A file by its id; of an item, every file that its parcel came in."""
    from sqlalchemy import select

    from gateway.journal.schema import file

    with gate.journal.read() as conn:
        if conn.scalar(select(file.c.id).where(file.c.id == text)) is not None:
            return [text]
    return [hit.file for hit in items_of(gate, text)]


def _held(conn: "Connection") -> list[str]:
    from sqlalchemy import select

    from gateway.journal.schema import file

    return list(conn.scalars(select(file.c.id).where(file.c.legal_hold).order_by(file.c.id)))
