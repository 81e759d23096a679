"""`record:` of a partner's file: the model's own names, every fault with its place and what was probably meant."""

from decimal import Decimal

import pytest

from gateway.model import Amount, Consignment, GoodsItem, Guarantee, Identification, Location, Measure, Moment, Party
from gateway.settings.filer import read_record, record_of
from gateway.settings.source import read_text

UK = "partners/uk-customs.yaml"


def read(text):
    source, faults = read_text("a.yaml", text)
    assert not faults
    return read_record(source.data["record"], source, ("record",))


def faults(text):
    return [(f.code, f.source.path, f.values.get("nearest", f.values.get("expected"))) for f in read(text)[1]]


def test_every_kind_of_value_is_understood():
    found, wrong = read("""
record:
  declarant: {name: Example Broker, ids: [{kind: EORI, id: GB123456789000}]}
  goods_location: {type: A}
  goods_items: [{quantity: 2.5}]
  guarantees: [{amount: 12.50 EUR}]
  gross_mass: 1.5 KGM
  package_count: 1
  posted_at: 2026-09-13
  returned: true
  extension: {note: NO}
""")
    assert wrong == ()
    assert found == Consignment(
        declarant=Party(name="Example Broker", ids=(Identification(kind="EORI", id="GB123456789000"),)),
        goods_location=Location(type="A"),
        goods_items=(GoodsItem(quantity=Decimal("2.5")),),
        guarantees=(Guarantee(amount=Amount(Decimal("12.50"), "EUR")),),
        gross_mass=Measure(Decimal("1.5"), "KGM"),
        package_count=1,
        posted_at=Moment("2026-09-13"),
        returned=True,
        extension={"note": "NO"},
    )


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ("{declrant: {name: A}}", ("CFG124", "a.yaml:1:10", "`declarant`")),
        ("{declarant: {nam: A}}", ("CFG124", "a.yaml:1:22", "`declarant.name`")),
        ("{declarant: {ids: [{knd: A}]}}", ("CFG124", "a.yaml:1:29", "`declarant.ids.kind`")),
        ("{declarant: A}", ("CFG108", "a.yaml:1:21", "keys with values")),
        ("{authorisations: {id: A}}", ("CFG108", "a.yaml:1:26", "a list")),
        ("{extension: A}", ("CFG108", "a.yaml:1:21", "keys with values")),
        ("{package_count: -1}", ("CFG108", "a.yaml:1:25", "a whole number")),
        ("{gross_mass: 1.5}", ("CFG108", "a.yaml:1:22", "a mass such as `1.5 KGM`")),
        ("{gross_mass: NaN KGM}", ("CFG108", "a.yaml:1:22", "a mass such as `1.5 KGM`")),
        ("{postage: 1.5 eur}", ("CFG108", "a.yaml:1:19", "an amount such as `12.50 EUR`")),
        ("{returned: yes}", ("CFG108", "a.yaml:1:20", "`true` or `false`")),
        ("{nature: [11]}", ("CFG108", "a.yaml:1:18", "a text")),
        ("{nature: ''}", ("CFG108", "a.yaml:1:18", "a text")),
        ("{export_country: FRA}", ("CFG108", "a.yaml:1:26", "a text of at most 2 characters (WCO format a2)")),
    ],
)
def test_a_fault_has_its_place_and_what_was_meant(record, fault):
    assert faults(f"record: {record}") == [fault]


def test_all_faults_come_at_once():
    assert len(faults("record: {declrant: {}, nature: [1], package_count: x}")) == 3


def test_a_record_stands_in_the_file_of_an_authority(folder):
    folder.change(UK, "settings:", "record: {declarant: {name: Example Broker}}\nsettings:")
    settings, found = folder.load()
    assert not found
    assert record_of(settings.partners["uk-customs"].record).declarant.name == "Example Broker"


def test_its_faults_are_those_of_the_configuration(folder):
    folder.change(UK, "settings:", "record: {declarant: {nam: Example Broker}}\nsettings:")
    assert folder.faults() == ["CFG124 partners/uk-customs.yaml:12:22"]


def test_a_record_that_is_laid_under_nothing_is_a_warning(folder):
    folder.change("partners/example-post.yaml", "quiet:", "record: {nature: 11}\nquiet:")
    settings, found = folder.load()
    assert settings is not None
    assert [(fault.code, fault.severity) for fault in found] == [("CFG128", "warning")]
