"""Requests about a declaration that customs has: which there are, what they say, what they lack."""

import os
from datetime import date
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from adapters.customs.uk import AUTHORITY
from gateway.checks import lists
from gateway.mapping.protocols import Requester
from gateway.mapping.registry import Registry
from gateway.model import Identification, Party
from tests.adapters.customs.uk.declared import H7, MRN, asked

ON = date(2026, 9, 14)
KINDS = ["h7", "h7-grouped", "birds", "low-value-import", "low-value-export"]
PRE_LODGED = msgspec.structs.replace(H7, declaration=msgspec.structs.replace(H7.declaration, type="IMD"))
DATA = Path(os.environ.get("GATEWAY_SHARED_DATA", Path(__file__).resolve().parents[5] / "shared" / "data"))


def make(filing, filed=H7, changed=None, rows=lists.rows):
    return AUTHORITY.request(filing, filed, changed or filed, {}, lambda _: (), rows)


def codes(filing, **how):
    return [(finding.code, *finding.values.values()) for finding in make(filing, **how)[1]]


@pytest.fixture(scope="module")
def written():
    registry = Registry()
    return lambda record, purpose: (
        registry.format(AUTHORITY.request_format("customs/uk/h7", purpose), ON).write(record).text.encode()
    )


@pytest.fixture(scope="module")
def valid():
    folder = DATA / "uk-cds/schemas/customs"
    if not folder.is_dir():
        pytest.skip("no shared data: set GATEWAY_SHARED_DATA")
    return lambda name, text: etree.XMLSchema(etree.parse(folder / name)).assertValid(etree.fromstring(text))


def test_the_pack_takes_requests():
    assert isinstance(AUTHORITY, Requester)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_declaration_can_be_changed_and_withdrawn_but_not_asked_after(kind):
    formats = [AUTHORITY.request_format(f"customs/uk/{kind}", purpose) for purpose in ("amend", "cancel", "query")]
    assert formats[0].startswith("customs/uk/amendment")
    assert formats[1:] == ["customs/uk/cancellation", None]


@pytest.mark.parametrize("kind", KINDS)
def test_goods_that_come_are_presented_and_goods_that_leave_are_not(kind):
    wanted = None if kind == "low-value-export" else "customs/uk/presentation"
    assert AUTHORITY.request_format(f"customs/uk/{kind}", "present") == wanted


def test_of_what_is_no_declaration_nothing_can_be_asked():
    assert AUTHORITY.request_format("customs/uk/response", "cancel") is None


def test_a_cancellation_says_whose_declaration_why_and_in_words(written, valid):
    record, findings = make(asked("cancel", text="Returned to its sender before arrival"))
    assert findings == ()
    text = written(record, "cancel")
    leaves = [(etree.QName(each).localname, each.text) for each in etree.fromstring(text)[5].iter() if not len(each)]
    assert leaves == [
        ("FunctionCode", "13"), ("FunctionalReferenceID", "GW1-CHINA-X1"), ("ID", MRN), ("TypeCode", "INV"),
        ("ID", "GB123456789000"), ("StatementDescription", "Returned to its sender before arrival"),
        ("StatementTypeCode", "AES"), ("SequenceNumeric", "1"), ("DocumentSectionCode", "42A"),
        ("SequenceNumeric", "1"), ("DocumentSectionCode", "06A"), ("ChangeReasonCode", "1"),
    ]  # fmt: skip
    valid("wrapper_cancel.xsd", text)
    valid("wrapper_submit.xsd", text)


def test_a_presentation_says_no_more_than_whose_goods_are_here(written, valid):
    record, findings = make(asked("present"), filed=PRE_LODGED)
    assert findings == ()
    text = written(record, "present")
    leaves = [each.text for each in etree.fromstring(text)[5].iter() if not len(each)]
    assert leaves == ["13", "GW1-CHINA-X1", MRN, "GPR", "GB123456789000"]
    valid("wrapper_submit.xsd", text)


def test_who_submits_is_who_lodged_the_declaration_unless_the_filer_says_otherwise():
    agent, other = (Party(ids=(Identification(kind="EORI", id=number),)) for number in ("GB2", "GB3"))
    lodged = msgspec.structs.replace(H7, representative=agent)
    assert make(asked("cancel"), filed=lodged)[0].submitter.ids[0].id == "GB2"
    assert make(asked("cancel"), filed=msgspec.structs.replace(lodged, submitter=other))[0].submitter.ids[0].id == "GB3"
    assert make(asked("cancel"), filed=msgspec.structs.replace(H7, declarant=Party(name="X")))[0].submitter is None


def test_goods_that_were_there_are_not_presented_again():
    assert codes(asked("present")) == [("TGT594", "IMA")]


@pytest.mark.parametrize("kind", ["IMD", "IME", "EXD", "COK"])
def test_goods_of_a_pre_lodged_declaration_are_presented(kind):
    declaration = msgspec.structs.replace(H7.declaration, type=kind)
    assert codes(asked("present"), filed=msgspec.structs.replace(H7, declaration=declaration)) == []


def test_a_request_names_the_declaration_by_customs_number():
    assert codes(asked("cancel", mrn="")) == [("TGT590", "MRN")]
    assert codes(asked("present", mrn=""), filed=PRE_LODGED) == [("TGT590", "MRN")]


def test_a_cancellation_says_why_by_a_code_and_in_words():
    assert codes(asked("cancel", reason="", text="")) == [("TGT590", "text"), ("TGT590", "reason")]


def test_a_reason_is_one_of_the_list_for_this_request():
    assert codes(asked("cancel", reason="21")) == [("TGT591", "21", "1", "codes/customs/uk/change-reasons.csv")]
    assert [code for code, *_ in codes(asked("amend", reason="1"))] == ["TGT591", "TGT592"]


def test_an_operator_adds_reasons_with_the_days_on_which_they_hold():
    def own(_name):
        yield {"purpose": "cancel", "code": "3", "valid_from": "2026-09-15", "valid_to": ""}
        yield {"purpose": "cancel", "code": "2", "valid_from": "", "valid_to": "2026-09-14"}

    assert codes(asked("cancel", reason="3"), rows=own) == []
    assert [code for code, *_ in codes(asked("cancel", reason="2"), rows=own)] == ["TGT591"]
