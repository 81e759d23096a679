"""Senders, customs and a person do what they like in any order: what is said of a request stays with the request."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.steps.declaring.withdrawal import carry_out, plan
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.hearing.filings import Wanted
from tests.steps.answers import mrn_of, response
from tests.steps.declaring.test_requests import WHO, filings, request
from tests.steps.declaring.test_versions import one
from tests.steps.declaring.test_withdrawal import LONG_AGO
from tests.steps.site import Site

GRANTED = "<Status><NameCode>39</NameCode></Status>"
LAST_WORDS = {"rejected", "cleared", "cancelled"}
UNDER_WAY = {"written", "assembled", "lodged"}
SAID = ("version", "accept", "reject", "clear", "cancelled", "grant", "refuse", "cancel", "withdraw", "version")
DOINGS = st.lists(st.sampled_from(SAID), min_size=2, max_size=7)


class Play:
    """One parcel, its customs and a person."""

    def __init__(self, site, gate):
        self.site, self.gate, self.count = site, gate, 0

    def do(self, what):
        self.count += 1
        getattr(self, what)()
        self.site.run(self.gate)

    def version(self):
        self.site.post(one(f"V{self.count}", self.count + 1), f"{self.count}.xml")

    def accept(self):
        self._of_declaration("01")

    def reject(self):
        self._of_declaration("03", mrn="")

    def clear(self):
        self._of_declaration("09")

    def cancelled(self):
        self._of_declaration("10")

    def grant(self):
        self._of_request("11", error=GRANTED)

    def refuse(self):
        self._of_request("03")

    def cancel(self):
        for row in self._out("declare")[-1:]:
            with suppress(NotPossible):
                request(self.gate, row["id"], "cancel", reason="1", note="sent back")

    def withdraw(self):
        with self.gate.journal.read() as conn:
            fates = plan(conn, Wanted(ruleset=self.gate.ruleset, since=LONG_AGO))
        carry_out(self.gate, fates, WHO, "1", "a table was wrong")

    def _of_declaration(self, code, **facts):
        for row in self._out("declare")[-1:]:
            self._say(code, row["lrn"], **facts)

    def _of_request(self, code, **facts):
        for row in (self._out("amend") + self._out("cancel"))[-1:]:
            about = next(each for each in filings(self.site, self.gate) if each["id"] == row["about"])
            self._say(code, row["lrn"], mrn=about["mrn"], **facts)

    def _out(self, purpose):
        return [row for row in filings(self.site, self.gate, purpose=purpose) if row["state"] in {"lodged", "settled"}]

    def _say(self, code, lrn, **facts):
        issued = f"202609151{self.count:02}000Z"
        self.site.say(response(code, lrn, issued=issued, notification=f"n{self.count}", **facts), f"{self.count}.xml")


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(doings=DOINGS)
def test_whatever_is_done_the_journal_balances_and_requests_stay_apart(doings):
    with TemporaryDirectory() as folder:
        site = Site(Path(folder))
        site.change("routes.yaml", "  findings:", "  change: amend\n  findings:")
        with site.gate() as gate:
            play = Play(site, gate)
            for what in ("version", *doings):
                play.do(what)
                look(site, gate, what)


def look(site, gate, what):
    """What must hold after each doing."""
    assert site.violations(gate) == [], what
    made = filings(site, gate)
    changes = [row for row in made if row["purpose"] == "amend" and row["state"] in UNDER_WAY]
    assert len(changes) <= 1, what
    for row in made:
        if row["about"]:
            assert row["outcome"] in {None, "request_granted", "request_denied", "request_over"}, what
        else:
            assert row["outcome"] in {None, "accepted", *LAST_WORDS}, what
            assert not row["mrn"] or row["mrn"] == mrn_of(row["lrn"]), what
    sent = [name.removesuffix(".xml") for name in site.filed()]
    assert sorted(sent) == sorted(row["lrn"] for row in made if row["state"] in {"lodged", "settled"}), what
