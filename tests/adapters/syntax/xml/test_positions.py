"""Every value with its place: what a parser reads, and where its bytes are."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.syntax.xml.positions import leaves

ITEM = b"""<m:item note="a &gt; b" xmlns:m="u">
  <m:id> RR1 </m:id>
  <m:piece><m:value m:currency='EUR'>12<!-- cents follow -->.50</m:value></m:piece>
  <m:piece><m:value><![CDATA[<7>]]>&amp;&#x38;</m:value><m:none/></m:piece>
</m:item>"""


def test_values_with_their_bytes():
    found = {path(leaf): (leaf.text, raw(leaf)) for leaf in leaves(ITEM, 1000, 10, "utf-8")}
    assert found == {
        "item/@note": ("a > b", b"a &gt; b"),
        "item/id": (" RR1 ", b"RR1"),
        "item/piece/value/@currency": ("EUR", b"EUR"),
        "item/piece/value": ("12.50", b"12<!-- cents follow -->.50"),
        "item/piece[2]/value": ("<7>&8", b"<![CDATA[<7>]]>&amp;&#x38;"),
        "item/piece[2]/none": ("", b"<m:none/>"),
    }


def test_lines_count_from_that_of_the_item():
    assert {path(leaf): leaf.span.line for leaf in leaves(ITEM, 1000, 10, "utf-8")} == {
        "item/@note": 10,
        "item/id": 11,
        "item/piece/value/@currency": 12,
        "item/piece/value": 12,
        "item/piece[2]/value": 13,
        "item/piece[2]/none": 13,
    }


def test_a_character_reference_may_be_padded_with_any_number_of_zeros():
    padded = b"<v>&#" + b"0" * 6000 + b"65;&#x" + b"0" * 6000 + b"42;</v>"
    assert etree.fromstring(padded).text == "AB"
    (leaf,) = leaves(padded, 0, 1, "utf-8")
    assert leaf.text == "AB"


TEXTS = st.sampled_from(
    ["", "x", " a ", "\r\n", "a\rb", "&lt;", "&#10;", "é", "]]", "<!-- <b> -->", "<?p >?>", "<![CDATA[</a> &amp;]]>"]
).flatmap(lambda one: st.sampled_from([one, one + "z", "\t" + one]))
ATTRIBUTES = st.sampled_from(["", ' a="1"', " b='>' c = \"\n&quot;\r\n\"", ' xmlns="u"', ' xmlns:p="v" p:a="\'"'])


def tree(children):
    parts = st.lists(children | TEXTS, max_size=4).map("".join)
    return st.builds(
        lambda name, said, inner: f"<{name}{said}>{inner}</{name}\n>", st.sampled_from("abc"), ATTRIBUTES, parts
    )


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=tree(st.recursive(TEXTS, tree, max_leaves=10)))
def test_what_a_parser_reads_is_found_at_its_place(text):
    data = text.encode()
    root = etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True))
    wanted = {}
    for one in root.iter():
        steps = steps_of(one)
        if not len(one) or (one.text or "").strip():
            wanted[steps] = one.text or ""
        for name, value in one.attrib.items():
            wanted[(*steps, ("@" + etree.QName(name).localname, 1))] = value
    found = list(leaves(data, 0, 1, "utf-8"))
    assert {leaf.steps: leaf.text for leaf in found} == wanted
    for leaf in found:
        assert leaf.span.line == data.count(b"\n", 0, leaf.span.offset) + 1
        if leaf.text and "&" not in leaf.text and "<" not in leaf.text:
            assert bare(data[leaf.span.offset : leaf.span.offset + leaf.span.length]) == bare(leaf.text.encode())


def bare(data):
    """Text without markup and white space, references resolved."""
    return "".join(etree.fromstring(b"<a>" + data.replace(b"\0", b"") + b"</a>").itertext()).split() if data else []


def steps_of(element):
    above = element.getparent()
    name = etree.QName(element).localname
    if above is None:
        return ((name, 1),)
    same = [one for one in above if etree.QName(one).localname == name]
    return (*steps_of(above), (name, same.index(element) + 1))


def path(leaf):
    return "/".join(name if number == 1 else f"{name}[{number}]" for name, number in leaf.steps)


def raw(leaf):
    begin = leaf.span.offset - 1000
    return ITEM[begin : begin + leaf.span.length]
