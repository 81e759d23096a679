"""Namespaces of other versions, other prefixes, or none; never those of another standard."""

import pytest
from msgspec.structs import replace

from adapters.syntax.xml import SYNTAX
from gateway.mapping.plan import Element, Plan, Step

OLD, NEW, TYPES, OLD_TYPES = "urn:new:1", "urn:new:2", "urn:types:2", "urn:types:1"


def element(uri, name, *children):
    return Element(f"{{{uri}}}{name}", name, name, children=children)


PLAN = Plan(
    "test/response",
    "",
    "xml",
    "Decision",
    "Decision",
    (Step("Envelope", "urn:envelope"), Step("Response", NEW)),
    (),
    {"": (NEW, OLD), "d": (TYPES, OLD_TYPES), "e": ("urn:envelope", "")},
    document=element(
        "urn:envelope",
        "Envelope",
        element("urn:envelope", "Type"),
        element(NEW, "Response", element(NEW, "ID"), element(NEW, "Issued", element(TYPES, "DateTime"))),
    ),
)
WANTED = [f"{{{NEW}}}Response", f"{{{NEW}}}ID", f"{{{NEW}}}Issued", f"{{{TYPES}}}DateTime"]
INNER = "<ID>1</ID><Issued><{d}DateTime>x</{d}DateTime></Issued></Response></{e}Envelope>"


def document(envelope="", response="", d="", e=""):
    return (f"<{e}Envelope {envelope}><{e}Type>RES</{e}Type><Response {response}>" + INNER.format(d=d, e=e)).encode()


FORMS = {
    "as written": document('xmlns="urn:envelope"', f'xmlns="{NEW}" xmlns:d="{TYPES}"', d="d:"),
    "other prefixes": document('xmlns:z="urn:envelope"', f'xmlns="{NEW}" xmlns:q="{TYPES}"', d="q:", e="z:"),
    "an older version": document('xmlns="urn:envelope"', f'xmlns="{OLD}" xmlns:d="{OLD_TYPES}"', d="d:"),
    "none at all": document(),
    "none inside": document('xmlns="urn:envelope"', f'xmlns="{NEW}"').replace(b"<DateTime", b"<DateTime xmlns=''"),
    "only the envelope's": document('xmlns:e="urn:envelope"', e="e:"),
}


@pytest.mark.parametrize("form", FORMS)
def test_tags_are_what_the_plan_writes(form, read):
    found = read(FORMS[form], PLAN)
    assert found.codes() == []
    [item] = found.items
    assert [one.tag for one in item.body.iter()] == WANTED
    assert item.body.getparent().tag == "{urn:envelope}Envelope"
    assert item.body.getparent()[0].tag == "{urn:envelope}Type"


@pytest.mark.parametrize("form", FORMS)
def test_what_stands_around_is_adopted_too(form, read):
    outer = SYNTAX.outer(read(FORMS[form], PLAN).openings[0], PLAN)
    assert [one.tag for one in outer.body.iter()] == ["{urn:envelope}Envelope", "{urn:envelope}Type"]


@pytest.mark.parametrize("uri", ["urn:other", "urn:new:3", TYPES])
def test_another_namespace_is_never_adopted(uri, read):
    found = read(document('xmlns="urn:envelope"', f'xmlns="{uri}"'), PLAN)
    assert found.codes() == ["SRC209"]
    assert found.bad[0].findings[0].values == {"namespace": uri}


def test_an_element_of_another_namespace_inside_stays_what_it_is(read):
    data = FORMS["as written"].replace(b"<ID>", b'<x:ID xmlns:x="urn:other"/><ID>')
    assert read(data, PLAN).items[0].body[0].tag == "{urn:other}ID"


def test_an_element_that_the_plan_does_not_know_is_in_the_namespace_of_its_parent(read):
    data = document().replace(b"<ID>", b"<Further/><ID>")
    assert read(data, PLAN).items[0].body[0].tag == f"{{{NEW}}}Further"


def test_a_root_of_any_name_may_be_in_any_namespace(read):
    plan = replace(PLAN, root=(Step("a", NEW), Step("b", NEW)), unit=(Step("c", NEW),), any_root=True, document=None)
    found = read(f'<anything xmlns="urn:other"><b xmlns="{NEW}"><c/><c/></b></anything>'.encode(), plan)
    assert len(found.items) == 2
