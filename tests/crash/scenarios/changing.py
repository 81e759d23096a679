"""A parcel declared, accepted, changed by its sender, granted, cancelled on a person's word, granted: in this order."""

import re

from gateway.steps.declaring import requests
from gateway.steps.ground.gate import Gate
from tests.crash.partners import Partner, Taken
from tests.crash.stage import Counts, Scenario
from tests.steps.answers import mrn_of, response
from tests.steps.declaring.test_requests import WHO
from tests.steps.declaring.test_versions import one
from tests.steps.site import Site

GRANTED = "<Status><NameCode>39</NameCode></Status>"
KINDS = {"9": "declare", "COR": "amend", "INV": "cancel"}
VERSIONS = {"A.xml": one("A", 5), "B.xml": one("B", 7)}
COURSE = ["declare", "amend", "cancel"]
NEWEST = """select f.id, f.mrn, exists (select 1 from filing r where r.about = f.id and r.purpose = 'cancel') as asked
from filing f where f.purpose = 'declare' order by f.id desc limit 1"""


def lay(site: Site) -> None:
    site.change("routes.yaml", "  findings:", "  change: amend\n  findings:")


def live(site: Site, gate: Gate) -> None:
    post, customs = Partner(site.folder / "post"), Partner(site.folder / "customs")
    for name, data in VERSIONS.items():
        post.say(name, data)
        _settled(site, gate, post, customs)
    with gate.journal.write() as conn:
        newest = conn.exec_driver_sql(NEWEST).one()
        if not newest.asked:
            requests.ask(gate, conn, newest.id, "cancel", WHO, reason="1", note="sent back")
    _settled(site, gate, post, customs)


def _settled(site: Site, gate: Gate, post: Partner, customs: Partner) -> None:
    work = True
    while work:
        site.run(gate)
        work = _answer(customs) | post.take()


def _answer(customs: Partner) -> bool:
    """Customs accepts what is declared and grants what is asked."""
    came = customs.take()
    declared = next((sent.lrn for sent in customs.log() if kind(sent) == "declare"), "")
    granted = {"mrn": mrn_of(declared), "error": GRANTED, "issued": "20260915110000Z"}
    spoke = [
        customs.say(
            sent.name, response("01", sent.lrn) if kind(sent) == "declare" else response("11", sent.lrn, **granted)
        )
        for sent in customs.log()
    ]
    return came or any(spoke)


def kind(sent: Taken) -> str:
    function, code = (
        re.search(rb"<%s>(\w+)<" % name, sent.data)[1].decode() for name in (b"FunctionCode", b"TypeCode")
    )
    return KINDS[code if function == "13" else function]


def count(site: Site) -> Counts:
    """Customs was told each once, in this order."""
    said = [kind(sent) for sent in Partner(site.folder / "customs").log()]
    lost = [one for one in COURSE if one not in said]
    return Counts(
        lost, sorted({one for one in said if said.count(one) > 1}) or ([] if lost or said == COURSE else said)
    )


SCENARIO = Scenario("changing", lay, live, count)
