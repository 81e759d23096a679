"""Declarations and answers held against an official schema, through the real steps: held, warned of, recorded."""

import re

import pytest

from gateway.findings.errors import MappingInvalid
from gateway.mapping.editions import Edition
from gateway.ruleset.installing import folder_name, install
from gateway.runner.gates import load_settings, pin
from gateway.runner.reload import renewed
from gateway.steps.repeating import operate
from tests.steps.answers import response
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt, lrns

# Of our own: what these tests want of a declaration and of an answer, and no more.
STRICT = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"
    targetNamespace="urn:wco:datamodel:WCO:DEC-DMS:2" elementFormDefault="qualified">
  <xs:import namespace="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" schemaLocation="{md}.xsd"/>
  <xs:element name="Declaration">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="FunctionCode" type="xs:string"/>
        <xs:element name="FunctionalReferenceID">
          <xs:simpleType>
            <xs:restriction base="xs:string"><xs:maxLength value="{longest}"/></xs:restriction>
          </xs:simpleType>
        </xs:element>
        <xs:any maxOccurs="unbounded" processContents="skip" namespace="##targetNamespace"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""
ENVELOPE = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">
  <xs:element name="MetaData">
    <xs:complexType>
      <xs:sequence><xs:any maxOccurs="unbounded" processContents="lax" namespace="##any"/></xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""
ANSWER = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="MetaData">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="WCODataModelVersionCode" type="xs:string"/>
        <xs:element name="Other" type="xs:string"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path, overlay=True)


def put(site, name="strict", longest=35, since="", form="customs/uk/h7"):
    files = {"dec.xsd": STRICT.format(md="md", longest=longest).encode(), "md.xsd": ENVELOPE.encode()}
    install(site.folder / "overlay", [Edition(form, name, folder_name(files), "dec.xsd", since)], files)


def put_answer(site):
    files = {"res.xsd": ANSWER.encode()}
    edition = Edition("customs/uk/response", "answers", folder_name(files), "res.xsd")
    install(site.folder / "overlay", [edition], files)


def test_without_schemas_nothing_is_held_against_one(site):
    site.post(itmatt())
    with site.gate() as gate:
        site.run(gate)
        assert {row["edition"] for row in site.rows(gate, "filing")} == {None}


def test_a_valid_declaration_goes_out_and_its_edition_is_recorded(site):
    put(site, "v1")
    site.post(itmatt())
    with site.gate() as gate:
        site.run(gate)
        assert len(site.filed()) == 3 and site.codes(gate, "filing") == set()
        (edition,) = {row["edition"] for row in site.rows(gate, "filing")}
        assert re.fullmatch(r"v1 [0-9a-f]{12} dec\.xsd", edition)
        manifest = site.rows(gate, "ruleset")[-1]["manifest"]
        assert '"0/schemas/editions.csv"' in manifest and "/dec.xsd" in manifest
        assert site.violations(gate) == []


def test_an_invalid_declaration_is_held_with_element_row_and_reason(site):
    put(site, longest=5)
    site.post(itmatt())
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "filing") == {"held": 3} and site.filed() == {}
        found = next(row for row in site.rows(gate, "finding") if row["code"] == "TGT580")
        assert found["row"].startswith("customs/wco/declaration-3.6.yaml:")
        assert (found["model_path"], found["wco_id"]) == ("declaration.lrn", "D026")
        assert "MetaData/Declaration/FunctionalReferenceID" in found["masked"] and "length of '5'" in found["masked"]


def test_a_person_releases_what_a_schema_holds(site):
    put(site, longest=5)
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
        (held,) = site.ids(gate, "filing", state="held")
        operate.release(gate, held, ["schema.invalid"], "O:tester")
        site.run(gate)
        assert len(site.filed()) == 1 and site.violations(gate) == []


@pytest.mark.parametrize(
    ("word", "items", "filings", "filed"),
    [
        ("warn", {"accepted": 3}, {"lodged": 3}, 3),
        ("file", {"accepted": 3}, {"lodged": 3}, 3),
        ("hold", {"accepted": 3}, {"held": 3}, 0),
        ("quarantine", {"quarantined": 3}, {}, 0),
    ],
)
def test_the_route_says_what_an_invalid_declaration_means(site, word, items, filings, filed):
    put(site, longest=5)
    site.change("routes.yaml", "{default: hold}", f"{{default: hold, schema.invalid: {word}}}")
    site.post(itmatt())
    with site.gate() as gate:
        site.run(gate)
        assert (site.states(gate), site.states(gate, "filing"), len(site.filed())) == (items, filings, filed)


def test_an_element_out_of_order_is_caught_before_it_is_sent(site):
    """As when customs' next edition moves an element and the table does not know yet."""
    swapped = STRICT.replace('name="FunctionCode"', 'name="X"').replace('"FunctionalReferenceID"', '"FunctionCode"')
    files = {"dec.xsd": swapped.replace('"X"', '"FunctionalReferenceID"').format(md="md", longest=35).encode()}
    files["md.xsd"] = ENVELOPE.encode()
    install(site.folder / "overlay", [Edition("customs/uk/h7", "next", folder_name(files), "dec.xsd")], files)
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
        found = next(row for row in site.rows(gate, "finding") if row["code"] == "TGT580")
        assert "not expected" in found["masked"] and site.filed() == {}


def test_a_filing_keeps_the_edition_of_its_day(site):
    put(site, "v1")
    put(site, "v2", since="2026-09-16")
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
        site.clock.at = site.clock.at.replace(day=17)
        site.post(itmatt(1, seed=9, reference="ITM9"), "b.xml")
        site.run(gate)
        assert [row["edition"].split()[0] for row in site.rows(gate, "filing")] == ["v1", "v2"]


def test_what_was_filed_is_explained_after_its_schema_was_removed(site):
    from gateway.mapping.editions import editions
    from gateway.ruleset.installing import remove
    from gateway.steps.answering.dossier import dossier

    put(site, "v1")
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
    remove(site.folder / "overlay", editions(site.folder / "overlay"))
    with site.gate() as gate:
        (item,), (filing,) = site.rows(gate, "item"), site.rows(gate, "filing")
        assert gate.ruleset != filing["ruleset"] and gate.archive.verify(filing["ruleset"])
        with gate.journal.read() as conn:
            (filed,) = dossier(gate, conn, item["id"]).filings
        assert filed.edition.startswith("v1 ")


def test_an_answer_that_is_not_as_its_schema_demands_is_read_all_the_same(site):
    put_answer(site)
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
        site.say(response("09", lrns(site)[0]), "a.xml")
        site.run(gate)
        assert site.states(gate, "filing") == {"settled": 1}
        (found,) = [row for row in site.rows(gate, "finding") if row["code"] == "RSP745"]
        assert found["severity"] == "info" and "Expected is ( Other )" in found["masked"]
        assert site.violations(gate) == []


def test_a_reload_takes_up_a_schema_and_refuses_one_that_is_broken(site):
    with site.gate() as gate:
        pinned = lambda settings: pin(gate.journal, gate.archive, settings)  # noqa: E731
        put(site, "v1")
        after = renewed(gate, pinned)
        edition = after.registry(after.ruleset).edition("customs/uk/h7", site.clock.at.date())
        assert edition is not None and edition.name == "v1" and after.ruleset != gate.ruleset
        (installed,) = (site.folder / "overlay/schemas").glob("*/dec.xsd")
        installed.write_text(installed.read_text().replace('type="xs:string"', 'type="xs:strings"'))
        with pytest.raises(MappingInvalid):
            renewed(after, pinned)


def test_where_no_folder_of_tables_is_configured_the_state_folder_has_one(tmp_path):
    site = Site(tmp_path)
    files = {"dec.xsd": STRICT.format(md="md", longest=5).encode(), "md.xsd": ENVELOPE.encode()}
    edition = Edition("customs/uk/h7", "v1", folder_name(files), "dec.xsd")
    install(load_settings(tmp_path / "config/gateway.yaml").overlay, [edition], files)
    assert (tmp_path / "state/overlay/schemas/editions.csv").is_file()
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "filing") == {"held": 1}
