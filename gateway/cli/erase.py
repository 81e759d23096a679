"""`gateway erase`: all that leads to the persons of a parcel goes at their request, and a search proves it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.configured import config_option
from gateway.cli.endings import FINDINGS
from gateway.cli.narrowing import each_said
from gateway.cli.report import Report, command_of, counted
from gateway.cli.stateful import gate_of, operator
from gateway.cli.subject import items_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.steps.ground.gate import Gate
    from gateway.steps.keeping.erasure import Obstacle, Traces
    from gateway.steps.keeping.scan import Scan

WHY = {
    "hold": "it is under a legal hold; `gateway hold --lift` first",
    "work": "it is still at work ({state}); let it come to its end, or return, cancel or release it",
    "law": "customs records are kept until {until}; --force overrules it, after legal advice",
}


@command_of("erase")
@click.argument("texts", metavar="[ITEM]…", nargs=-1)
@click.option(
    "--text",
    "said",
    multiple=True,
    metavar="TEXT",
    callback=each_said,
    help="Parcels of whose record a value holds this; all, of several.",
)
@click.option("--yes", is_flag=True, help="Do it; without, it is only said what would be erased.")
@click.option("--force", is_flag=True, help="Also what `retention.filed` would keep longer.")
@config_option
def command(
    report: Report, *, texts: tuple[str, ...], said: tuple[str, ...], yes: bool, force: bool, config: Path | None
) -> dict[str, Any]:
    """Erase what leads to the persons of parcels: bytes, numbers, quoted values. Then search for what is left."""
    from gateway.steps.keeping.erase import barred, erase
    from gateway.steps.keeping.erasure import traces
    from gateway.steps.keeping.persons import holding
    from gateway.steps.keeping.scan import scan

    if not texts and not said:
        raise click.UsageError("name ITEMs, or what their records hold with --text")
    with gate_of(report, config) as gate:
        items = [hit.item for text in texts for hit in items_of(gate, text)]
        items += holding(gate, said) if said else []
        with gate.journal.read() as conn:
            found = traces(gate, conn, items)
        _tell(report, found)
        against = barred(found, force=force)
        _obstacles(report, gate, against)
        if against or not yes or not found.items:
            report.ends_with(FINDINGS if against else 0)
            report.talk("nothing was erased" + ("; with --yes this goes" if not against and found.items else ""))
            return {"erased": False, **_data(found, against)}
        erase(gate, items, operator(), force=force)
        proof = scan(gate, found.values)
    _proof(report, proof)
    report.ends_with(0 if proof.clean else FINDINGS)
    return {"erased": True, **_data(found, against), "scan": _scanned(proof)}


def _tell(report: Report, found: "Traces") -> None:
    shared = {place.blob for place in found.places if place.shared}
    report.line(
        f"{counted(len(found.items), 'item')}, {counted(len(found.filings), 'filing')}, "
        f"{counted(len(found.decisions), 'answer')} of customs: {counted(len(found.values), 'value')} in "
        f"{counted(len({place.blob for place in found.places}), 'stored file')}, {len(shared)} shared with others"
    )
    for item in found.items:
        report.line(f"  item {item}")


def _obstacles(report: Report, gate: "Gate", against: "Iterable[Obstacle]") -> None:
    zone = gate.hub.settings.gateway.timezone
    for one in against:
        until = f"{one.until.astimezone(zone):%Y-%m-%d}" if one.until else ""
        report.talk(f"{one.subject}: not erased: {WHY[one.why].format(until=until, state=one.state)}")


def _proof(report: Report, proof: "Scan") -> None:
    ours = [hit for hit in proof.hits if not hit.item]
    others = sorted({hit.item for hit in proof.hits if hit.item})
    report.line(
        f"searched for {counted(proof.values, 'value')} in {proof.rows:,} rows and "
        f"{counted(proof.files, 'file')} ({proof.bytes:,} bytes): {len(ours)} left"
    )
    for hit in ours:
        report.line(f"  left: {hit.where}, byte {hit.offset:,}")
    if others:
        report.line(f"  the same is said of {counted(len(others), 'other item')}: {', '.join(others[:5])}")
    report.line("erased" if proof.clean else "NOT ERASED everywhere")


def _data(found: "Traces", against: "Iterable[Obstacle]") -> dict[str, Any]:
    import msgspec

    return {
        "items": list(found.items), "filings": list(found.filings), "decisions": list(found.decisions),
        "values": len(found.values), "blobs": len({place.blob for place in found.places}),
        "obstacles": msgspec.to_builtins(list(against)),
    }  # fmt: skip


def _scanned(proof: "Scan") -> dict[str, Any]:
    import msgspec

    return {**msgspec.to_builtins(proof), "clean": proof.clean}
