"""`status` says what goes on and what waits for a person."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from gateway.steps.watching.overview import overview
from tests.steps.test_exchange import itmatt


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


def test_no_large_table_is_read_from_end_to_end(site):
    """SQLite says itself how it would go about each statement."""
    with site.gate() as gate:
        site.post(itmatt(3, faults={2: "gross-zero"}))
        site.run(gate)
        said = []
        with gate.journal.read() as conn:
            if conn.dialect.name != "sqlite":
                pytest.skip("plans are read as SQLite writes them")
            event.listen(conn, "before_cursor_execute", lambda *given: said.append(given[2:4]))
            found = overview(gate, conn)
            asked = list(said)
            plans = [row[-1] for one, values in asked for row in _explained(conn, one, values)]
    assert {one.what: one.count for one in found.waiting}["items quarantined"] == 1
    small = ("switch", "ruleset", "alert", "(subquery", "CONSTANT")
    scans = [plan for plan in plans if plan.startswith("SCAN") and " USING " not in plan]
    assert [plan for plan in scans if not plan.removeprefix("SCAN ").startswith(small)] == []


def _explained(conn, statement, values):
    return conn.exec_driver_sql(f"explain query plan {statement}", values).all()
