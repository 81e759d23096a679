"""`status` says what goes on and what waits for a person, soon, also in a large journal."""

import time
from datetime import timedelta

from sqlalchemy import func, insert, literal, select, true

from gateway.journal import schema
from gateway.steps.overview import overview
from tests.steps.test_exchange import itmatt

MANY = 100_000


def seen(gate):
    with gate.journal.read() as conn:
        return overview(gate, conn)


def test_nothing_waits_where_nothing_is(site):
    with site.gate() as gate:
        found = seen(gate)
        assert found.waiting == () and found.moving == {} and found.stopped == {} and found.overdue == 0
        assert {line.name: line.state for line in found.lines} == dict.fromkeys(gate.hub.connections, "active")


def test_what_waits_is_counted_with_its_reasons_and_the_next_command(site):
    with site.gate() as gate:
        site.post(itmatt(5, faults={2: "gross-zero", 3: "units-zero", 4: "units-zero"}), "a.xml")
        site.post(b"no message", "b.xml")
        site.run(gate)
        found = {one.what: one for one in seen(gate).waiting}
        assert {what: one.count for what, one in found.items()} == {
            "items held": 2, "items quarantined": 1, "files refused": 1,
        }  # fmt: skip
        assert found["items held"].codes == (("SRC332", 2),) and "--state held" in found["items held"].next
        assert found["items quarantined"].codes == (("SRC321", 1),)
        assert seen(gate).moving == {"filings with customs": 2}
        assert found["items held"].oldest is not None


def test_silence_and_answers_that_are_late_are_told(site):
    site.change("partners/example-post.yaml", "receives:", "quiet: {warn: 6h}\nreceives:")
    with site.gate() as gate:
        site.post(itmatt(2))
        site.run(gate)
        line = next(one for one in seen(gate).lines if one.name == "example-post.live")
        assert not line.quiet and seen(gate).overdue == 0
        site.clock.at += timedelta(hours=7)
        line = next(one for one in seen(gate).lines if one.name == "example-post.live")
        assert line.quiet and seen(gate).overdue == 2


def test_a_large_journal_is_told_soon(site):
    with site.gate() as gate:
        site.post(itmatt(3, faults={2: "gross-zero"}))
        site.run(gate)
        grow(gate)
        began = time.perf_counter()
        found = seen(gate)
        took = time.perf_counter() - began
        assert {one.what: one.count for one in found.waiting}["items quarantined"] > MANY / 4
        assert took < 2, "half a second on a quiet machine"


def grow(gate):
    """The items many times over; a copy has an id and a place of its own."""
    i, fi = schema.item, schema.finding
    with gate.journal.write() as conn:
        numbers = select(literal(1).label("value")).cte("n", recursive=True)
        numbers = numbers.union_all(select(numbers.c.value + 1).where(numbers.c.value < MANY // 3))
        number = numbers.c.value * 8 + i.c.seq
        own = {"id": func.printf("01ZZZZZZZZZZZZ%012d", number), "seq": number}
        copies = select(*(own.get(column.name, column) for column in i.c)).select_from(i).join(numbers, true())
        conn.execute(insert(i).from_select([column.name for column in i.c], copies))
        bad = select(i.c.id, literal(0), literal("item"), literal("SRC321"), literal("error"))
        columns = ["subject", "seq", "subject_kind", "code", "severity"]
        conn.execute(insert(fi).from_select(columns, bad.where(i.c.state == "quarantined", i.c.id.like("01ZZ%"))))
