"""What a sheet does beside holding values: hidden rows, formulas, merged cells. Told once a file, it costs no item.

Source: ECMA-376-1 §18.2.20 (sheets and their relationships), §18.3.1.40 (f), §18.3.1.55 (mergeCell), §18.3.1.73 (row).
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from posixpath import join, normpath

from lxml import etree

from adapters.syntax.tabular.faults import finding
from adapters.syntax.xml.parse import parse
from gateway.findings import Finding
from gateway.findings.archives import UNREADABLE
from gateway.mapping.protocols import Span

_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"[^>]*?\bhidden="(?:1|true)"')
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<(?:\w+:)?f\b')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z0-9:]+)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def marks(data: bytes, place: Span) -> Iterator[Finding]:
    """What is to be known about the first sheet of a workbook that can be opened."""
    sheet = _first_sheet(data)
    for code, pattern in (("SRC431", _HIDDEN), ("SRC432", _FORMULA), ("SRC433", _MERGED)):
        found = [one[1].decode() for one in pattern.finditer(sheet)]
        if found:
            row = int(re.sub(r"\D", "", found[0].partition(":")[0]))
            yield finding(code, Span(place.offset, place.length, row), count=len(found), cell=found[0])


def _first_sheet(data: bytes) -> bytes:
    """The part of the first sheet; empty where it cannot be made out."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            sheet = parse(archive.read(BOOK)).find(".//{*}sheet")
            relations = parse(archive.read(RELATIONS))
            wanted = sheet.get(_RELATION) if sheet is not None else None
            target = next((str(one.get("Target")) for one in relations if one.get("Id") == wanted), "")
            name = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            return archive.read(name)
    except (*UNREADABLE, OSError, KeyError, etree.XMLSyntaxError):  # a member is missing, or no XML
        return b""
