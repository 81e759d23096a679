import pytest

from gateway.checks.converters import CONVERTERS
from gateway.checks.named import CHECKS
from gateway.findings.finding import Row
from gateway.mapping.plan import Ref, Value, When
from gateway.workbench.document.line import Line
from gateway.workbench.document.remarks import converted, explained, remarks
from gateway.workbench.document.words import Words

ROW = Row("t.yaml", 1)


def said(language="en", role="text", **row):
    value = Value(number=0, row=ROW, key="k", model="m", **row)
    return list(remarks(Line("a", "a", 0, None, 0, 1, "no", ROW, value, role), Words(language)))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"constant": "9"}, "always 9"),
        ({"default": "IMA"}, "where nothing is known, IMA is written"),
        ({"kind": "position"}, "running number of the element"),
        ({"required": True}, "without it the item is set aside"),
        ({"check": "s10"}, "check s10: UPU S10: form, service indicator, country, check digit."),
        ({"unit": "KGM"}, "in the unit KGM"),
        ({"currency": "GBP"}, "in the currency GBP"),
        ({"date": "102"}, "date in the form 102"),
        ({"split": (1, 0)}, "divided over several elements by width: 1, the rest"),
        ({"none": "NCV"}, "NCV means that there is none"),
        ({"cut": True}, "longer values are cut to the width of the element"),
        ({"hint": "Ask"}, "Hint: Ask"),
        ({"note": "of the line"}, "Note: of the line"),
        ({"when": When(Ref(0, (), "mrn"))}, "written only where mrn is given"),
        ({"when": When(Ref(0, (), "mrn"), present=False)}, "written only where mrn is not given"),
    ],
)
def test_every_keyword_of_a_row_has_its_sentence(row, sentence):
    assert said(**row) == [sentence]


def test_what_stands_beside_is_told_by_its_element():
    assert said(unit="@u", currency="@c", date="../f") == []
    assert said(role="currency", currency="@c") == ["currency of the amount"]
    assert said(role="unit", unit="@u") == ["unit of the quantity"]
    assert said(role="date", date="@f") == ["form of the date"]


def test_sentences_are_in_the_language_of_the_page():
    assert said("fr", constant="GB", required=True) == ["toujours GB", "sans lui, l\u2019envoi est mis de côté"]


def test_an_element_that_is_left_aside_says_why():
    line = Line("a", "a", 0, None, 0, 1, "no", ROW, aside=True, note="the shop's page")
    assert list(remarks(line, Words("en"))) == ["left aside by the table on purpose", "Note: the shop's page"]


def test_a_list_says_that_each_element_is_an_entry():
    assert list(remarks(Line("a", "a", 0, None, 0, 1, "no", ROW, lists=True), Words("en"))) == [
        "one entry for each element"
    ]


def test_every_check_and_converter_is_explained():
    assert all(explained(name) for name in CHECKS)
    assert all(converted(name) for name in CONVERTERS)
    assert explained("nothing") == "" == converted("nothing")
