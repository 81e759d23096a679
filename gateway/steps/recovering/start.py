"""Start-up, in this order: leases of an earlier life are void, the spool is compared with the journal, then the steps.

Running it twice changes nothing. It asks the journal, not the configuration: a connection that was taken out has work,
too. What was set aside is due again, and a line that rested is tried. Deliveries in `publishing` are settled by their
mover as soon as it has a line, before it sends anything else.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from gateway.findings.failpoint import effect
from gateway.journal import logbook
from gateway.journal.folders import sync_folder
from gateway.steps.declaring import group
from gateway.steps.ground import aside, moves, standstill, switches
from gateway.steps.ground.gate import Gate
from gateway.steps.receiving import received
from gateway.steps.recovering import adopt
from gateway.steps.sending import deliver, recognise


def recover(gate: Gate) -> None:
    """Bring the journal into a state from which every step can go on."""
    recover_core(gate)
    recover_mover(gate)


def recover_core(gate: Gate, spare: Collection[str] = ()) -> None:
    """Batches, groups, what was set aside, the spool: nothing that the mover has in hand.

    `spare` are owners who are at work elsewhere: their claims stand.
    """
    behind = adopt.behind(gate)
    with gate.journal.write("start.core") as conn:
        moves.void(conn, "batch", "claimed", "due", "T", spare)
        aside.take_up(conn)
        if behind:
            standstill.begin(gate, conn, adopt.FOUND)
    group.scatter(gate)
    sweep(gate)


def rescue(gate: Gate, alive: Collection[str]) -> int:
    """Batches that hosts hold who are gone are due again; returns how many."""
    with gate.journal.write("start.rescue") as conn:
        return len(moves.void(conn, "batch", "claimed", "due", "T", alive))


def recover_mover(gate: Gate) -> None:
    """Files that were being fetched, deliveries that were being sent, lines that rested."""
    with gate.journal.write("start.mover") as conn:
        aside.take_up(conn, kind="delivery")
        switches.start_afresh(conn)
    adopt.start(gate)
    received.recover(gate)
    deliver.recover(gate)


def sweep(gate: Gate) -> int:
    """The janitor: spool files that no row speaks of and that nobody touched for a day. Returns how many went."""
    with gate.journal.read() as conn:
        named = gate.blobs.named(conn)
    return _unlink(gate.blobs.orphans(named)) + logbook.forget(gate.blobs.root, gate.now()) + recognise.forget(gate)


def _unlink(paths: Iterable[Path]) -> int:
    folders = set()
    gone = 0
    for path in paths:
        with suppress(FileNotFoundError):
            with effect("sweep.unlink"):
                path.unlink()
            folders.add(path.parent)
            gone += 1
    for folder in folders:
        with effect("sweep.sync"):
            sync_folder(folder)
    return gone
