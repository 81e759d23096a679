"""Translate, second half: the outcomes of a batch go into the journal, in one fenced transaction.

Here an item meets its dossier: said before (repeat), said otherwise after it was filed (held), said otherwise before it
was filed (the older version is superseded), or new. Killed before the commit, the batch is done again: same keys, same
LRNs, and the two blobs of the first time are orphans for the janitor.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from gateway.findings import Finding
from gateway.findings.failpoint import failpoint
from gateway.journal import bulk, schema
from gateway.journal.blobs import Blob
from gateway.journal.claims import Claim
from gateway.journal.ids import new_ids
from gateway.journal.search import rows as identifiers
from gateway.steps import moves, notes
from gateway.steps.collect import Heard, enter_decisions, notification, seen_before
from gateway.steps.content import same_content
from gateway.steps.gate import Gate
from gateway.steps.lrn import DossierKey
from gateway.steps.outcome import BatchDone, Draft, ItemOutcome

REUSE = timedelta(days=365)  # S10 numbers are not used again within 12 months (UPU S10-12)
FILED = frozenset({"assembled", "lodged", "settled"})
OPEN = frozenset({"waiting", "held", "written"})
PURPOSE = "import"


class Place(msgspec.Struct, frozen=True):
    """A stretch of a blob."""

    blob: str | None = None
    offset: int | None = None
    length: int | None = None

    def columns(self, name: str) -> dict[str, Any]:
        return {f"{name}_blob": self.blob, f"{name}_offset": self.offset, f"{name}_length": self.length}


class Earlier(msgspec.Struct):
    """What a dossier holds before this item: its newest version and its filings."""

    id: str
    epoch: str
    item: str = ""
    state: str = ""
    content: str = ""
    version: int = 0
    filings: list[tuple[str, str, int]] = []  # id, state, attempt


def settle(gate: Gate, taken: Sequence[tuple[Claim, Any]], done: Sequence[BatchDone]) -> None:
    """Write finished batches of one line: blobs first, then all that speaks of them, then the batches are done.

    Raises: LeaseLost when a batch is no longer ours; then nothing is written.
    """
    outcomes = [outcome for batch in done for outcome in batch.outcomes]
    blobs, records, payloads = _store(gate, taken[0][1]["connection"], outcomes)
    failpoint("translate.blobs")
    at = 0
    with gate.journal.write() as conn:
        if blobs:
            gate.blobs.add(conn, *blobs)
        for (claim, row), batch in zip(taken, done, strict=True):
            to = at + len(batch.outcomes)
            _Settling(gate, conn, row).run(batch.outcomes, records[at:to], payloads[at:to])
            moves.finish(conn, "batch", claim, "claimed", "done", "T", "translate")
            at = to
        for file in dict.fromkeys(row["file"] for _, row in taken):
            close_file(conn, file)
    failpoint("translate.settled")


def close_file(conn: Connection, file: str) -> None:
    """With its last batch a file is read."""
    left = select(schema.batch.c.id).where(schema.batch.c.file == file, schema.batch.c.state.in_(("due", "claimed")))
    if conn.scalar(left.limit(1)) is None:
        moves.move(conn, "file", [file], "received", "read", "T", "read")


def _store(gate: Gate, connection: str, outcomes: Sequence[ItemOutcome]) -> tuple[list[Blob], list[Place], list[Place]]:
    """All records in one blob and all filed texts in another: two fsyncs a batch, however many items."""
    record_blob, records = store_parts(gate, "record", connection, [o.record for o in outcomes])
    texts = [o.draft.text if o.draft else b"" for o in outcomes]
    payload_blob, payloads = store_parts(gate, "filed", connection, texts)
    return [b for b in (record_blob, payload_blob) if b is not None], records, payloads


def store_parts(gate: Gate, kind: str, connection: str, parts: list[bytes]) -> tuple[Blob | None, list[Place]]:
    if not any(parts):
        return None, [Place()] * len(parts)
    with gate.blobs.draft(kind, connection) as draft:
        stretches = [(draft.write(part), len(part)) for part in parts]
        blob = draft.keep()
    return blob, [Place(blob.id, at, size) if size else Place() for at, size in stretches]


class _Settling:
    """One batch on its way into the journal: rows are gathered first and written by table."""

    def __init__(self, gate: Gate, conn: Connection, batch: Any) -> None:
        self.gate, self.conn, self.batch = gate, conn, batch
        self.environment: str = batch["environment"]
        self.dossiers: list[dict[str, Any]] = []
        self.items: list[dict[str, Any]] = []
        self.filings: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []
        self.identifiers: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.known: dict[str, list[Earlier]] = {}
        self.decisions: list[Heard] = []
        self.notified: set[str] = set()

    def run(self, outcomes: Sequence[ItemOutcome], records: Sequence[Place], payloads: Sequence[Place]) -> None:
        keys = {o.key.business_id for o in outcomes if o.key is not None}
        self.known = earlier(self.conn, self.environment, keys)
        authority = self.gate.hub.connections[self.batch["connection"]].owner
        self.notified = seen_before(self.conn, authority, self.environment, outcomes)
        ids = new_ids(3 * len(outcomes))
        for number, (outcome, record, payload) in enumerate(zip(outcomes, records, payloads, strict=True)):
            self._take(outcome, record, payload, ids[3 * number : 3 * number + 3])
        self._write()

    def _take(self, outcome: ItemOutcome, record: Place, payload: Place, ids: list[str]) -> None:
        item, dossier, filing = ids
        if outcome.kind == "decision":
            self._hear(item, outcome, record)
        elif outcome.key is None or not outcome.record:
            self._enter(item, outcome, outcome.state, record, None, 1)
        else:
            self._parcel(outcome, outcome.key, record, payload, item, dossier, filing)

    def _hear(self, item: str, outcome: ItemOutcome, record: Place) -> None:
        """A decision; one whose notification is known already is a repeat."""
        name = notification(outcome)
        repeat = outcome.state == "accepted" and name in self.notified
        self._enter(item, outcome, "repeat" if repeat else outcome.state, record, None, 1)
        if outcome.state == "accepted" and not repeat:
            self.notified.add(name)
            self.decisions.append(Heard(item, outcome, record))

    def _parcel(
        self, outcome: ItemOutcome, key: DossierKey, record: Place, payload: Place, item: str, dossier: str, filing: str
    ) -> None:
        before = find_dossier(self.known.get(key.business_id, ()), key.epoch)
        if before is None:
            before = self._open(dossier, key)
        elif before.item and same_content(before.content, outcome.content):
            self._enter(item, outcome, "repeat", record, before.id, before.version)
            return
        state, findings = outcome.state, outcome.findings
        if any(s in FILED for _, s, _ in before.filings) and state == "accepted":
            state, findings = "held", (*findings, Finding("RTE125", item_id=outcome.item_id))
        elif before.item and state != "quarantined":
            self._supersede(before)
        attempt = 1 + max((a for *_, a in before.filings), default=0)
        self._enter(item, outcome, state, record, before.id, before.version + 1, findings)
        if state != "quarantined":
            before.item, before.state, before.content = item, state, outcome.content
            before.version += 1
        if state == "accepted" and outcome.draft is not None:
            self._file(filing, outcome.draft, before, item, attempt, payload)

    def _open(self, dossier: str, key: DossierKey) -> Earlier:
        self.dossiers.append(
            {"id": dossier, "environment": self.environment, "kind": key.kind, "business_id": key.business_id, "epoch": key.epoch}
        )  # fmt: skip
        opened = Earlier(dossier, key.epoch, filings=[])
        self.known.setdefault(key.business_id, []).append(opened)
        self._identify("s10", key.business_id, dossier)
        return opened

    def _supersede(self, before: Earlier) -> None:
        """The sender's newer version takes the place of one that was not filed yet."""
        self._flush()  # the older version may stand in this very batch
        if before.state in {"accepted", "held"}:
            moves.move(self.conn, "item", [before.item], before.state, "superseded", "T", "supersede")
        for filing, state, _ in before.filings:
            if state in OPEN:
                moves.move(self.conn, "filing", [filing], state, "withdrawn", "T", "supersede")
        before.filings = [(f, "withdrawn" if s in OPEN else s, a) for f, s, a in before.filings]

    def _enter(
        self, item: str, outcome: ItemOutcome, state: str, record: Place, dossier: str | None, version: int,
        findings: Iterable[Finding] | None = None,
    ) -> None:  # fmt: skip
        batch = self.batch
        self.items.append({
            "id": item, "file": batch["file"], "seq": outcome.ordinal, "interchange": batch["interchange"],
            "batch": batch["id"], "dossier": dossier, "environment": self.environment, "kind": outcome.kind,
            "item_id": outcome.item_id or None, "offset": outcome.offset, "length": outcome.length,
            "line": outcome.line, "version": str(version), "content_hash": outcome.content or None, "state": state,
            "ruleset": batch["ruleset"], **record.columns("record"), "attempt": 1, "kept": outcome.kept,
        })  # fmt: skip
        found = outcome.findings if findings is None else findings
        self.findings.extend(notes.rows("item", item, batch["connection"], found))

    def _file(self, filing: str, draft: Draft, before: Earlier, item: str, attempt: int, payload: Place) -> None:
        """A first attempt is filed as the worker wrote it; a further one has another LRN and is written again."""
        again = attempt > 1
        row = filing_row(filing, before.id, item, self.environment, draft, attempt, self.batch["ruleset"])
        if again:
            row |= {"state": "waiting", "lrn": f"~{filing}", **Place().columns("payload")}
        else:
            row |= {"state": draft.state, **payload.columns("payload")}
            self.findings.extend(notes.rows("filing", filing, draft.connection, draft.findings))
        self.filings.append(row)
        before.filings = [*before.filings, (filing, row["state"], attempt)]

    def _identify(self, kind: str, value: str, dossier: str) -> None:
        for row in identifiers(dossier, [(kind, value)]):
            self.identifiers[row["kind"], row["value"], dossier] = row

    def _flush(self) -> None:
        bulk.insert(self.conn, schema.dossier, self.dossiers)
        moves.enter(self.conn, "item", self.items, "T", "read")
        moves.enter(self.conn, "filing", [f for f in self.filings if f["state"] == "waiting"], "T", "file")
        moves.enter(self.conn, "filing", [f for f in self.filings if f["state"] != "waiting"], "T", "file")
        bulk.insert(self.conn, schema.finding, self.findings)
        bulk.insert(self.conn, schema.identifier, list(self.identifiers.values()), ignore=True)
        self.dossiers, self.items, self.filings, self.findings, self.identifiers = [], [], [], [], {}

    def _write(self) -> None:
        self._flush()
        enter_decisions(self.gate, self.conn, self.batch, self.decisions)


def filing_row(
    filing: str, dossier: str, item: str, environment: str, draft: Draft, attempt: int, ruleset: str
) -> dict[str, Any]:
    """The row of a filing, its payload and state apart."""
    return {
        "id": filing, "dossier": dossier, "environment": environment, "route": draft.route, "purpose": PURPOSE,
        "attempt": attempt, "item": item, "connection": draft.connection, "kind": draft.target,
        "declarant": draft.declarant, "lrn": draft.lrn, "ruleset": ruleset,
    }  # fmt: skip


def earlier(conn: Connection, environment: str, business_ids: Iterable[str]) -> dict[str, list[Earlier]]:
    """What the journal holds on these parcels, by business id."""
    wanted = list(business_ids)
    d, i, f = schema.dossier, schema.item, schema.filing
    found: dict[str, list[Earlier]] = {}
    by_id: dict[str, Earlier] = {}
    for at in range(0, len(wanted), 900):
        some = select(d.c.id, d.c.business_id, d.c.epoch).where(
            d.c.environment == environment, d.c.kind == "consignment", d.c.business_id.in_(wanted[at : at + 900])
        )
        for row in conn.execute(some):
            by_id[row.id] = Earlier(row.id, row.epoch, filings=[])
            found.setdefault(row.business_id, []).append(by_id[row.id])
    _newest(conn, i, by_id)
    for at in range(0, len(by_id), 900):
        made = select(f.c.id, f.c.dossier, f.c.state, f.c.attempt).where(f.c.dossier.in_(list(by_id)[at : at + 900]))
        for filing, dossier, state, attempt in conn.execute(made):
            by_id[dossier].filings.append((filing, state, attempt))
    return found


def _newest(conn: Connection, i: Any, by_id: dict[str, Earlier]) -> None:
    """The newest version of each dossier: repeats and what was never understood do not count."""
    ids = list(by_id)
    for at in range(0, len(ids), 900):
        said = (
            select(i.c.id, i.c.dossier, i.c.state, i.c.content_hash, i.c.version)
            .where(i.c.dossier.in_(ids[at : at + 900]), i.c.state.not_in(("repeat", "quarantined")))
            .order_by(i.c.id)
        )
        for row in conn.execute(said):
            known = by_id[row.dossier]
            known.item, known.state, known.content = row.id, row.state, row.content_hash or ""
            known.version = int(row.version or 0)


def find_dossier(known: Iterable[Earlier], epoch: str) -> Earlier | None:
    """The dossier of this parcel: the one whose epoch lies within a year of this posting date."""
    day = date.fromisoformat(epoch)
    near = [e for e in known if abs(date.fromisoformat(e.epoch) - day) < REUSE]
    return min(near, key=lambda e: abs(date.fromisoformat(e.epoch) - day), default=None)
