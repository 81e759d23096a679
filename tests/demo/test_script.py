from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from gateway.demo.script import Script, load, steps

CUSTOMS = Path(__file__).parents[2] / "config" / "demo" / "uk-customs"


@pytest.fixture(scope="module")
def script() -> Script:
    return load(CUSTOMS)[0]


def test_every_answer_of_the_script_has_a_template():
    script, templates = load(CUSTOMS)
    said = {answer.say for course in script.courses for answer in course.answers}
    assert said | {answer.say for answer in script.refused} <= templates.keys()


def test_every_course_comes_by_its_share(script):
    whole = sum(course.share for course in script.courses)
    drawn = [script.course(lot) for lot in range(whole)]
    assert [drawn.count(course) for course in script.courses] == [course.share for course in script.courses]


def test_every_pointer_starts_at_the_declaration_and_names_an_element(script):
    complaints = [*script.rules, *(course.complaint for course in script.courses if course.complaint)]
    for complaint in complaints:
        chain = steps(complaint.pointer, 1)
        assert len(chain) == len(complaint.pointer.split())
        assert chain[0].section == "42A"
        assert chain[-1].tag


def test_each_rule_has_exactly_one_condition(script):
    for rule in script.rules:
        assert [bool(rule.starts_with), bool(rule.mentions), rule.per_kilogram_below is not None].count(True) == 1


def test_a_misspelt_key_is_refused():
    rule = {"code": "D1", "text": "t", "field": "value", "pointer": "42A", "per_kilo_below": "1"}
    content = {"format": "f", "mrn": "GB", "tax_rate": "20.00", "rules": [rule], "courses": [], "refused": []}
    with pytest.raises(msgspec.ValidationError, match="per_kilo_below"):
        msgspec.convert(content, Script)


def test_numbers_of_the_script_are_exact(script):
    assert script.tax_rate == Decimal("20.00")
