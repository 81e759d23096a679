"""Names at the partner: matched, shown, joined and made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.findings.errors import NameNotAllowed
from gateway.transport.names import below, created, is_plain, is_temp, join, matches, shown, temp_name


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        (b"ITMATT_1.xml", "*.xml", True),
        (b"ITMATT_1.XML", "*.xml", False),
        (b"lat-\xe9\n.xml", "*.xml", True),
        ("\u90ae\u4ef6.xml".encode(), "*.xml", True),
        (b"-rf.xml", "*.xml", True),
        (b".hidden.xml", "*.xml", False),
        (b".hidden.xml", ".*.xml", True),
        (b"..\\..\\win.xml", "*.xml", False),
        (b"../a.xml", "*.xml", False),
        (b"a/b.xml", "*.xml", False),
        (b"a\0.xml", "*.xml", False),
        (b"", "*", False),
        (b"..", "*", False),
    ],
)
def test_patterns_match_names_and_never_paths(name, pattern, fits):
    assert matches(name, pattern) is fits


@given(st.binary(max_size=300))
def test_any_name_can_be_shown(name):
    text = shown(name)
    assert text.isprintable()
    assert len(text) <= 120


def test_what_could_deceive_is_escaped():
    assert shown("a\u202egpj.xml\x1b[2J") == "a\\u202egpj.xml\\x1b[2J"


@given(st.binary(max_size=20))
def test_a_joined_path_stays_in_its_folder(name):
    if is_plain(name):
        assert join("out", name) == b"out/" + name
    else:
        with pytest.raises(NameNotAllowed):
            join("out", name)


def test_paths_lie_below_the_targets_own():
    assert below(b"/drop", "in/x") == b"/drop/in/x"
    assert below(b"/drop", ".") == b"/drop"
    assert below(b"/drop", "/else/x") == b"/else/x"
    assert below(b"", "in/x") == b"in/x"


@pytest.mark.parametrize("name", ["", ".x", "-x", "a b", "a/b", "\u00e9", "x" * 101, "a\n"])
def test_we_create_plain_names_only(name):
    with pytest.raises(NameNotAllowed):
        created(name)


def test_temporary_names_are_known_again():
    temp = temp_name("CUSRSP_7.xml", "GW1", "k3j9").encode()
    assert is_temp(temp, "GW1")
    assert is_temp(temp.replace(b".part", b".void"), "GW1")
    assert not is_temp(temp, "GW2")
    assert not is_temp(b".CUSRSP_7.xml.part", "GW1")
    assert not matches(temp, "*")
