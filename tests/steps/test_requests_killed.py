"""Killed at any step while a declaration is filed, changed, cancelled: each is said to customs once, in this order."""

import re
from contextlib import suppress

import pytest
from sqlalchemy import text

from gateway.findings.failpoint import NAMES
from gateway.steps import requests
from tests.steps.answers import mrn_of, response
from tests.steps.killing import Killed, dying
from tests.steps.test_requests import WHO
from tests.steps.test_versions import one

GRANTED = "<Status><NameCode>39</NameCode></Status>"
STEPS = tuple(name for name in NAMES if name.partition(".")[0] in {"translate", "assemble", "deliver", "collect"})
VERSIONS = {"A": one("A", 5), "B": one("B", 7)}
KINDS = {"9": "declare", "COR": "amend", "INV": "cancel"}


@pytest.fixture
def site(site):
    site.change("routes.yaml", "  findings:", "  change: amend\n  findings:")
    return site


def said_to_customs(site):
    """What customs was told, in the order in which it came."""
    files = sorted((site.folder / "customs/in").glob("[!.]*"), key=lambda path: path.stat().st_mtime_ns)
    texts = [path.read_text() for path in files]
    return [(KINDS.get(_kind(text), "?"), path.stem) for path, text in zip(files, texts, strict=True)]


def _kind(text):
    function, kind = (re.search(rf"<{name}>(\w+)<", text)[1] for name in ("FunctionCode", "TypeCode"))
    return kind if function == "13" else function


def customs(site):
    """Customs accepts what is declared and grants what is asked, once each."""
    declared = next((lrn for kind, lrn in said_to_customs(site) if kind == "declare"), "")
    for kind, lrn in said_to_customs(site):
        done = site.folder / "customs/done" / lrn
        if not done.exists():
            done.touch()
            facts = (
                {} if kind == "declare" else {"mrn": mrn_of(declared), "error": GRANTED, "issued": "20260915110000Z"}
            )
            site.say(response("01" if kind == "declare" else "11", lrn, **facts), f"{lrn}.xml")


def exchange(site, gate):
    """Declared, accepted, changed, granted, cancelled: whatever of it is not done yet."""
    for name, data in VERSIONS.items():
        if not (site.folder / "post/done" / f"{name}.xml").exists():
            site.post(data, f"{name}.xml")
        for _ in range(2):
            site.run(gate)
            customs(site)
        site.run(gate)
    with gate.journal.write() as conn:
        newest = site_newest(conn, said_to_customs(site)[0][1])
        if not newest.asked:
            requests.ask(gate, conn, newest.id, "cancel", WHO, reason="1", note="sent back")
    site.run(gate)
    customs(site)
    site.run(gate)


def site_newest(conn, lrn):
    """The declaration, and whether its cancellation was asked."""
    query = (
        "select f.id, exists (select 1 from filing r where r.about = f.id and r.purpose = 'cancel') as asked "
        "from filing f where f.lrn = :lrn"
    )
    return conn.execute(text(query), {"lrn": lrn}).one()


@pytest.mark.parametrize("name", STEPS)
def test_each_is_said_once_and_in_order(site, monkeypatch, name):
    for times in (1, 2, 3):
        with dying(monkeypatch, name, times), suppress(Killed), site.gate() as gate:
            exchange(site, gate)
    with site.gate() as gate:
        exchange(site, gate)
        said = said_to_customs(site)
        assert [kind for kind, _ in said] == ["declare", "amend", "cancel"]
        made = {row["lrn"]: row for row in site.rows(gate, "filing")}
        outcomes = [(made[lrn]["purpose"], made[lrn]["state"], made[lrn]["outcome"]) for _, lrn in said]
        assert outcomes == [
            ("declare", "lodged", "accepted"),
            ("amend", "settled", "request_granted"),
            ("cancel", "settled", "request_granted"),
        ]
        assert site.violations(gate) == []
