"""What differs between two declarations: values by their element, what came or went by its class."""

from adapters.customs.wco_changes import changes, declared
from gateway.findings import Row
from gateway.mapping.trace import Entry

ROW = Row("customs/uk/h7.yaml", 1)
GS = "Declaration/GoodsShipment"


def value(path, text, *ids):
    return Entry(path, path.lower(), text, ROW, wco_ids=("42A", *ids))


def goods(place, number, price="1.00", currency="GBP"):
    at = f"{GS}/GovernmentAgencyGoodsItem" + (f"[{place}]" if place > 1 else "")
    return (
        value(f"{at}/CustomsValueAmount", price, "67A", "68A", "108"),
        value(f"{at}/CustomsValueAmount/@currencyID", currency, "67A", "68A", "108", ""),
        value(f"{at}/SequenceNumeric", str(number), "67A", "68A", "006"),
    )


def told(before, after):
    return [
        (
            " ".join(f"{s.section}[{s.number}]" + (f"+{s.tag}" if s.tag else "") for s in each.pointer),
            [entry.text for entry in each.old],
            [entry.text for entry in each.new],
        )
        for each in changes(declared(before), declared(after))
    ]


def test_nothing_differs_from_itself():
    assert told(goods(1, 1), goods(1, 1)) == []


def test_a_value_is_named_by_its_element_and_holds_its_attributes():
    assert told(goods(1, 1), goods(1, 1, "2.00")) == [("42A[1] 67A[1] 68A[1]+108", ["1.00", "GBP"], ["2.00", "GBP"])]
    assert told(goods(1, 1), goods(1, 1, currency="EUR"))[0][0] == "42A[1] 67A[1] 68A[1]+108"


def test_what_came_and_what_went_is_named_once_by_its_class():
    one, two = goods(1, 1), (*goods(1, 1), *goods(2, 2))
    assert told(one, two) == [("42A[1] 67A[1] 68A[2]", [], ["1.00", "GBP", "2"])]
    assert told(two, one) == [("42A[1] 67A[1] 68A[2]", ["1.00", "GBP", "2"], [])]


def test_an_occurrence_is_the_same_by_its_number_wherever_it_stands():
    before = (*goods(1, 1), *goods(2, 2), *goods(3, 3, "3.00"))
    after = (*goods(1, 1), *goods(2, 3, "3.50"))
    assert told(before, after) == [
        ("42A[1] 67A[1] 68A[3]+108", ["3.00", "GBP"], ["3.50", "GBP"]),
        ("42A[1] 67A[1] 68A[2]", ["1.00", "GBP", "2"], []),
    ]


def test_an_element_that_came_into_a_class_that_was_there_is_named_itself():
    name = value("Declaration/Exporter/Name", "A", "57A", "R031")
    number = value("Declaration/Exporter/ID", "GB1", "57A", "R032")
    assert told((name,), (name, number)) == [("42A[1] 57A[1]+R032", [], ["GB1"])]


def test_what_has_no_id_is_named_by_what_it_stands_in():
    at = "Declaration/AcceptanceDateTime/DateTimeString"
    assert told((value(at, "20260914", "023", ""),), (value(at, "20260915", "023", ""),)) == [
        ("42A[1]+023", ["20260914"], ["20260915"])
    ]


def test_the_envelope_is_no_part_of_what_is_declared():
    other = Entry("/MetaData/WCOTypeName", "", "RES", ROW, wco_ids=("", ""))
    assert told(goods(1, 1), (other, *goods(1, 1))) == []
