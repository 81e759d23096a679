"""The same translation by the shipped tables: split at bytes, read into records, the filer's facts laid in, written."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from gateway.mapping.protocols import Item, Limits, Opening, Slice
from gateway.mapping.registry import Registry
from gateway.model import (
    Address,
    Consignment,
    Declaration,
    Document,
    GoodsItem,
    Identification,
    Location,
    Party,
    Procedure,
    Reference,
    Transport,
)

DAY = date(2026, 9, 14)
FILER = Party(ids=(Identification(kind="EORI", id="GB000000000001"),))
AGENT = replace(FILER, capacity="2")
PLACE = Location(name="EXAEXAEXA", type="A", qualifier="U", address=Address(country="GB"))
POST = Transport(mode="5")
VENDOR = (Reference(id="IM0000000000", role="FR5"),)
PROCEDURE = Procedure(requested="40", previous="00")
RELIEF = ("1H7", "C07")

_registry = Registry()
SOURCE = _registry.format("upu/itmatt-1.5", DAY)
TARGET = _registry.format("customs/uk/h7", DAY)
SOURCE.scanner, SOURCE.reader, TARGET.writer  # compiled before the clock runs, as the yardstick is  # noqa: B018


def records(path: Path) -> Iterator[Any]:
    """Every item of a file as a record."""
    limits, opening = Limits(file_bytes=10**9), None
    with path.open("rb") as stream, path.open("rb") as again:
        for part in SOURCE.syntax.slices(stream, SOURCE.plan, path.stat().st_size, limits):
            if isinstance(part, Opening):
                opening = part
            elif isinstance(part, Slice) and opening:
                again.seek(part.offset)
                for item in SOURCE.items(opening, part, again.read(part.length), limits):
                    if isinstance(item, Item):
                        yield SOURCE.read(item).record


def translate(path: Path) -> Iterator[str]:
    for record in records(path):
        yield TARGET.write(declared(record)).text or ""


def read(path: Path) -> Iterator[str]:
    """Reading alone."""
    for _ in records(path):
        yield ""


def declared(parcel: Consignment) -> Consignment:
    """What the filer knows, laid in."""
    return replace(
        parcel,
        declaration=Declaration(type="IMA", lrn=f"GW1{parcel.item_id}"),
        declarant=FILER,
        representative=AGENT,
        goods_location=PLACE,
        transport=POST,
        package_count=1,
        fiscal_references=VENDOR,
        documents=(Document(kind="previous", type="ZZZZ", id=parcel.item_id),),
        goods_items=tuple(map(_declared, parcel.goods_items)),
    )


def _declared(goods: GoodsItem) -> GoodsItem:
    return replace(
        goods,
        tariff_code=goods.hs_code,
        gross_mass=goods.net_mass,
        procedure=PROCEDURE,
        additional_procedures=RELIEF,
    )
