"""Options that narrow down: one that is empty, and a name that nothing has, are refused instead of meaning all or none.

An empty one is what a shell makes of a variable that was never set. Names that the configuration has lost may still
stand in the journal: those are known, too.
"""

from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.report import counted

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from gateway.steps.ground.gate import Gate

Callback = Callable[[click.Context, click.Parameter, str | None], str]


def at_least(least: int) -> Callback:
    """A callback for an option with so many characters, `""` where it is not said. Raises: BadParameter."""

    def checked(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
        if value is not None and len(value.strip()) < least:
            raise click.BadParameter(f"{value!r} is too short: {counted(least, 'character')} at least")
        return value or ""

    return checked


said = at_least(1)


def each_said(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """A callback for an option or argument that may be said again. Raises: BadParameter."""
    return tuple(said(context, parameter, value) for value in values)


def word(value: str, known: Collection[str], option: str) -> None:
    """Raises: BadParameter for a word that is none of a vocabulary."""
    if value and value not in known:
        raise click.BadParameter(f"{value!r} is none of {', '.join(known)}", param_hint=option)


def connection(gate: "Gate", name: str) -> None:
    """Raises: BadParameter for a connection that neither the configuration nor the journal knows."""
    from gateway.journal.schema import delivery, file

    _name(gate, "connection", name, gate.hub.connections, (file.c.connection, delivery.c.connection))


def route(gate: "Gate", name: str) -> None:
    """Raises: BadParameter for a route that neither the configuration nor the journal knows."""
    from gateway.journal.schema import filing

    _name(gate, "route", name, gate.hub.routes, (filing.c.route,))


def _name(
    gate: "Gate", kind: str, name: str, configured: Collection[str], columns: "Iterable[ColumnElement[Any]]"
) -> None:
    from sqlalchemy import select

    if not name or name in configured:
        return
    with gate.journal.read() as conn:
        if any(conn.scalar(select(one).where(one == name).limit(1)) is not None for one in columns):
            return
    close = get_close_matches(name, configured, n=1)
    way = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(configured) or 'none'}"
    raise click.BadParameter(f"there is no {kind} {name!r}: {way}", param_hint=f"--{kind}")
