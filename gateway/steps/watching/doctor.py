"""Looks at what the gateway keeps: tables, journal, audit trail, spool, alarms."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select, text

from gateway.findings.catalogue import text as said_of
from gateway.findings.errors import JournalFault
from gateway.journal import anchors, schema, upgrade
from gateway.journal.balance import balance
from gateway.mapping.registry import Registry
from gateway.settings import Settings
from gateway.settings.formatchecks import laws
from gateway.steps.ground import standstill
from gateway.steps.ground.gate import Gate
from gateway.steps.lines.diagnosis import Diagnosis, Grade
from gateway.steps.watching import anchor, notice

__all__ = ["Diagnosis", "Grade", "dated", "diagnose", "tables"]

AHEAD = timedelta(seconds=60)  # of the journal before our clock
SHOWN = 3


def diagnose(gate: Gate) -> Iterator[Diagnosis]:
    """Everything in the journal and beside it."""
    yield _ruleset(gate)
    yield _integrity(gate)
    yield _time(gate)
    yield _balance(gate)
    yield _audit(gate)
    yield _spool(gate)
    yield _alarms(gate)
    if standstill.is_on(gate):
        found, fix = (
            "stand still since the journal was restored",
            "when nothing fails here: `gateway resume deliveries`",
        )
        yield Diagnosis("deliveries", "warn", found, fix)


def tables(registry: Registry) -> Diagnosis:
    """The mapping tables as they lie there now: what the next start pins."""
    faults = [fault for fault in registry.faults() if fault.severity == "error"]
    if faults:
        return Diagnosis(
            "mapping tables", "fail", f"{len(faults)} faults", "`gateway mapping lint` shows each with its line"
        )
    return Diagnosis("mapping tables", "ok", f"{len(registry.names())} formats")


def dated(settings: Settings, registry: Registry) -> Diagnosis:
    """The dated tables of every authority that is filed with, asked as `config validate` asks them."""
    faults = list(laws(settings.draft, registry))
    if faults:
        some = "; ".join(said_of(fault) for fault in faults[:SHOWN])
        grade: Grade = "fail" if any(fault.severity == "error" for fault in faults) else "warn"
        return Diagnosis(
            "authorities' tables", grade, some, "`gateway config validate` shows each with its file and row"
        )
    return Diagnosis("authorities' tables", "ok", "every row can be used")


def _ruleset(gate: Gate) -> Diagnosis:
    return Diagnosis("ruleset", "ok", f"{gate.ruleset[:12]}, archived")


def _integrity(gate: Gate) -> Diagnosis:
    with gate.journal.read() as conn:
        tables_of = upgrade.version(conn)
        if conn.dialect.name != "sqlite":
            server = conn.scalar(text("show server_version"))
            return Diagnosis("journal", "ok", f"PostgreSQL {server}, tables of version {tables_of}")
        with_faults = conn.execute(text("pragma quick_check(1)")).scalar_one()
    if with_faults == "ok":
        return Diagnosis("journal", "ok", f"sound, tables of version {tables_of}")
    return Diagnosis("journal", "fail", "damaged", "stop the gateway, keep a copy, restore the last backup")


def _time(gate: Gate) -> Diagnosis:
    """A clock that is behind the journal makes ages negative and leases long."""
    with gate.journal.read() as conn:
        newest = conn.scalar(select(func.max(schema.audit.c.at)))
    if newest is not None and newest > gate.now() + AHEAD:
        found = f"the journal has entries of {newest:%Y-%m-%d %H:%M:%S} UTC, which is still to come"
        return Diagnosis("time", "fail", found, "set the clock of this machine, or find out who set it forward before")
    return Diagnosis("time", "ok", "the journal has nothing of a time to come")


def _balance(gate: Gate) -> Diagnosis:
    with gate.journal.read() as conn:
        broken = balance(conn).violations
    if broken:
        named = ", ".join(f"{one.rule} ({one.count})" for one in broken[:SHOWN])
        return Diagnosis("balance", "fail", named, "`gateway balance` lists the ids (gateway rule INT903)")
    return Diagnosis("balance", "ok", "every item is in one place")


def _audit(gate: Gate) -> Diagnosis:
    """The trail fits itself, and the anchors that this configuration names."""
    verdict, own = anchor.walk(gate), anchor.place(gate.hub.settings)
    fix = "compare with the head noted elsewhere: `gateway audit verify` (gateway rule INT904)"
    if verdict.broken_at is not None:
        return Diagnosis("audit trail", "fail", f"row {verdict.broken_at} does not fit", fix)
    try:
        known = anchors.read(own)
        wrong = anchor.compared(gate, known)
    except (JournalFault, OSError) as error:
        return Diagnosis("audit trail", "fail", str(error), "put the file of anchors back as it was; keep this one")
    if wrong:
        fix = "`gateway audit verify` names each; after a restore move that file away and keep it"
        return Diagnosis("audit trail", "fail", f"{len(wrong)} of {len(known)} anchors in {own.name} do not fit", fix)
    return Diagnosis("audit trail", "ok", f"{verdict.rows:,} rows, head {verdict.head[:16]}")


def _spool(gate: Gate) -> Diagnosis:
    """What the journal names is there; what nobody names is counted, the janitor takes it after a day."""
    named, spoken_of = _named(gate)
    missing = [path for path in named if not (gate.blobs.root / path).exists()]
    if missing:  # some of it may have been purged while we looked
        still = _named(gate)[0]
        missing = [path for path in missing if path in still]
    if missing:
        fix = "restore the spool from the backup of the same moment as the journal (gateway rule INT905)"
        return Diagnosis("spool", "fail", f"{len(missing)} of {len(named):,} files are missing", fix)
    forsaken = sum(1 for _ in gate.blobs.orphans(spoken_of))
    return Diagnosis("spool", "ok", f"{len(named):,} files" + (f", {forsaken} that nobody names" if forsaken else ""))


def _named(gate: Gate) -> tuple[frozenset[str], frozenset[str]]:
    """The paths of all blobs whose bytes should be there, and those that may be: the spool is walked outside of it."""
    b = schema.blob
    with gate.journal.read() as conn:
        whole = conn.scalars(select(b.c.path).where(b.c.purging_at.is_(None), b.c.purged_at.is_(None)))
        return frozenset(whole), gate.blobs.named(conn)


def _alarms(gate: Gate) -> Diagnosis:
    with gate.journal.read() as conn:
        open_ = notice.standing(conn)
    if open_:
        return Diagnosis("alarms", "warn", f"{len(open_)} open, the first: {open_[0].message}", "gateway status")
    return Diagnosis("alarms", "ok", "none open")
