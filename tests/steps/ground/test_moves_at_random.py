"""A model that walks all machines at random: what the table allows keeps the balance, what it does not raises."""

import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from sqlalchemy import insert, select, update

from gateway.findings.errors import JournalFault
from gateway.journal import audit, schema
from gateway.journal.balance import balance
from gateway.journal.blobs import BlobStore
from gateway.journal.counter import next_number
from gateway.journal.ids import batch_id, new_id
from gateway.journal.snapshot import dump
from gateway.journal.store import open_journal
from gateway.steps.ground import moves
from gateway.steps.ground.states import EDGES, MACHINES, allowed, states

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module", autouse=True)
def empty(tmp_path_factory):
    """A journal made once; every run of the model begins with a copy."""
    folder = tmp_path_factory.mktemp("empty")
    open_journal(folder).close()
    Model.empty = folder


class Model(RuleBasedStateMachine):
    """Parcels on their way through all machines, in any order that the table allows.

    Each rule is what a step does in one transaction. After every rule the journal balances, the audit trail holds, and
    for every subject it is one path through its machine that ends in the state its row has.
    """

    empty: Path
    written = Bundle("written")
    queued = Bundle("queued")
    publishing = Bundle("publishing")
    lodged = Bundle("lodged")
    held = Bundle("held")

    @initialize()
    def begin(self):
        self.folder = Path(mkdtemp(prefix="gateway-model-"))
        shutil.copytree(self.empty, self.folder, dirs_exist_ok=True)
        self.journal = open_journal(self.folder)
        self.blobs = BlobStore(self.folder)
        self.count = 0

    def teardown(self):
        if hasattr(self, "journal"):
            self.journal.close()
            shutil.rmtree(self.folder)

    @rule(target=written, good=st.integers(0, 3))
    def receive_parcels(self, good):
        """A file arrives and is read: every parcel gets its dossier, its item and its filing."""
        file, interchange = self._pickup(good)
        filings = []
        with self.journal.write() as conn:
            (work,) = moves.claim(conn, "batch", "due", "claimed", "T", owner="me", lease=MINUTE)
            filings += [self._parcel(conn, file, interchange, seq, "accepted") for seq in range(1, good + 1)]
            moves.finish(conn, "batch", work, "claimed", "done", "T", "translate")
            moves.move(conn, "file", [file], "received", "read", "T", "read")
        return multiple(*filings)

    @rule(target=held, state=st.sampled_from(["held", "quarantined"]))
    def receive_a_bad_one(self, state):
        file, interchange = self._pickup(1)
        with self.journal.write() as conn:
            (work,) = moves.claim(conn, "batch", "due", "claimed", "T", owner="me", lease=MINUTE)
            item = self._item(conn, file, interchange, 1, state)
            facts = {"subject": item, "seq": 0, "subject_kind": "item", "code": "SRC301", "severity": "error"}
            conn.execute(insert(schema.finding).values(**facts))
            moves.finish(conn, "batch", work, "claimed", "done", "T", "translate")
            moves.move(conn, "file", [file], "received", "read", "T", "read")
        return item, state

    @rule(name=st.integers())
    def refuse_a_file(self, name):
        (file,) = self._sight(name)
        with self.journal.write() as conn:
            moves.move(conn, "file", [file], "fetching", "received", "P", "receive")
            moves.move(conn, "file", [file], "received", "refused", "T", "refuse")

    @rule(one=consumes(held))
    def return_to_the_sender(self, one):
        item, state = one
        with self.journal.write() as conn:
            assert moves.move(conn, "item", [item], state, "returned", "O:ana", "return") == (item,)
            moves.move(conn, "item", [item], "returned", "closed", "N", "close")

    @rule(target=written, one=consumes(held))
    def release(self, one):
        item, state = one
        with self.journal.write() as conn:
            moves.move(conn, "item", [item], state, "accepted", "O:ana", "release")
            dossier = self._dossier(conn)
            conn.execute(update(schema.item).where(schema.item.c.id == item).values(dossier=dossier))
            return self._filing(conn, dossier, item)

    @rule(target=queued, filing=consumes(written))
    def assemble(self, filing):
        delivery = new_id()
        with self.journal.write() as conn:
            number = next_number(conn, "uk.live", "test", "h7")
            facts = {"connection": "uk.live", "environment": "test", "kind": "h7", "final_name": f"{number}.xml",
                     "control_reference": str(number)}  # fmt: skip
            moves.enter(conn, "delivery", [{"id": delivery, "state": "drafting", **facts}], "A", "assemble")
            f = schema.filing.c
            payload = conn.execute(
                select(f.payload_blob, f.payload_offset, f.payload_length).where(f.id == filing)
            ).one()
            place = dict(zip(("blob", "offset", "length"), payload, strict=True))
            conn.execute(insert(schema.delivery_part).values(delivery=delivery, seq=1, **place))
            moves.move(conn, "delivery", [delivery], "drafting", "queued", "A", "queue", size=place["length"])
            moves.move(conn, "filing", [filing], "written", "assembled", "A", "assemble", delivery=delivery)
        return delivery, filing

    @rule(target=written, one=consumes(queued))
    def drop(self, one):
        delivery, filing = one
        with self.journal.write() as conn:
            moves.move(conn, "delivery", [delivery], "queued", "dropped", "O:ana", "drop")
            moves.move(conn, "filing", [filing], "assembled", "written", "A", "drop", delivery=None)
        return filing

    @rule(target=publishing, one=consumes(queued))
    def send(self, one):
        delivery, _ = one
        here = schema.delivery.c.id == delivery
        with self.journal.write() as conn:
            (work,) = moves.claim(
                conn, "delivery", "queued", "sending", "D", owner="me", lease=MINUTE, where=here
            )  # fmt: skip
        with self.journal.write() as conn:
            moves.finish(conn, "delivery", work, "sending", "publishing", "D", "publish")
        return one

    @rule(target=lodged, one=consumes(publishing))
    def sent(self, one):
        delivery, filing = one
        with self.journal.write() as conn:
            moves.move(conn, "delivery", [delivery], "publishing", "sent", "D", "sent")
            moves.move(conn, "filing", [filing], "assembled", "lodged", "D", "sent")
        return filing

    @rule(target=lodged, one=consumes(publishing), end=st.sampled_from(["unconfirmed", "in_doubt"]))
    def answered_before_we_knew(self, one, end):
        delivery, filing = one
        with self.journal.write() as conn:
            moves.move(conn, "delivery", [delivery], "publishing", end, "D", "evidence")
        self._decide(filing)
        with self.journal.write() as conn:
            moves.move(conn, "filing", [filing], "assembled", "lodged", "C", "answered")
            moves.move(conn, "delivery", [delivery], end, "sent", "C", "answered")
        return filing

    @rule(target=queued, one=consumes(publishing), end=st.sampled_from(["queued", "clash", "in_doubt"]))
    def send_again(self, one, end):
        delivery, _ = one
        with self.journal.write() as conn:
            moves.move(conn, "delivery", [delivery], "publishing", end, "D", "evidence")
            if end != "queued":
                moves.move(conn, "delivery", [delivery], end, "queued", "O:ana", "again")
        return one

    @rule(filing=lodged)
    def decide(self, filing):
        """Customs answers, and may answer again: settled, open again, settled."""
        self._decide(filing)
        with self.journal.write() as conn:
            if not moves.move(conn, "filing", [filing], "lodged", "settled", "C", "settle"):
                moves.move(conn, "filing", [filing], "settled", "lodged", "C", "reopen")

    @rule()
    def start_again(self):
        """The process dies between two transactions and starts again."""
        self.journal.close()
        self.journal = open_journal(self.folder, create=False)
        with self.journal.write() as conn:
            moves.void(conn, "batch", "claimed", "due", "T")
            moves.void(conn, "delivery", "sending", "queued", "D")

    @rule(data=st.data())
    def try_what_is_not_allowed(self, data):
        machine = data.draw(st.sampled_from(MACHINES))
        frm, to = (data.draw(st.sampled_from(states(machine))) for _ in range(2))
        who = data.draw(st.sampled_from("PTADCNO"))
        table = schema.METADATA.tables[machine]
        if allowed(machine, frm, to, who):
            return
        with self.journal.write() as conn:
            before = dump(conn)
            with pytest.raises(JournalFault):
                moves.move(conn, machine, list(conn.scalars(select(table.c.id))), frm, to, who, "try")
            assert dump(conn) == before

    @invariant()
    def balances(self):
        if hasattr(self, "journal"):
            with self.journal.read() as conn:
                assert balance(conn).violations == ()
                assert audit.verify(conn, self.journal.key).broken_at is None

    @invariant()
    def every_trail_is_a_path_to_where_its_row_is(self):
        if not hasattr(self, "journal"):
            return
        with self.journal.read() as conn:
            for machine in MACHINES:
                table = schema.METADATA.tables[machine]
                for ulid, state in conn.execute(select(table.c.id, table.c.state)).all():
                    assert _end_of_path(conn, machine, ulid) == state

    def _sight(self, name):
        row = {"id": new_id(), "connection": "post.live", "environment": "test", "name": str(name).encode()}
        with self.journal.write() as conn:
            moves.enter(conn, "file", [row | {"state": "sighted"}], "P", "sight")
            gone = moves.move(conn, "file", [row["id"]], "sighted", "fetching", "P", "fetch")
        blob = self.blobs.write("raw", "post.live", [b"<items/>"])
        with self.journal.write() as conn:
            self.blobs.add(conn, blob)
            conn.execute(update(schema.file).where(schema.file.c.id == row["id"]).values(blob=blob.id))
        return gone

    def _pickup(self, items):
        (file,) = self._sight(self.count)
        interchange = new_id()
        work = {"id": batch_id(file, 1), "file": file, "seq": 1, "interchange": interchange, "ordinal": 1}
        work |= {"offset": 0, "length": 8, "line": 1, "items": items, "connection": "post.live", "state": "due"}
        with self.journal.write() as conn:
            moves.move(conn, "file", [file], "fetching", "received", "P", "receive", items=items)
            facts = {"id": interchange, "file": file, "seq": 1, "environment": "test", "items": items}
            conn.execute(insert(schema.interchange).values(**facts))
            moves.enter(conn, "batch", [work], "T", "open")
        return file, interchange

    def _item(self, conn, file, interchange, seq, state, **more):
        row = {"id": new_id(), "file": file, "seq": seq, "interchange": interchange, "batch": batch_id(file, 1)}
        row |= {"environment": "test", "offset": 0, "length": 1, "line": 1, "state": state, "kind": "consignment"}
        moves.enter(conn, "item", [row | more], "T", "read")
        return row["id"]

    def _dossier(self, conn):
        self.count += 1
        row = {"id": new_id(), "environment": "test", "kind": "consignment", "business_id": f"P{self.count}"}
        conn.execute(insert(schema.dossier).values(**row))
        return row["id"]

    def _parcel(self, conn, file, interchange, seq, state):
        dossier = self._dossier(conn)
        return self._filing(conn, dossier, self._item(conn, file, interchange, seq, state, dossier=dossier))

    def _filing(self, conn, dossier, item):
        blob = self.blobs.write("filed", "uk.live", [b"<d/>"])
        self.blobs.add(conn, blob)
        row = {"id": new_id(), "dossier": dossier, "item": item, "environment": "test", "route": "uk-h7"}
        row |= {"purpose": "declare", "connection": "uk.live", "kind": "h7", "declarant": "GB1"}
        row |= {"lrn": f"L{self.count}"}
        row |= {"payload_blob": blob.id, "payload_offset": 0, "payload_length": blob.size, "state": "written"}
        moves.enter(conn, "filing", [row], "T", "write")
        return row["id"]

    def _decide(self, filing):
        """Parked first, matched later: as customs answers that come early are."""
        row = {"id": new_id(), "authority": "uk", "environment": "test", "connection": "uk.live", "state": "parked"}
        with self.journal.write() as conn:
            moves.enter(conn, "decision", [row | {"notification": row["id"]}], "C", "collect")
        with self.journal.write() as conn:
            moves.move(conn, "decision", [row["id"]], "parked", "matched", "C", "match", filing=filing)
            moves.move(conn, "decision", [row["id"]], "matched", "noted", "N", "note")


def _end_of_path(conn, machine, subject):
    trail = schema.audit.c
    at = None
    for before, after in conn.execute(
        select(trail.before, trail.after).where(trail.subject == subject).order_by(trail.seq)
    ):
        assert before == at
        assert (machine, at or "new", after) in EDGES
        at = after
    return at


TestModel = Model.TestCase
TestModel.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
