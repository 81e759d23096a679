"""Pointers of Danish customs in figures: present, led to the end, led part of the way, leading nowhere.

Published are the names in pointers of the authority's examples (`customs/dk/pointers`, each row as one pointer); the
others stand in synthetic notifications, in the shared facts and beside our tables. They are followed through an H7 of
two goods items, written and traced.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from adapters.customs.json_pointer import Name, follow, names
from gateway.checks.lists import rows as lists
from gateway.mapping.registry import Registry, shipped
from gateway.mapping.trace import Entry
from gateway.model import Step
from tests.adapters.customs.dk.declared import DAY, complete, goods, parcel

KNOWN = names(lists, "customs/dk")
CASES = shipped() / "customs" / "dk" / "cases"
SHARED = "dk-dms/samples/own/notifications_v2_page0.xml"
TEXTS = ("DocumentSectionCode", "pointer")


class Row(NamedTuple):
    """Pointers of one origin; `short` are those that stop before their end, with what is left of them."""

    origin: str
    present: int
    whole: int
    part: int
    short: tuple[str, ...]


def rows(shared: Path, registry: Registry) -> Iterator[Row]:
    said, _ = complete(parcel(goods(), goods(code="901580")))
    written = registry.format("customs/dk/h7", DAY).trace_write(said).entries
    yield _row("published names", published(), written)
    yield _row("shared notifications", _texts([shared / SHARED]), written)
    yield _row("our notifications", _texts(sorted(CASES.glob("*notification*/*.in"))), written)


def published() -> list[str]:
    """Each row of the table as the pointer that leads there."""
    return sorted({f"${_to(name)}" for name in KNOWN})


def _to(name: Name) -> str:
    above = next((one for one in KNOWN if one.element.rpartition("/")[2] == name.within and one.element != "."), None)
    narrowed = f"[?(@.{name.key} == '{name.value}')]" if name.key else ""
    return f"{_to(above) if above else ''}.{name.name}{narrowed}"


def _texts(files: list[Path]) -> list[str]:
    documents = (etree.parse(file) for file in files)
    found = (each for one in documents for each in one.iter() if isinstance(each.tag, str))
    said = ((each.text or "").strip() for each in found if etree.QName(each).localname in TEXTS)
    return sorted({text for text in said if text.startswith("$")})


def _row(origin: str, pointers: list[str], written: tuple[Entry, ...]) -> Row:
    led = [(text, *follow((Step(text=text),), written, KNOWN)) for text in pointers]
    short = tuple(f"{text}: {'.'.join(part.name for part in left)}" for text, _, left in led if left)
    part = sum(found is not None and bool(left) for _, found, left in led)
    return Row(origin, len(led), len(led) - len(short), part, short)
