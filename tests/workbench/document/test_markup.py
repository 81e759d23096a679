from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from gateway.workbench.document.markup import Html, breaking, join, tag

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


@given(TEXTS, TEXTS)
def test_no_text_and_no_attribute_leaves_its_place(text, value):
    page = etree.fromstring(tag("p", text, tag("b", text), title=value))
    assert (page.text or "") == text and (page[0].text or "") == text
    assert page.get("title") == value


def test_hostile_texts_do_nothing():
    page = html.fromstring(tag("td", "</td><script>alert(1)</script>", title='" onload="alert(1)'))
    assert not page.findall(".//script")
    assert set(page.keys()) == {"title"}


def test_markup_is_not_escaped_again():
    assert tag("p", tag("b", "&")) == "<p><b>&amp;</b></p>"
    assert tag("p", [Html("<br/>"), None, "<"]) == "<p><br/>&lt;</p>"


def test_parts_are_joined():
    assert join(["a", "<"], tag("br")) == "a<br/>&lt;"
    assert breaking("x<y.z") == "x&lt;y.<wbr/>z"


def test_attributes_without_a_value_are_left_out():
    assert tag("td", class_=None, hidden=False) == "<td></td>"
