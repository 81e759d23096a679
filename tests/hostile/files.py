"""Files that somebody made up to hurt: by syntax, each with the codes that say what is wrong.

A file may be refused whole (`refused`), lose the one item at fault (`item`), or be harmless when it is read (`read`).
"""

import io
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import NamedTuple

from gateway.demo.corpus import itmatt
from tests.tables.conftest import SAMPLES

ITEMS = 3
REFERENCE = "HOSTILE"
CANARY = "Zephyrine Canarybird"
XML, ROWS, BOOK, JSON = "upu/itmatt-1.5", "ecommerce/manifest", "ecommerce/manifest", "carrier/teleship-shipment"
MEGABYTE = 1_000_000


class Hostile(NamedTuple):
    """A file, the format by which it is read, what becomes of it and the codes that are said of it."""

    format: str
    data: Callable[[], bytes]
    fate: str
    codes: frozenset[str]


def sound() -> bytes:
    """A message of three items, each with the canary in it."""
    data = b"".join(itmatt(ITEMS, 5, day=datetime.now(UTC).date(), sender="FRA", reference=REFERENCE))
    return re.sub(rb"(<recipient><name>)[^<]*", rb"\g<1>" + CANARY.encode(), data)


def _head(more: str, body: Callable[[bytes], bytes] = lambda data: data) -> Callable[[], bytes]:
    """Something before the root element."""

    def made() -> bytes:
        declaration, _, rest = sound().partition(b"?>\n")
        return declaration + b"?>\n" + more.encode() + body(rest)

    return made


def _second(old: bytes, new: bytes) -> Callable[[], bytes]:
    """The first place of a pattern in the second item becomes something else."""

    def made() -> bytes:
        first, second, rest = re.split(rb"(?<=</item>)", sound(), maxsplit=2)
        changed, count = re.subn(old, lambda _: new, second, count=1)
        assert count == 1, old
        return first + changed + rest

    return made


def _named(text: bytes) -> Callable[[], bytes]:
    return _second(rb"<recipient><name>[^<]*</name>", b"<recipient><name>" + text + b"</name>")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
XML_FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "billion laughs": (_head(f'<!DOCTYPE i [<!ENTITY l0 "ha">{LAUGHS}]>\n'), "refused", "SRC202"),
    "quadratic blow-up": (_head(f'<!DOCTYPE i [<!ENTITY a "{"a" * 60_000}">]>\n'), "refused", "SRC202"),
    "external entity": (_head('<!DOCTYPE i [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n'), "refused", "SRC202"),
    "parameter entity": (_head('<!DOCTYPE i [<!ENTITY % a SYSTEM "file:///etc/passwd">%a;]>\n'), "refused", "SRC202"),
    "external DTD": (_head('<!DOCTYPE i SYSTEM "http://127.0.0.1:9/a.dtd">\n'), "refused", "SRC202"),
    "DOCTYPE behind a long comment": (_head(f"<!--{'-a' * 40_000}-->\n<!DOCTYPE i [ ]>\n"), "refused", "SRC202 SRC205"),
    "entity without a declaration": (_named(b"&secret;"), "item", "SRC203"),
    "entity in an attribute": (_second(rb"<name>", b'<name a="&secret;">'), "item", "SRC203"),
    "character reference to nothing": (_named(b"&#0;"), "item", "SRC225 SRC203 SRC220 SRC227"),
    "depth of 100,000": (_named(b"<a>" * 100_000 + b"</a>" * 100_000), "item", "SRC231 SRC230"),
    "text of 11 MB": (_named(b"a" * 11 * MEGABYTE), "item", "SRC230"),
    "element name of 60 kB": (_named(b"<" + b"n" * 60_000 + b"/>"), "item", "SRC220 SRC231 STR101 STR102 SRC226"),
    "90,000 attributes": (
        _named(b"<a " + b" ".join(b'a%d=""' % n for n in range(90_000)) + b"/>"), "item", "SRC232 SRC230"),
    "10,000 namespaces": (
        _named(b"<a " + b" ".join(b'xmlns:n%d="u"' % n for n in range(10_000)) + b"/>"), "item", "SRC254"),
    "XInclude of a file": (
        _named(b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'), "item", ""),
    "schema from elsewhere": (
        _head("", lambda data: data.replace(
            b"<interchange ", b'<interchange xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            b'xsi:schemaLocation="m33 http://127.0.0.1:9/a.xsd" ', 1)), "read", ""),
    "style sheet": (_head('<?xml-stylesheet href="http://127.0.0.1:9/a.xsl" type="text/xsl"?>\n'), "read", ""),
    "UTF-7": (lambda: sound().replace(b'"UTF-8"', b'"UTF-7"'), "refused", "SRC208"),
    "UTF-16": (lambda: sound().decode().encode("utf-16"), "refused", "SRC208"),
    "UTF-32 without a mark": (lambda: sound().decode().encode("utf-32-le"), "refused", "SRC208 SRC201"),
    "overlong UTF-8": (_named(b"\xc0\xbcscript\xc0\xbe"), "item", "SRC224"),
    "NUL": (_named(b"a\0b"), "item", "SRC225"),
    "escape codes of a terminal": (_named(b"\x1b]0;owned\x07\x1b[2J"), "item", "SRC225"),
    "text in CDATA that closes the item": (_named(b"<![CDATA[</item></interchange>]]>"), "read", ""),
    "comment that closes the item": (_named(b"<!-- </item> -->"), "read", ""),
    "comment that never ends": (_named(b"<!--"), "item", "SRC229 SRC220 SRC221 SRC211"),
    "processing instruction that never ends": (_named(b"<?php system('id')"), "item", "SRC229 SRC220 SRC221 SRC211"),
    "packed with gzip": (lambda: __import__("gzip").compress(sound()), "refused", "SRC201"),
    "an archive of bombs": (lambda: archive(("a.xml", b"\0" * 30 * MEGABYTE)), "refused", "SRC201"),
    "two documents": (lambda: sound() + sound(), "read", "SRC217"),
    "a million start tags": (lambda: b"<interchange>" * MEGABYTE, "refused", ""),
    "200,000 open items": (
        lambda: sound().replace(b"</interchange>", b"<item>" * 200_000), "read", "SRC212 SRC214 SRC221"),
}  # fmt: skip


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=9) as made:
        for name, data in members:
            made.writestr(name, data)
    return out.getvalue()


def rows(*changes: tuple[str, str]) -> Callable[[], bytes]:
    """The sample manifest with some cells of another kind."""

    def made() -> bytes:
        text = (SAMPLES / "manifest/consolidator.csv").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        return text.encode()

    return made


NAME = "Rhys Example"
ROW_FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "quotes that never close": (rows((NAME, f'"{NAME}')), "item", "SRC407"),
    "text behind closed quotes": (rows((NAME, f'"{NAME}"x')), "item", "SRC407"),
    "NUL in a cell": (rows((NAME, "a\0b")), "item", "SRC426"),
    "escape codes in a cell": (rows((NAME, "\x1b[31mred\x1b]0;owned\x07")), "item", "SRC426"),
    "cell of 2 MB": (rows((NAME, "a" * 2 * MEGABYTE)), "item", ""),
    "row of 100,000 cells": (rows((NAME, "a," * 100_000)), "item", "SRC406"),
    "header of 100,000 columns": (rows(("CountryOfOrigin", "," * 100_000)), "refused", "SRC403 SRC422 SRC402"),
    "formula": (rows((NAME, '=HYPERLINK("http://127.0.0.1:9")')), "item", "SRC407 SRC415"),
    "formula that calls a program": (rows((NAME, "=cmd|' /C calc'!A0")), "item", "SRC415"),
    "formula by at sign": (rows((NAME, "@SUM(1+1)")), "item", "SRC415"),
    "bytes of no charset": (lambda: rows()().replace(b"Rhys", b"Rh\x81\x8ds"), "item", "SRC408 SRC409"),
    "UTF-16": (lambda: rows()().decode().encode("utf-16"), "refused", "SRC427"),
    "only separators": (lambda: b"," * MEGABYTE, "refused", "SRC402 SRC422"),
    "a million blank lines": (lambda: b"\n" * MEGABYTE, "refused", ""),
    "only quotes": (lambda: b'"' * MEGABYTE, "refused", ""),
}


def book(*more: tuple[str, bytes], sheet: str = "") -> Callable[[], bytes]:
    """The sample workbook, with other members, or another sheet."""

    def made() -> bytes:
        data = (SAMPLES / "manifest/consolidator.xlsx").read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as found:
            members = {name: found.read(name) for name in found.namelist()}
        if sheet:
            members["xl/worksheets/sheet1.xml"] = sheet.encode()
        return archive(*chain(members.items(), more))

    return made


NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
FAR = f'<worksheet {NS}><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
ENTITY = f'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet {NS}><sheetData>&a;</sheetData></worksheet>'


def _encrypted() -> bytes:
    """The flag that members are encrypted, in both of its places."""
    data = bytearray(book()())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), bytes(data)):
            data[found.start() + at] |= 1
    return bytes(data)


def _claims(size: int) -> bytes:
    """A member that says to open to another size than it does."""
    data = bytearray(book()())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(data)


BOOK_FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "zip bomb": (book(("xl/media/a.bin", b"\0" * 300 * MEGABYTE)), "refused", "SRC425"),
    "sheet of 300 MB": (book(sheet=f"<worksheet {NS}>{' ' * 300 * MEGABYTE}</worksheet>"), "refused", "SRC425"),
    "archive in an archive": (book(("xl/a.zip", archive(("b", b"\0" * 9 * MEGABYTE)))), "read", ""),
    "10,000 members": (book(*((f"xl/{n}", b"") for n in range(10_000))), "read", ""),
    "name that climbs": (book(("../../../../tmp/owned", b"x"), ("/owned", b"x")), "read", ""),
    "last cell of the sheet": (book(sheet=FAR), "refused", ""),
    "external entity": (book(sheet=ENTITY), "refused", ""),
    "encrypted members": (_encrypted, "refused", "SRC424 SRC423"),
    "a size that is a lie": (lambda: _claims(0xFFFFFFF0), "read", ""),
    "old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "refused", "SRC423"),
    "cut in the middle": (lambda: book()()[:2000], "refused", "SRC424"),
}


def shipments(**changes: object) -> bytes:
    """Two requests of a carrier's customer, the second one changed."""
    sample = SAMPLES.parent.parent / "mappings/carrier/cases/teleship-shipment/a-list-of-two.in"
    one, _ = json.loads(sample.read_bytes())
    return json.dumps([one, one | changes], ensure_ascii=False).encode()


def _raw(text: str) -> Callable[[], bytes]:
    """A member of the second request with text that is no JSON, or more than a reader should take."""
    return lambda: shipments(customerReference="@@").replace(b'"@@"', text.encode("utf-8", "surrogatepass"))


JSON_FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "depth of 100,000": (_raw("[" * 100_000 + "]" * 100_000), "item", "SRC511"),
    "objects of depth 50,000": (_raw('{"a":' * 50_000 + "1" + "}" * 50_000), "item", "SRC511"),
    "only opening brackets": (lambda: b"[" * MEGABYTE, "read", "SRC511"),
    "number of 5,000 digits": (_raw("9" * 5_000), "item", "SRC513"),
    "exponent of 999,999,999": (_raw("1e999999999"), "item", ""),
    "NaN": (_raw("NaN"), "item", "SRC506"),
    "Infinity": (_raw("-Infinity"), "item", "SRC506"),
    "half a character": (_raw('"\\ud800"'), "item", "SRC507"),
    "surrogate as bytes": (_raw('"\ud800"'), "item", "SRC510"),
    "name said twice": (_raw('1, "customerReference": 2'), "item", "SRC508"),
    "10,000 names said twice": (_raw("{" + ",".join('"a": 1' for _ in range(10_000)) + "}"), "item", "SRC508"),
    "control character": (_raw('"\x1b[2J"'), "item", "SRC509"),
    "text of 11 MB": (_raw('"' + "a" * 11 * MEGABYTE + '"'), "item", "SRC512 SRC230"),
    "UTF-16": (lambda: shipments().decode().encode("utf-16"), "refused", "SRC502"),
    "UTF-32": (lambda: shipments().decode().encode("utf-32-be"), "refused", "SRC502"),
    "10,000 empty objects": (lambda: b"[" + b"{}," * 10_000 + b"{}]", "read", ""),
    "text that never ends": (_raw('"' + "a" * 100_000), "item", ""),
    "a million backslashes": (_raw('"' + "\\" * 999_999 + '"'), "item", ""),
}


def every() -> Iterator[tuple[str, Hostile]]:
    """All of them, by a name that tells the syntax."""
    kinds = (("xml", XML, XML_FILES), ("rows", ROWS, ROW_FILES), ("book", BOOK, BOOK_FILES), ("json", JSON, JSON_FILES))
    for syntax, format_name, found in kinds:
        for name, (data, fate, codes) in found.items():
            yield f"{syntax}: {name}", Hostile(format_name, data, fate, frozenset(codes.split()))
