"""A table with one of every fault: all are told in one run, each with its place and what was probably meant."""

from pathlib import Path

from gateway.findings import catalogue
from gateway.mapping.registry import Registry

HERE = Path(__file__).parent
EXPECTED = HERE / "parcel.findings"


def listed():
    """One finding a line, as the expected listing has them."""
    for finding in Registry([HERE]).faults("own/parcel"):
        yield f"{finding.source.path}: {finding.severity}[{finding.code}] {catalogue.text(finding, 'en')}"


def test_every_fault_of_a_table_is_told_at_once():
    assert list(listed()) == EXPECTED.read_text().splitlines()


def test_listing_has_many_kinds_of_faults():
    codes = {line.partition("[")[2].partition("]")[0] for line in EXPECTED.read_text().splitlines()}
    assert len(codes) >= 30
