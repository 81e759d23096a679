"""What is refused before it is looked at."""

import pytest

from adapters.syntax.tabular import SYNTAX
from gateway.mapping.protocols import Limits


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "SRC423"),
        ("Box,Parcel".encode("utf-16"), "SRC427"),
        (b"Box\x00,Parcel", "SRC427"),
    ],
)
def test_other_kinds_of_files_are_refused_by_name(head, code):
    assert SYNTAX.refuse(head, len(head), Limits()).code == code


def test_a_file_that_is_too_large_is_refused():
    assert SYNTAX.refuse(b"a,b\n", 101, Limits(file_bytes=100)).code == "SRC204"


def test_texts_and_workbooks_are_looked_at():
    assert SYNTAX.refuse(b"a,b\n", 4, Limits()) is None
    assert SYNTAX.refuse(b"PK\x03\x04\x14\x00\x00\x00", 8, Limits()) is None
