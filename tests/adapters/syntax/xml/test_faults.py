"""Faults by name, each in the first, the 1,234th and the last of 2,000 items: one is lost, and all is known of it."""

import pytest

from gateway.mapping.protocols import Bad, Limits

COUNT = 2000
LIMITS = Limits(item_bytes=20_000)


def swap(old, new):
    return lambda item: item.replace(old, new, 1)


def inside(text):
    return swap(b"toy car", b"toy " + text)


FAULTS = {
    "a bare ampersand": ("SRC227", inside(b"& car")),
    "an ampersand without semicolon": ("SRC227", inside(b"&amp car")),
    "a bare less-than sign": ("SRC227", inside(b"< 3 years")),
    "an inner end tag missing": ("SRC223", swap(b"</description>", b"")),
    "an inner end tag misspelt": ("SRC223", swap(b"</description>", b"</descripton>")),
    "an inner start tag missing": ("SRC223", swap(b"<description>", b"")),
    "the end tag missing": ("SRC221", swap(b"</item>", b"")),
    "the end tag misspelt": ("SRC221", swap(b"</item>", b"</itme>")),
    "a start tag where the end tag should be": ("SRC221", swap(b"</item>", b"<item>")),
    "a slash where the end tag should be": ("SRC221", swap(b"</item>", b"</")),
    "the item cut off in the middle": ("SRC221", lambda item: item[:60]),
    "the start tag missing": ("SRC222", swap(b"<item>", b"")),
    "the start tag misspelt": ("SRC222", swap(b"<item>", b"<itme>")),
    "the start tag without its sign": ("SRC222", swap(b"<item>", b"item>")),
    "the start tag left open": ("SRC227", swap(b"<item>", b"<item\n")),
    "a control character": ("SRC225", inside(b"\x01")),
    "a null character": ("SRC225", inside(b"\x00")),
    "a reference to a control character": ("SRC225", inside(b"&#x1;")),
    "bytes that are not UTF-8": ("SRC224", inside(b"\xe9")),
    "a character of UTF-8 cut off": ("SRC224", inside(b"\xe4\xb8")),
    "an unknown entity": ("SRC203", inside(b"&car;")),
    "an unknown entity in an attribute": ("SRC203", swap(b'"EUR"', b'"&eur;"')),
    "a document type": ("SRC202", inside(b'<!DOCTYPE car [<!ENTITY x "y">]>')),
    "an attribute twice": ("SRC226", swap(b'"EUR"', b'"EUR" currency="EUR"')),
    "an attribute without quotes": ("SRC226", swap(b'"EUR"', b"EUR")),
    "an attribute left open": ("SRC226", swap(b'"EUR"', b'"EUR')),
    "a prefix without namespace": ("SRC228", swap(b"<value ", b"<value a:b='' ")),
    "a comment left open": ("SRC229", inside(b"<!-- car")),
    "a comment with two hyphens inside": ("SRC229", inside(b"<!-- a -- b -->")),
    "a CDATA section left open": ("SRC229", inside(b"<![CDATA[ car")),
    "a processing instruction left open": ("SRC229", inside(b"<?car ")),
    "an XML declaration inside": ("SRC229", inside(b'<?xml version="1.0"?>')),
    "the end of a CDATA section alone": ("SRC229", inside(b"]]>")),
    "another namespace": ("SRC209", swap(b"<item>", b'<item xmlns="other">')),
    "too many bytes": ("SRC230", inside(b"car " * 6000)),
    "too many attributes": ("SRC232", swap(b"<value ", b"<value %s " % b" ".join(b'a%d=""' % n for n in range(101)))),
    "too deep": ("SRC231", inside(b"<a>" * 100 + b"</a>" * 100)),
    "deeper than the parser goes": ("SRC231", inside(b"<a>" * 300 + b"</a>" * 300)),
}


@pytest.fixture(scope="module")
def items(item):
    return [item(number) for number in range(1, COUNT + 1)]


@pytest.mark.parametrize("number", [1, 1234, COUNT])
@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_costs_one_item(name, number, items, file, read):
    code, damage = FAULTS[name]
    damaged = [*items]
    damaged[number - 1] = damage(items[number - 1])
    data = file(damaged)
    found = read(data, limits=LIMITS)
    assert found.parts == []
    assert found.codes() == [code]
    bad = found.outcomes[number - 1]
    assert isinstance(bad, Bad)
    assert cut(data, bad) == damaged[number - 1].strip()
    assert bad.findings[0].source.offset == bad.span.offset
    assert bad.id_hint == ("" if name == "too many bytes" else f"RR{number:08d}CN")
    assert [cut(data, one) for one in found.items] == [one for n, one in enumerate(items, 1) if n != number]


def test_the_line_of_the_fault_is_told(items, file, read):
    data = file([items[0], items[1].replace(b"toy car", b"toy & car"), items[2]])
    [bad] = read(data).bad
    [finding] = bad.findings
    fault = data.index(b"& car")
    assert finding.source.line == data.count(b"\n", 0, fault) + 1
    assert int(finding.values["at"]) in range(fault, fault + 3)


def test_end_tag_written_twice_costs_no_item(items, file, read):
    data = file([items[0], items[1] + b"</item>", items[2]])
    found = read(data)
    assert found.codes() == ["SRC222"]
    assert [cut(data, one) for one in found.items] == items[:3]
    assert cut(data, found.bad[0]) == b"</item>"


def test_two_faults_that_would_make_one_element_together(items, file, read):
    damaged = [items[0].replace(b"</item>", b""), items[1], items[2].replace(b"<item>", b""), items[3]]
    data = file(damaged)
    found = read(data)
    assert found.codes() == ["SRC221", "SRC222"]
    assert [cut(data, one) for one in found.items] == [items[1], items[3]]


def test_all_end_tags_missing(items, file, read):
    found = read(file([one.replace(b"</item>", b"") for one in items]))
    assert found.codes() == ["SRC221"] * COUNT


def test_every_item_damaged(items, file, read):
    found = read(file([one.replace(b"toy", b"&") for one in items]))
    assert found.codes() == ["SRC227"] * COUNT
    assert [bad.id_hint for bad in found.bad[:2]] == ["RR00000001CN", "RR00000002CN"]


def cut(data, one):
    return data[one.span.offset : one.span.offset + one.span.length]
