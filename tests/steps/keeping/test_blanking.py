"""Bytes are blanked where it is said and nowhere else, and found wherever they stand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model import Address, Communication, Consignment, GoodsItem, Identification, Party
from gateway.steps.keeping import personal
from gateway.steps.keeping.blanking import BLANK, _blanked
from gateway.steps.keeping.scan import _offsets

DATA = st.binary(min_size=1, max_size=200)
SPAN = st.tuples(st.integers(0, 210), st.integers(0, 50))


@given(data=DATA, spans=st.lists(SPAN, max_size=5), cut=st.integers(1, 60))
def test_a_stretch_is_blank_and_every_other_byte_as_it_was(data, spans, cut):
    pieces = [data[at : at + cut] for at in range(0, len(data), cut)]
    done = b"".join(_blanked(piece, at * cut, spans) for at, piece in enumerate(pieces))
    within = {at for first, length in spans for at in range(first, first + length)}
    expected = bytes(BLANK[byte] if at in within else byte for at, byte in enumerate(data))
    assert done == expected


def test_lines_stay_lines():
    assert b"a\r\nb\tc\n".translate(BLANK) == b" \r\n   \n"


@given(data=DATA, word=st.binary(min_size=1, max_size=8), at=st.integers(0, 200), cut=st.integers(1, 40))
def test_a_word_is_found_wherever_pieces_are_cut(data, word, at, cut):
    data = data[:at] + word + data[at:]
    pieces = (data[start : start + cut] for start in range(0, len(data), cut))
    found = set(_offsets(pieces, re.compile(re.escape(word.lower())), len(word)))
    assert found, "it is there"
    assert all(data[one : one + len(word)].lower() == word.lower() for one in found)


@pytest.mark.parametrize(
    "written",
    ["Ren\u00e9e O'Example & Sons".encode(), "Ren\u00e9e O'Example & Sons".encode("latin-1"),
     "Ren\u00e9e O'Example & Sons".encode("utf-16-le"), "Ren\u00e9e O'Example &amp; Sons".encode(),
     "Ren\u00e9e O&apos;Example &amp; Sons".encode(), b"Ren\\u00e9e O'Example & Sons"],
)  # fmt: skip
def test_a_name_is_known_as_messages_write_it(written):
    words = re.compile(b"|".join(map(re.escape, personal.spellings(["Ren\u00e9e O'Example & Sons"]))), re.IGNORECASE)
    assert words.search(b"<name>" + written + b"</name>")


def test_all_that_leads_to_a_person_is_taken_and_what_leads_to_nobody_is_not():
    phone, mail = Communication(type="TE", value="+447700900002"), Communication(type="EM", value="a@example.org")
    party = Party(
        name="Asha Example", company="Example Ltd", contact_name="Mr Contact",
        ids=(Identification(kind="NATIONAL", id="AB123456C"),),
        communications=(phone, mail),
        address=Address(lines=("1 High Street", "Flat"), city="London", postcode="N1 1AA", country="GB", number="1"),
    )  # fmt: skip
    record = Consignment(consignee=party, goods_items=(GoodsItem(description="Tea cups"),))
    assert personal.values(record) == {
        "Asha Example", "Example Ltd", "Mr Contact", "AB123456C", "+447700900002", "a@example.org", "1 High Street",
        "Flat",
    }  # fmt: skip


def test_what_is_shorter_than_four_characters_is_not_looked_for():
    """docs/data-protection.md says what that means where bytes are shared."""
    party = Party(name="Li Ng", first_name="Li", last_name="Ng", address=Address(lines=("5 A", "14 B")))
    assert personal.values(Consignment(consignee=party)) == {"Li Ng", "14 B"}
