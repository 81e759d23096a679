"""Control references, whatever happens (killed anywhere in the assembly, taken back, sent): unique, without a gap."""

import re
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.findings import failpoint
from gateway.steps.declaring.withdrawal import carry_out, plan
from gateway.steps.hearing.filings import Wanted
from gateway.steps.repeating import operate
from gateway.steps.sending import assemble
from tests.steps.killing import Killed
from tests.steps.sending.test_collecting import ITEM, NUMBER, collecting
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

WHO = "O:tester"
MAIL = st.tuples(st.just("mail"), st.integers(1, 4))
KILLED = st.tuples(st.just("killed"), st.integers(1, 14))
DONE = st.sampled_from([("assemble", 0), ("take back", 0), ("send", 0)])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    collecting(site, "per_file: 3, every: 10m")
    with site.gate() as gate:
        operate.switch(gate, "connection", "uk-customs.live", "paused", WHO)
    return site


class Course:
    """What may happen to a site, one after the other; each begins with the start-up of a new life."""

    def __init__(self, site):
        self.site, self.kills = site, 0

    def run(self, what, number):
        with self.site.gate() as gate:
            getattr(self, what.replace(" ", "_"))(gate, number)

    def mail(self, gate, number):
        seed = len(self.site.rows(gate, "file")) + 1
        self.site.post(itmatt(number, seed, reference=f"ITM{seed}"), f"{seed}.xml")
        self.site.poll(gate)
        while self.site.work_without_assembly(gate):
            pass

    def assemble(self, gate, _):
        while assemble.assemble(gate, flush=True):
            pass

    def killed(self, gate, at):
        """Die when the assembly passes a crash point for the n-th time, before, at or after a commit."""
        left = [at]

        def die(point):
            left[0] -= 1
            if left[0] == 0:
                self.kills += 1
                raise Killed(point)

        with pytest.MonkeyPatch.context() as patch, suppress(Killed):
            patch.setattr(failpoint, "ARMED", True)
            patch.setattr(failpoint, "_pass", die)
            self.assemble(gate, 0)

    def take_back(self, gate, _):
        with gate.journal.read() as conn:
            waiting = [one for one in plan(conn, Wanted(state="assembled")) if one.way == "withdrawn"]
        carry_out(gate, waiting[:1], WHO, "", "")

    def send(self, gate, _):
        self.site.deliver(gate)


@given(st.lists(st.one_of(MAIL, KILLED, DONE), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_numbers_are_unique_and_have_no_gap(site, course):
    life = Course(site)
    for what, number in course:
        life.run(what, number)
    with site.gate() as gate:
        taken = [int(row["control_reference"][3:]) for row in site.rows(gate, "delivery")]
        assert sorted(taken) == list(range(1, len(taken) + 1))
        assert site.violations(gate) == []


def test_what_customs_has_at_the_end_is_each_parcel_once_under_numbers_that_were_not_dropped(site):
    life = Course(site)
    for what, number in (("mail", 4), *(("killed", n) for n in range(1, 20)), ("assemble", 0), ("send", 0)):
        life.run(what, number)
    assert life.kills > 3
    with site.gate() as gate:
        parcels = Counter(one for data in site.filed().values() for one in ITEM.findall(data.decode()))
        numbers = [int(NUMBER.search(data.decode())[1][3:]) for data in site.filed().values()]
        dropped = [int(re.sub(r"^GW1", "", row["control_reference"])) for row in site.rows(gate, "delivery")
                   if row["state"] == "dropped"]  # fmt: skip
        assert set(parcels.values()) == {1}
        assert sorted(numbers + dropped) == list(range(1, len(numbers + dropped) + 1))
        print(f"{len(numbers)} envelopes, {len(dropped)} void, {life.kills} kills in the last course")
