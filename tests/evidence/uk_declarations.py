"""What the gateway makes of declarations to the United Kingdom, kind by kind: samples, and what it writes itself.

Samples: HMRC customs-declarations API, synthetic ones beside it, and our own messages beside the tables
(`mappings/customs/uk/cases`). Of each one: whether it is valid against `wrapper_submit.xsd`, and which of its elements
come back when it is read and written (paths with their texts, without namespaces and comments). Of each kind: whether
what is made of the ten consignments that were declared by hand is valid (exports: the parcels turned round).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
from lxml import etree

from adapters.customs.uk import AUTHORITY
from gateway.findings import Finding
from gateway.mapping.format import Format
from gateway.mapping.protocols import Filing
from gateway.mapping.registry import Registry, shipped
from gateway.model import Consignment, Declaration, DeliveryTerms, Identification, Moment, Party, Reference
from gateway.model.laying import laid_under
from tests.tables.conftest import SAMPLES, SETTINGS, Desk, leaves_of

ON = date(2026, 9, 14)
SCHEMA = "uk-cds/schemas/customs/wrapper_submit.xsd"
FOLDER = "uk-cds/samples"
CASES = shipped() / "customs" / "uk" / "cases"
EORI = (Identification(kind="EORI", id="GB123456789000"),)


class Kind(NamedTuple):
    """A kind of declaration: its samples, and what its filer knows."""

    samples: tuple[str, ...]
    settings: Mapping[str, str]
    record: Consignment = Consignment()
    export: bool = False


FULL = {"valuation-method": "1", "preference": "100", "payment-method": "E", "origin-kind": "1", "package-type": "PK",
        "deferment-account": "1234567"}  # fmt: skip
EXPORT = {"origin-kind": "1", "package-type": "PK", "statements": ""}
KINDS: Mapping[str, Kind] = {
    "h7": Kind(("TT_IM067a.xml", "own/h7_postal_c07_f48_ioss.xml"), {}),
    "h7-grouped": Kind((), {"statements": "00500=Importer"}, Consignment(importer=Party(ids=EORI))),
    "birds": Kind(
        ("TT_IM072a.xml",),
        {
            "documents": "1BRD=GBBIRDS0001",
            "entry-summary": "26GB34F7Y1O2CX8PT4",
            "statements": "00500=Importer",
            "package-type": "PA",
        },
        Consignment(
            importer=Party(ids=EORI),
            authorisations=(Reference(type="BRD", id="GB123456789000"),),
            declaration=Declaration(supervising_office="GBSAA001"),
        ),
    ),
    "low-value-import": Kind((), FULL, Consignment(delivery_terms=DeliveryTerms(code="DAP", location="GBLON"))),
    "low-value-export": Kind((), EXPORT, Consignment(declaration=Declaration(exit_office="GB000060")), export=True),
}


class Row(NamedTuple):
    """One kind; `differences` are elements that are lost (-) or added (+) between reading and writing."""

    kind: str
    samples: int
    own: int
    valid: int
    kept: int
    leaves: int
    differences: tuple[str, ...]
    written: int
    valid_written: int
    faults: tuple[str, ...]


def rows(shared: Path, registry: Registry) -> Iterator[Row]:
    """One row a kind; `shared` holds the published schemas and samples."""
    schema = etree.XMLSchema(etree.parse(shared / SCHEMA))
    for name, kind in KINDS.items():
        desk = Desk(registry, f"customs/uk/{name}")
        own = [file.read_bytes() for file in sorted((CASES / name).glob("*.in")) if _is_clean(file)]
        messages = [*((shared / FOLDER / sample).read_bytes() for sample in kind.samples), *own]
        compared = [_compared(desk, message) for message in messages]
        written = list(_written(registry, name, kind))
        texts = [text for text, _ in written if text]
        yield Row(
            name,
            len(kind.samples),
            len(own),
            sum(schema.validate(etree.fromstring(message)) for message in messages),
            sum(kept for kept, _, _ in compared),
            sum(total for _, total, _ in compared),
            tuple(each for _, _, differences in compared for each in differences),
            len(written),
            sum(schema.validate(etree.fromstring(text)) for text in texts),
            tuple(f"{finding.code} {finding.model_path}" for _, found in written for finding in found),
        )


def declarations(registry: Registry) -> Iterator[tuple[str, list[bytes]]]:
    """By kind what is made of each consignment."""
    for name, kind in KINDS.items():
        yield name, [text for text, _ in _written(registry, name, kind) if text]


def _is_clean(file: Path) -> bool:
    """Not one of those that show what is refused."""
    return not file.with_suffix(".findings").exists()


def _compared(desk: Desk, sample: bytes) -> tuple[int, int, list[str]]:
    """How many elements come back, of how many, and every difference."""
    (reading,) = desk.read(sample)
    before = Counter(leaves_of(sample))
    after = Counter(leaves_of(desk.format.write(reading.record).text.encode()))
    lost = [f"- {path} {text}" for path, text in (before - after).elements()]
    new = [f"+ {path} {text}" for path, text in (after - before).elements()]
    return (before & after).total(), before.total(), lost + new


def _written(registry: Registry, name: str, kind: Kind) -> Iterator[tuple[bytes | None, tuple[Finding, ...]]]:
    """Every consignment that was declared by hand as a declaration of this kind, with all that is found."""
    target = registry.format(f"customs/uk/{name}", ON)
    for record, own in _consignments(registry):
        said, found = completed(target, laid_under(turned(record) if kind.export else record, kind.record), kind, own)
        if AUTHORITY.takes_several(target.plan.name):
            said = AUTHORITY.joined((said,), filing_of(target), SETTINGS | kind.settings)
        written = target.write(said)
        yield written.text.encode() if written.text else None, (*found, *written.findings)


def completed(
    target: Format, record: Consignment, kind: Kind, own: Mapping[str, str]
) -> tuple[Consignment, tuple[Finding, ...]]:
    return AUTHORITY.complete(record, filing_of(target), SETTINGS | dict(own) | dict(kind.settings), ON)


def filing_of(target: Format) -> Filing:
    """A filing of evidence; its LRN says so."""
    return Filing("GW1-EVIDENCE", Moment("2026-09-14T10:00:00Z"), target=target.plan.name)


def _consignments(registry: Registry) -> Iterator[tuple[Consignment, Mapping[str, str]]]:
    itmatt = Desk(registry, "upu/itmatt-1.5")
    for file in sorted((SAMPLES / "uk-h7").glob("*.xml")):
        own = file.with_suffix(".settings.json")
        settings = msgspec.json.decode(own.read_bytes()) if own.exists() else {}
        (reading,) = itmatt.read(file.read_bytes())
        yield reading.record, {key: text for key, text in settings.items() if key != "declaration-type"}


def turned(record: Consignment) -> Consignment:
    """The consignment on its way back: an export of the United Kingdom."""
    return msgspec.structs.replace(
        record,
        consignor=record.consignee,
        consignee=record.consignor,
        export_country=record.destination_country,
        destination_country=record.export_country,
    )
