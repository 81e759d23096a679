"""Translate, second half: the outcomes of a batch go into the journal, in one fenced transaction.

Here an item meets its dossier (`gateway.steps.declaring.versions`). Killed before the commit, the batch is done again:
same keys, same LRNs, and the two blobs of the first time are orphans for the janitor.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from gateway.findings import Finding
from gateway.journal import bulk, schema
from gateway.journal.blobs import Blob
from gateway.journal.claims import Claim
from gateway.journal.ids import new_ids
from gateway.journal.search import rows as identifiers
from gateway.mapping.protocols import DECLARE
from gateway.steps.declaring import change
from gateway.steps.declaring.groupkeeping import gathered
from gateway.steps.declaring.requests import CHANGE, ask
from gateway.steps.declaring.versions import Earlier, Made, earlier, find_dossier, held_as, supersede, withdraw
from gateway.steps.ground import moves, notes
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.parts import Place, store_parts
from gateway.steps.hearing.collect import Heard, enter_decisions, is_repeat, notification, seen_before
from gateway.steps.working.departure import departure
from gateway.steps.working.lrn import DossierKey
from gateway.steps.working.outcome import BatchDone, Draft, ItemOutcome

ToFile = tuple[str, Draft, Place]
"""The id of a filing, what was written for it, and where that lies."""


def settle(gate: Gate, taken: Sequence[tuple[Claim, Any]], done: Sequence[BatchDone]) -> None:
    """Write finished batches of one line: blobs first, then all that speaks of them, then the batches are done.

    Raises: LeaseLost when a batch is no longer ours; then nothing is written.
    """
    outcomes = [outcome for batch in done for outcome in batch.outcomes]
    blobs, records, payloads = _store(gate, taken[0][1]["connection"], outcomes)
    at = texts = 0
    with gate.journal.write("translate.settle") as conn:
        if blobs:
            gate.blobs.add(conn, *blobs)
        for (claim, row), batch in zip(taken, done, strict=True):
            to, more = at + len(batch.outcomes), texts + sum(len(one.drafts) for one in batch.outcomes)
            _Settling(gate, conn, row).run(batch.outcomes, records[at:to], payloads[texts:more])
            moves.finish(conn, "batch", claim, "claimed", "done", "T", "translate")
            at, texts = to, more
        for file in dict.fromkeys(row["file"] for _, row in taken):
            close_file(conn, file)


def close_file(conn: Connection, file: str) -> None:
    """With its last batch a file is read."""
    left = select(schema.batch.c.id).where(schema.batch.c.file == file, schema.batch.c.state.in_(("due", "claimed")))
    if conn.scalar(left.limit(1)) is None:
        moves.move(conn, "file", [file], "received", "read", "T", "read")


def _store(gate: Gate, connection: str, outcomes: Sequence[ItemOutcome]) -> tuple[list[Blob], list[Place], list[Place]]:
    """All records in one blob and all filed texts in another: two fsyncs a batch, however many items."""
    record_blob, records = store_parts(gate, "record", connection, [o.record for o in outcomes])
    payload_blob, payloads = store_parts(
        gate, "filed", connection, [draft.text for o in outcomes for draft in o.drafts]
    )
    return [b for b in (record_blob, payload_blob) if b is not None], records, payloads


class _Settling:
    """One batch on its way into the journal: rows are gathered first and written by table."""

    def __init__(self, gate: Gate, conn: Connection, batch: Any) -> None:
        self.gate, self.conn, self.batch = gate, conn, batch
        self.environment: str = batch["environment"]
        self.zone = gate.hub.zone(batch["connection"], batch["sender"])
        self.dossiers: list[dict[str, Any]] = []
        self.items: list[dict[str, Any]] = []
        self.filings: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []
        self.identifiers: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.known: dict[str, list[Earlier]] = {}
        self.decisions: list[Heard] = []
        self.notified: dict[str, str] = {}

    def run(self, outcomes: Sequence[ItemOutcome], records: Sequence[Place], payloads: Sequence[Place]) -> None:
        keys = {o.key.business_id for o in outcomes if o.key is not None}
        self.known = earlier(self.conn, self.environment, keys)
        names = [notification(o) for o in outcomes if o.kind == "decision"]
        if names:
            authority = self.gate.hub.speaker(self.batch["connection"], self.batch["sender"])
            self.notified = seen_before(self.conn, authority, self.environment, names)
        ids, texts = iter(new_ids(2 * len(outcomes) + len(payloads))), iter(payloads)
        for outcome, record in zip(outcomes, records, strict=True):
            filings = [(next(ids), draft, next(texts)) for draft in outcome.drafts]
            self._take(outcome, record, next(ids), next(ids), filings)
        self._flush()
        enter_decisions(self.gate, self.conn, self.batch, self.decisions)

    def _take(self, outcome: ItemOutcome, record: Place, item: str, dossier: str, filings: Sequence[ToFile]) -> None:
        if outcome.kind == "decision":
            self._hear(item, outcome, record)
        elif outcome.key is None or not outcome.record:
            self._enter(item, outcome, outcome.state, record, None, 1)
        else:
            self._parcel(outcome, outcome.key, record, item, dossier, filings)

    def _hear(self, item: str, outcome: ItemOutcome, record: Place) -> None:
        """A decision; under a name that is known it is a repeat or, saying something else, waits for a person."""
        name = notification(outcome)
        before = self.notified.get(name)
        if outcome.state != "accepted" or before is None:
            self._enter(item, outcome, outcome.state, record, None, 1)
            if outcome.state == "accepted":
                self.notified[name] = outcome.content
                self.decisions.append(Heard(item, outcome, record, name))
        elif is_repeat(before, outcome):
            self._enter(item, outcome, "repeat", record, None, 1)
        else:
            reused = (*outcome.findings, Finding("RSP701", values={"notification": name}))
            self._enter(item, outcome, "held", record, None, 1, reused)

    def _parcel(
        self, outcome: ItemOutcome, key: DossierKey, record: Place, item: str, dossier: str, filings: Sequence[ToFile]
    ) -> None:
        before = find_dossier(self.known.get(key.business_id, ()), key.epoch) or self._open(dossier, key)
        place = (self.batch["file"], outcome.ordinal)
        standing = before.standing(outcome.content, place)
        if standing == "repeat":
            self._enter(item, outcome, "repeat", record, before.id, before.version)
            return
        self._identify(outcome, before.id)
        if outcome.state == "quarantined":
            self._enter(item, outcome, outcome.state, record, before.id, before.version + 1)
        elif standing == "late":
            self._late(item, outcome, record, before)
        else:
            changes = standing == "filed" and self._changes(outcome, before)
            held = () if changes else held_as(standing, outcome.item_id)
            self._replace(before, changed=changes)
            state = "held" if held else outcome.state
            before.version += 1
            self._enter(item, outcome, state, record, before.id, before.version, (*outcome.findings, *held))
            before.item, before.state, before.content, before.place = item, state, outcome.content, place
            if state == "accepted":
                self._file_all(filings, before, item)

    def _changes(self, outcome: ItemOutcome, before: Earlier) -> bool:
        """Whether what customs has of the parcel is changed without a person's word."""
        routes = {draft.route for draft in outcome.drafts}
        return outcome.state == "accepted" and change.by_itself(self.gate, self.conn, before, routes)

    def _file_all(self, filings: Sequence[ToFile], before: Earlier, item: str) -> None:
        """On each route of the item: a change of what customs has there, else a declaration."""
        for filing, draft, payload in filings:
            there = change.standing_on(before, draft.route)
            if there is None:
                self._file(filing, draft, before, item, payload)
            else:
                self._flush()
                ask(self.gate, self.conn, there.id, CHANGE, "T", item=item)

    def _late(self, item: str, outcome: ItemOutcome, record: Place, before: Earlier) -> None:
        """An older version that comes after a newer one is kept, and goes at once."""
        found = (*outcome.findings, Finding("RTE129", severity="info", item_id=outcome.item_id))
        self._enter(item, outcome, outcome.state, record, before.id, before.version, found)
        self._flush()
        moves.move(self.conn, "item", [item], outcome.state, "superseded", "T", "late")

    def _replace(self, before: Earlier, *, changed: bool) -> None:
        """The sender's newer version takes the place of an older one, which may stand in this very batch."""
        if before.item:
            self._flush()
            supersede(self.conn, before)
        if changed:
            withdraw(self.conn, before)

    def _open(self, dossier: str, key: DossierKey) -> Earlier:
        self.dossiers.append({
            "id": dossier, "environment": self.environment, "kind": key.kind, "business_id": key.business_id,
            "epoch": key.epoch,
        })  # fmt: skip
        opened = Earlier(dossier, key.epoch, filings=[])
        self.known.setdefault(key.business_id, []).append(opened)
        return opened

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
            "departs_at": departure(outcome.departs, self.zone),
        })  # fmt: skip
        found = outcome.findings if findings is None else findings
        self.findings.extend(notes.rows("item", item, batch["connection"], found))

    def _file(self, filing: str, draft: Draft, before: Earlier, item: str, payload: Place) -> None:
        """A first attempt is filed as the worker wrote it; a further one has another LRN and is written again.

        What is declared together with others waits for them, and has no LRN of its own until then.
        """
        attempt = before.next_attempt(draft.route)
        again = attempt > 1
        row = filing_row(filing, before.id, item, self.environment, draft, attempt, self.batch["ruleset"])
        row["replaces"] = before.replaced(draft.route) if again else None
        if again or draft.state == "waiting":
            row |= {"state": "waiting", "lrn": f"~{filing}", **gathered(self.gate, draft)}
        else:
            row |= {"state": draft.state, **payload.columns("payload")}
        if not again or draft.state == "waiting":
            self.findings.extend(notes.rows("filing", filing, draft.connection, draft.findings))
        self.filings.append(row)
        made = Made(filing, draft.route, DECLARE, attempt, row["state"], item=item, kind=draft.target)
        before.filings = [*before.filings, made]

    def _identify(self, outcome: ItemOutcome, dossier: str) -> None:
        for row in identifiers(dossier, outcome.names):
            self.identifiers[row["kind"], row["value"], dossier] = row

    def _flush(self) -> None:
        bulk.insert(self.conn, schema.dossier, self.dossiers)
        moves.enter(self.conn, "item", self.items, "T", "read")
        moves.enter(self.conn, "filing", [f for f in self.filings if f["state"] == "waiting"], "T", "file")
        moves.enter(self.conn, "filing", [f for f in self.filings if f["state"] != "waiting"], "T", "file")
        bulk.insert(self.conn, schema.finding, self.findings)
        bulk.insert(self.conn, schema.identifier, list(self.identifiers.values()), ignore=True)
        self.dossiers, self.items, self.filings, self.findings, self.identifiers = [], [], [], [], {}


def filing_row(
    filing: str, dossier: str, item: str, environment: str, draft: Draft, attempt: int, ruleset: str
) -> dict[str, Any]:
    """The row of a filing, its payload and state apart."""
    return {
        "id": filing, "dossier": dossier, "environment": environment, "route": draft.route, "purpose": DECLARE,
        "attempt": attempt, "item": item, "connection": draft.connection, "kind": draft.target,
        "declarant": draft.declarant, "lrn": draft.lrn, "ruleset": ruleset, "edition": draft.edition or None,
    }  # fmt: skip
