"""Filings several to an envelope, taken back and read again by a person; numbers without a gap, a gap of the post's."""

import re
from collections import Counter
from datetime import timedelta

from gateway.steps.ground.gate import Gate
from gateway.steps.reading import sequence
from gateway.steps.watching import owed
from tests.crash.partners import Partner, missing, repeated
from tests.crash.scenarios.commands import ROUTE, command
from tests.crash.stage import Counts, Scenario
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

KIND = "upu/itmatt-1.5"
RULE = f'{KIND}: {{to: in, name: "PRE_{{control_reference}}.xml", per_file: 3, every: 10m, receipt_within: 1h}}'
FILES = {"a.xml": itmatt(7, 1, reference="ITM1"), "b.xml": itmatt(2, 2, reference="ITM3")}
ITEM, NUMBER = re.compile(r"<item-id>(\w+)<"), re.compile(r"<control-reference>GW1(\d+)<")
PARCELS = sorted(one for data in FILES.values() for one in ITEM.findall(data.decode()))
GRACE = timedelta(hours=3)


def lay(site: Site) -> None:
    old = 'customs/uk/h7: {to: in, name: "{lrn}.xml", per_file: 1, answer_within: 2h, in_doubt: resend}'
    site.change("partners/uk-customs.yaml", old, RULE)
    site.change("routes.yaml", "as: customs/uk/h7", f"as: {KIND}")
    site.change("partners/example-post.yaml", "after: move to done/", "after: move to done/, sequence: {grace: 2h}")
    for name, data in FILES.items():
        Partner(site.folder / "post").say(name, data)


def live(site: Site, gate: Gate) -> None:
    """What waits is read again as a whole, once; killed in between, what was taken back waits to be read."""
    customs, post = Partner(site.folder / "customs"), Partner(site.folder / "post")
    command(site, "pause", ROUTE)
    site.run(gate)
    if not site.ids(gate, "filing", state="withdrawn"):
        for file in site.ids(gate, "file"):
            command(site, "items", "retry", file)
    command(site, "items", "retry", "--code", "RTE141", "--yes")
    command(site, "resume", ROUTE)
    work = True
    while work:
        site.run(gate)
        work = customs.take() | post.take()
    site.clock.at += GRACE
    sequence.watch(gate)
    owed.watch(gate)
    command(site, "gaps", "close", "FRA", "2")
    sequence.watch(gate)


def count(site: Site) -> Counts:
    """Each parcel is in one envelope, and the numbers of these run from 1."""
    sent = [one.data.decode() for one in Partner(site.folder / "customs").log()]
    parcels = Counter(number for text in sent for number in ITEM.findall(text))
    numbers = Counter(str(int(NUMBER.search(text)[1])) for text in sent)
    run = [str(n) for n in range(1, len(numbers) + 1)]
    return Counts(missing(PARCELS, parcels) + missing(run, numbers), repeated(parcels) + repeated(numbers))


SCENARIO = Scenario("batches", lay, live, count)
