"""Every declaration held against the schema that its authority publishes, installed as an operator installs it."""

from datetime import date

import pytest

from gateway.cli.schemas.given import given
from gateway.mapping.cases import cases_of
from gateway.mapping.editions import Edition
from gateway.mapping.plugins import syntaxes
from gateway.mapping.registry import Registry
from gateway.ruleset.installing import folder_name, install

ON = date(2026, 9, 14)
UK, DK = "uk-cds/schemas", "dk-dms/schemas"
ROOTS = {
    "customs/uk/h7": (UK, "customs/wrapper_submit.xsd"),
    "customs/uk/birds": (UK, "customs/wrapper_submit.xsd"),
    "customs/uk/response": (UK, "wco/notification/wrapper_res.xsd"),
    "customs/dk/h7": (DK, "Import_XSDs/H7_XSDS/DMS_H7_V1.9.xsd"),
    "customs/dk/h6": (DK, "Import_XSDs/H6_XSDS/DMS_H6_V2.1.xsd"),
    "customs/dk/h7-amendment": (DK, "Import_XSDs/H7_XSDS/DMS_H7_AMENDMENT_CORRECTION_V1.8.xsd"),
    "customs/dk/h7-invalidation": (DK, "Import_XSDs/H7_XSDS/DMS_H7_INVALIDATION_V1.4.xsd"),
}


@pytest.fixture(scope="module")
def held(shared, tmp_path_factory):
    """The shipped tables with these schemas over them."""
    overlay = tmp_path_factory.mktemp("overlay")
    for name, (folder, root) in ROOTS.items():
        files, faults = given(shared / folder, ".xsd")
        made = syntaxes()["xml"].compiled(files, root)
        assert not faults and made.schema is not None, (name, made.findings)
        used = {one: files[one] for one in made.used}
        install(overlay, [Edition(name, "published", folder_name(used), root)], used)
    return Registry([overlay])


@pytest.mark.parametrize("name", [name for name in ROOTS if not name.endswith("response")])
def test_what_a_table_writes_is_valid(name, held, desk):
    table, written = held.format(name, ON), 0
    for case in cases_of(name, held.roots):
        for reading in () if case.is_record else desk(name).read(case.message):
            if reading.record is None or reading.findings:
                continue
            done = table.write(reading.record)
            if done.text is not None and all(one.severity != "error" for one in done.findings):
                written += 1
                assert done.edition.startswith("published ")
            assert [one for one in done.findings if one.code == "TGT580"] == []
    assert written


def test_a_declaration_with_its_elements_out_of_order_is_caught(held, shared):
    official = held.format("customs/uk/h7", ON).official
    text = (shared / "uk-cds/samples/own/h7_postal_c07_f48_ioss.xml").read_text()
    assert official.written(text) == ()
    code = "<FunctionCode>9</FunctionCode>"
    (found,) = official.written(
        text.replace(code, "").replace("<TypeCode>IMA</TypeCode>", f"<TypeCode>IMA</TypeCode>{code}")
    )
    assert "FunctionalReferenceID" in found.path and "FunctionCode" in found.problem


@pytest.mark.parametrize("folder", [UK, DK])
def test_every_published_schema_is_told_apart_from_those_that_libxml2_refuses(folder, shared):
    """44 of the 47 Danish ones load and 24 of 24 British ones; the other three include another namespace."""
    files, _ = given(shared / folder, ".xsd")
    refused = {}
    for name in files:
        made = syntaxes()["xml"].compiled(files, name)
        if made.schema is None:
            refused[name] = {one.code for one in made.findings}
    expected = {
        "Notification_XSDs/Import/common/trader-portal-common.xsd",
        "Notification_XSDs/Import/notification/trader-portal-notification-response.xsd",
        "Notification_XSDs/Import/notification/trader-portal-notification.xsd",
    }
    assert refused == {name: {"CFG134"} for name in expected if folder == DK}


def test_blanks_as_they_are_published_do_no_harm(shared):
    """The Danish originals have blanks where the copies here have underscores."""
    files, _ = given(shared / DK, ".xsd")
    blank = {name.replace("H7_XSDS/DMS_H7_V1.9", "H7 XSDS/DMS H7 V1.9"): data for name, data in files.items()}
    made = syntaxes()["xml"].compiled(blank, "Import_XSDs/H7 XSDS/DMS H7 V1.9.xsd")
    assert made.schema is not None
    sample = (shared / "dk-dms/samples/H7_Standard_v2.1.xml").read_bytes()
    assert made.schema.breaches(sample) == ()
