"""What is asked at every step is looked up, however much has gone the same way before (SQLite's own words)."""

import pytest
from sqlalchemy import select

from gateway.journal import schema
from gateway.steps.answering import close
from gateway.steps.hearing import learn
from gateway.steps.sending import deliver
from tests.journal.plans import plans
from tests.steps.site import Site


@pytest.fixture
def gate(tmp_path):
    with Site(tmp_path).gate() as gate:
        yield gate


@pytest.mark.parametrize("number", [1, 8, 64, 900])
def test_the_filings_of_some_deliveries_are_looked_up_by_the_deliveries(gate, number):
    with gate.journal.read() as conn:
        steps = plans(conn, lambda: learn.answered(conn, [f"{n:026}" for n in range(number)]))
    assert steps == ["SEARCH filing USING INDEX ix_filing_delivery (delivery=?)"]


def test_what_is_due_on_a_connection_is_found_among_what_is_open_there(gate):
    """Not among all that ever went there: a gateway with nothing to do asks this as often."""
    with gate.journal.read() as conn:
        steps = plans(conn, lambda: deliver._waits(gate, conn, "uk-customs.live"))
    assert steps[0] == "SEARCH delivery USING INDEX ix_delivery_state (state=? AND connection=?)"


def test_whether_an_item_has_nobody_to_be_told_is_looked_up_by_the_item(gate):
    """Not among all that ever had nobody."""
    returned = select(schema.item.c.id).where(schema.item.c.state == "returned", close._nobody())
    with gate.journal.read() as conn:
        steps = plans(conn, lambda: conn.execute(returned))
    assert steps[0].startswith("SEARCH item USING COVERING INDEX ix_item_state (state=?")
    assert steps[-1] == "SEARCH finding USING PRIMARY KEY (subject=?)"
