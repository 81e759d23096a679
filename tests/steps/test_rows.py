"""A partner sends rows instead of XML: its manifest goes the same way, from the inbox to customs and back."""

import re

import pytest

from gateway.journal.search import find
from gateway.steps.reading import intake, translate
from gateway.steps.repeating import operate
from gateway.steps.working.translation import perform
from tests.steps.site import Site
from tests.tables.conftest import SAMPLES

FORWARDER = """\
partner: example-forwarder
party: {name: Example Forwarder, role: platform, country: CN}
timezone: UTC
connections:
  feed: {environment: production, directory: PLACE/forwarder, every: 1s}
sends:
  ecommerce/manifest: {from: "out/*", complete: rename, after: move to done/}
"""
ROUTE = """\
- route: parcels-h7
  from: {role: platform, format: ecommerce/manifest, when: {consignee.address.country: [GB]}}
  file: {with: uk-customs, as: customs/uk/h7}
  findings: {default: hold}
"""
MANIFEST = (SAMPLES / "manifest/consolidator.csv").read_bytes()


@pytest.fixture
def forwarder(tmp_path):
    place = Site(tmp_path)
    place.partner("example-forwarder", FORWARDER)
    routes = place.folder / "config/routes.yaml"
    routes.write_text(ROUTE + routes.read_text())
    return place


def deadly(job):
    """A batch with the parcel of row 6 in it: here every one of several."""
    return job.at.items > 1 or job.at.line == 6


def states(site, gate):
    return {row["item_id"]: row["state"] for row in site.rows(gate, "item")}


def test_each_parcel_of_a_manifest_is_filed_and_the_doubtful_ones_wait(forwarder):
    forwarder.post(MANIFEST, "list.csv", "forwarder")
    with forwarder.gate() as gate:
        forwarder.run(gate)
        assert states(forwarder, gate) == {
            "MX-260912-0011": "accepted",
            "MX-260912-0028": "accepted",
            "MX-260912-0035": "held",  # the HS code lost its zero
            "MX-260912-0042": "accepted",
            "MX-260912-0059": "held",  # price and value contradict each other
            "MX-260912-0066": "quarantined",  # goes on with a piece that no row opens
            "MX-260912-0073": "held",  # for Denmark there is no route
        }
        assert forwarder.violations(gate) == []
        assert {"SRC420", "SRC421", "SRC410", "SRC412", "SRC413", "RTE101"} <= forwarder.codes(gate)
    filed = b"".join(forwarder.filed().values()).decode()
    assert sorted(re.findall(r"<Description>(.*)</Description>", filed)) == [
        "Charging cable, USB-C, 2 m",
        "Electric kettle, 1.7 l, plastic",
        "T-shirt, knitted cotton",
        "Toy car, plastic, with motor",
    ]
    assert len(forwarder.filed()) == 3


def test_a_workbook_goes_the_same_way(forwarder):
    forwarder.post((SAMPLES / "manifest/consolidator.xlsx").read_bytes(), "list.xlsx", "forwarder")
    with forwarder.gate() as gate:
        forwarder.run(gate)
        found = states(forwarder, gate)
        assert [found[f"MX-260912-00{n}"] for n in (11, 28, 35, 42, 59, 66, 73)] == [
            *("accepted", "accepted", "held", "accepted", "held", "quarantined", "held")
        ]
        assert {row["line"] for row in forwarder.rows(gate, "item")} == {2, 3, 5, 6, 7, 8, 9}
        (held,) = forwarder.ids(gate, "item", item_id="MX-260912-0059")
        assert operate.retry(gate, held, "O:someone") == "held"
        assert forwarder.violations(gate) == []
    assert len(forwarder.filed()) == 3


def test_a_batch_that_kills_its_worker_is_divided_until_one_parcel_is_left(forwarder):
    forwarder.post((SAMPLES / "manifest/consolidator.xlsx").read_bytes(), "list.xlsx", "forwarder")
    with forwarder.gate() as gate:
        forwarder.poll(gate)
        intake.intake(gate)
        for _ in range(40):  # each batch twice, seven parcels, and their halves
            for taken, job in translate.take(gate, 1):
                for one in taken if any(deadly(one) for one in job.jobs) else ():
                    translate.lose(gate, one, "killed")
                if not any(deadly(one) for one in job.jobs):
                    translate.finish(gate, taken, perform(job))
        found = {row["line"]: row["state"] for row in forwarder.rows(gate, "item")}
        assert found == {
            2: "accepted",
            3: "accepted",
            5: "held",
            6: "quarantined",
            7: "held",
            8: "quarantined",
            9: "held",
        }
        assert "INT901" in forwarder.codes(gate, "item")
        assert forwarder.violations(gate) == []


def test_the_raw_bytes_of_a_parcel_are_its_rows(forwarder):
    forwarder.post(MANIFEST, "list.csv", "forwarder")
    with forwarder.gate() as gate:
        forwarder.run(gate)
        (row,) = [row for row in forwarder.rows(gate, "item") if row["item_id"] == "MX-260912-0066"]
        raw = MANIFEST[row["offset"] : row["offset"] + row["length"]]
    assert raw.startswith(b"999-00000033,BAG-02,MX-260912-0066")
    assert raw.count(b"\n") == 1
    assert row["line"] == 8


def test_the_same_rows_sent_again_are_not_filed_again(forwarder):
    forwarder.post(MANIFEST, "list.csv", "forwarder")
    with forwarder.gate() as gate:
        forwarder.run(gate)
        header, *rows = MANIFEST.splitlines(keepends=True)
        forwarder.post(header + b"".join(rows[3::-1]), "again.csv", "forwarder")
        forwarder.run(gate)
        assert forwarder.violations(gate) == []
    assert len(forwarder.filed()) == 3


def test_a_file_without_its_header_is_refused_as_a_whole(forwarder):
    forwarder.post(MANIFEST.partition(b"\n")[2], "list.csv", "forwarder")
    with forwarder.gate() as gate:
        forwarder.run(gate)
        assert forwarder.codes(gate, "file") == {"SRC205"}
        assert forwarder.rows(gate, "item") == []


def test_an_item_is_read_again_from_its_bytes_alone(forwarder):
    forwarder.post(MANIFEST, "list.csv", "forwarder")
    with forwarder.gate() as gate:
        forwarder.run(gate)
        (held,) = forwarder.ids(gate, "item", item_id="MX-260912-0059")
        assert operate.retry(gate, held, "O:someone") == "held"
        assert forwarder.violations(gate) == []


@pytest.mark.parametrize(
    ("text", "parcels"),
    [("mx-260912-0011", 1), ("BAG-01", 3), ("999-00000033", 6), ("ORD-88002", 1), ("ORD-8800*", 6), ("ORD-99", 0)],
)
def test_a_parcel_is_found_by_its_house_number_its_bag_its_waybill_and_its_order(forwarder, text, parcels):
    forwarder.post(MANIFEST, "list.csv", "forwarder")
    with forwarder.gate() as gate:
        forwarder.run(gate)
        with gate.journal.read() as conn:
            assert len({hit.item_id for hit in find(conn, text)}) == parcels
