"""What is refused before anything is read."""

import pytest

from adapters.syntax.xml import SYNTAX
from gateway.mapping.protocols import Limits

REFUSED = {
    "an empty file": (b"", "SRC201"),
    "text": (b"UNB+UNOC:3+A+B'", "SRC201"),
    "a packed file": (b"PK\x03\x04\x14\x00", "SRC201"),
    "text behind a declaration": (b"<?xml version='1.0'?> text", "SRC201"),
    "UTF-16 with a byte order mark": ("\ufeff<a/>".encode("utf-16-le"), "SRC208"),
    "UTF-16 without": ("<a/>".encode("utf-16-be"), "SRC208"),
    "another encoding": (b"<?xml version='1.0' encoding='UTF-7'?><a/>", "SRC208"),
    "EBCDIC by declaration": (b'<?xml version="1.0" encoding="IBM037"?><a/>', "SRC208"),
    "a document type": (b'<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "SRC202"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_code(name):
    data, code = REFUSED[name]
    assert SYNTAX.refuse(data, len(data), Limits()).code == code


@pytest.mark.parametrize("encoding", [b"", b"UTF-8", b"utf-8", b"us-ascii", b"ISO-8859-1", b"windows-1252"])
def test_encodings_with_ascii_markup_are_read(encoding):
    data = b"\xef\xbb\xbf" if not encoding else b"<?xml version='1.0' encoding = \"%s\" ?>" % encoding
    assert SYNTAX.refuse(data + b"<a/>", 100, Limits()) is None


def test_a_file_that_is_too_large():
    finding = SYNTAX.refuse(b"<a/>", 51, Limits(file_bytes=50))
    assert finding.code == "SRC204"
    assert finding.values == {"bytes": "51", "limit": "50"}


@pytest.mark.parametrize(
    ("encoding", "raw", "text"),
    [("ISO-8859-1", b"Caf\xe9", "Café"), ("WINDOWS-1252", b"\x8cuvre \x80", "Œuvre €"), ("UTF-8", "茶".encode(), "茶")],
)
def test_text_is_decoded_as_the_file_says(encoding, raw, text, item, file, read):
    data = file([item(1).replace(b"toy car", raw)]).replace(b"UTF-8", encoding.encode())
    found = read(data)
    assert found.items[0].body.findtext("{m33}description") == text
    [item_] = found.items
    raw_item = data[item_.span.offset : item_.span.offset + item_.span.length]
    leaves = SYNTAX.leaves(item_, found.openings[0], raw_item, None)
    assert [leaf.text for leaf in leaves if leaf.steps[-1][0] == "description"] == [text]


@pytest.mark.parametrize(("encoding", "raw"), [("US-ASCII", b"\xe9"), ("WINDOWS-1252", b"\x81"), ("UTF-8", b"\xe9")])
def test_bytes_that_the_encoding_does_not_know(encoding, raw, item, file, read):
    data = file([item(1), item(2).replace(b"toy car", raw), item(3)]).replace(b"UTF-8", encoding.encode())
    assert read(data).codes() == ["SRC224"]
