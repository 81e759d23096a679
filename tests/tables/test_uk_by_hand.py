"""Parcels as declarations of the other kinds, looked at value by value, compared with what is made of them."""

import re

import pytest
from lxml import etree

from adapters.customs.uk import AUTHORITY
from gateway.mapping.registry import shipped
from gateway.model.laying import laid_under
from tests.evidence.uk_declarations import KINDS, SCHEMA, completed, filing_of, turned

CASES = shipped() / "customs" / "uk" / "cases"
THREE = ("01-portugal-registered-letter", "09-greece-corrected", "10-germany-four-kinds")
MADE = {
    "h7-grouped/three-parcels": THREE,
    "birds/three-parcels": THREE,
    "low-value-import/china-parcel-three-kinds": ("02-china-parcel-three-kinds",),
    "low-value-export/to-portugal": ("01-portugal-registered-letter",),
}


@pytest.mark.parametrize("name", MADE)
def test_parcels_are_declared_as_a_person_would_declare_them(name, case, desk, leaves):
    kind = name.partition("/")[0]
    expected = (CASES / f"{name}.in").read_bytes()
    assert leaves(made(name, kind, case, desk).encode()) == leaves(expected)


@pytest.mark.parametrize("name", MADE)
def test_the_declaration_is_valid_and_the_lrn_is_its_own(name, shared):
    tree = etree.fromstring((CASES / f"{name}.in").read_bytes())
    etree.XMLSchema(etree.parse(shared / SCHEMA)).assertValid(tree)
    assert re.fullmatch(r"GW1-[A-Z]+", tree.findtext(".//{*}FunctionalReferenceID"))


def made(name, kind, case, desk):
    """What the gateway makes of the parcels; nothing is found that stands in the way."""
    known, target = KINDS[kind], desk(f"customs/uk/{kind}").format
    said, settings = [], {}
    for parcel in MADE[name]:
        message, own, _ = case(parcel)
        (reading,) = desk("upu/itmatt-1.5").read(message)
        record = laid_under(turned(reading.record) if known.export else reading.record, known.record)
        settings = own | dict(known.settings)
        declared, found = completed(target, record, known, own)
        assert found == ()
        said.append(declared)
    several = AUTHORITY.takes_several(target.plan.name)
    written = target.write(AUTHORITY.joined(said, filing_of(target), settings) if several else said[0])
    assert written.findings == ()
    return written.text
