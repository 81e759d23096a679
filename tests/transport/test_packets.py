"""Packets: numbers, strings, attributes; whatever a server sends is read or refused, never anything else."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.transport.packets import (
    Attributes,
    BadPacket,
    Fields,
    Limits,
    directory_part,
    free_bytes,
    kind_of,
    string,
    uint32,
    uint64,
)

numbers = st.none() | st.integers(0, 2**32 - 1)


@given(st.none() | st.integers(0, 2**64 - 1), numbers, numbers)
def test_attributes_come_back(size, mode, mtime):
    attributes = Attributes(size, mode, mtime)
    assert Attributes.read(Fields(attributes.write())) == attributes


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_listings_come_back(names):
    seen = Attributes(5, stat.S_IFREG, 7)
    packet = uint32(len(names)) + b"".join(string(name) + string(b"long") + seen.write() for name in names)
    assert directory_part(packet) == tuple((name, seen) for name in names)


@given(st.binary(max_size=200))
def test_anything_is_read_or_refused(data):
    for read in (directory_part, free_bytes, Limits.parse, lambda d: Attributes.read(Fields(d))):
        try:
            read(data)
        except BadPacket:
            continue


def test_owners_and_extended_attributes_are_passed_over():
    flags = 0x80000000 | 0x01 | 0x02 | 0x04
    packet = uint32(flags) + uint64(9) + bytes(8) + uint32(stat.S_IFREG) + uint32(1) + string("k") + string("v")
    fields = Fields(packet + b"rest")
    assert Attributes.read(fields) == Attributes(9, stat.S_IFREG)
    assert fields.take(4) == b"rest"


def test_a_huge_count_costs_nothing():
    with pytest.raises(BadPacket):
        directory_part(uint32(2**32 - 1))


def test_text_that_was_no_utf8_goes_back_as_it_came():
    assert string(b"\xe9".decode("utf-8", "surrogateescape")) == string(b"\xe9")


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        (stat.S_IFREG, "file"),
        (stat.S_IFDIR, "directory"),
        (stat.S_IFLNK, "link"),
        (stat.S_IFIFO, "other"),
        (0, "other"),
    ],
)
def test_only_the_file_type_counts(mode, kind):
    assert kind_of(mode | 0o644) == kind


def test_limits_of_zero_are_those_of_the_draft():
    assert Limits.parse(bytes(32)) == Limits()
