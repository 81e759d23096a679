"""What the gateway files in Denmark of parcels that were declared elsewhere: written, valid, and what is in the way.

The ten consignments that were declared by hand to the United Kingdom are sent to Denmark instead: completed by the
pack, written as each data set, and asked about by each request. Every text is held against the published schema.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import msgspec
from lxml import etree

from adapters.customs.dk import AUTHORITY
from adapters.customs.parties import eori
from gateway.checks.lists import rows as lists
from gateway.findings import Finding
from gateway.mapping.protocols import Filing, Purpose
from gateway.mapping.registry import Registry
from gateway.model import Amount, Consignment, Repayment
from tests.adapters.customs.dk.declared import AT, DAY, SETTINGS, put
from tests.evidence.dk_declarations import schema_file
from tests.tables.conftest import SAMPLES, Desk

FILER = SETTINGS | {
    "declarant-contact": "B. Broker",
    "declarant-phone": "+4512345678",
    "declarant-email": "b@example.org",
    "guarantee-type": "1",
    "commodity-padding": "zeros",
}
MRN = "26DK000000000001R0"
CLEARED, COMPANY = "cleared", "2"
ASKED: tuple[tuple[Purpose, str, str], ...] = (
    ("amend", "", ""),
    ("present", "", ""),
    ("cancel", "", "124"),
    ("cancel", CLEARED, "24"),
    ("repay", "", "A"),
)


class Row(NamedTuple):
    """One format; `valid` is None where its schema is not at hand, `faults` are the errors that stand in the way."""

    format: str
    parcels: int
    written: int
    valid: int | None
    faults: tuple[str, ...]


def rows(shared: Path, registry: Registry) -> Iterator[Row]:
    """A row for each data set and for each request about it; `shared` holds the published schemas."""
    parcels = tuple(sent(registry))
    for target in ("customs/dk/h7", "customs/dk/h6"):
        yield _row(shared, registry, target, [_filed(each, target) for each in parcels])
        for purpose, outcome, reason in ASKED:
            name = AUTHORITY.request_format(target, purpose, outcome)
            asked = [_asked(registry, each, target, name, purpose, reason) for each in parcels]
            yield _row(shared, registry, name, asked)


def sent(registry: Registry) -> Iterator[Consignment]:
    """The parcels, to Denmark, where companies have a number."""
    desk = Desk(registry, "upu/itmatt-1.5")
    for message in sorted((SAMPLES / "uk-h7").glob("*.xml")):
        for reading in desk.read(message.read_bytes()):
            here = put(reading.record, "consignee.address.country", "DK")
            if here.consignee.company or here.consignee.person_type == COMPANY:
                here = put(here, "consignee.ids", eori("DK87654321"))
            yield msgspec.structs.replace(
                here, destination_country="DK", postage=here.postage or Amount(Decimal(0), "DKK")
            )


Said = tuple[Consignment, tuple[Finding, ...]]


def _filed(parcel: Consignment, target: str, more: Mapping[str, str] = {}) -> Said:
    filing = Filing("GW1ABCDEFGHJKMNPQ", AT, target=target)
    return AUTHORITY.complete(parcel, filing, FILER | more, DAY, lists)


def _asked(registry: Registry, parcel: Consignment, target: str, name: str, purpose: Purpose, reason: str) -> Said:
    """A request about a parcel's declaration: its postage is corrected, goods of a pre-lodged one are presented."""

    def traced(record: Consignment):
        return registry.format(target, DAY).trace_write(record).entries

    claimed = Repayment(amount=Amount(Decimal(100), "DKK"))
    before = msgspec.structs.replace(parcel, repayment=claimed)
    after = msgspec.structs.replace(before, postage=Amount(Decimal("1.50"), "DKK"))
    how = {"declaration-type": "IMD"} if purpose == "present" else {}
    filed, changed = (_filed(each, target, how)[0] for each in (before, after))
    filing = Filing("GW1REQUEST", AT, target=name, purpose=purpose, about="GW1OLD", mrn=MRN, reason=reason)
    return AUTHORITY.request(filing, filed, changed, FILER, traced)


def _row(shared: Path, registry: Registry, name: str, said: list[Said]) -> Row:
    written = [registry.format(name, DAY).write(record) for record, _ in said]
    texts = [each.text.encode() for each in written if each.text]
    stood = [each for _, found in said for each in found] + [each for made in written for each in made.findings]
    errors = (each for each in stood if each.severity == "error")
    return Row(
        name,
        len(said),
        len(texts),
        _valid(schema_file(shared / "dk-dms", name.rpartition("/")[2]), texts),
        tuple(f"{each.code} {each.values.get('code', '')} {each.model_path}" for each in errors),
    )


def _valid(schema: Path, texts: list[bytes]) -> int | None:
    if not schema.is_file():
        return None
    judge = etree.XMLSchema(etree.parse(schema))
    return sum(judge.validate(etree.fromstring(text)) for text in texts)
