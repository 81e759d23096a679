"""Danish declarations and requests in figures: documents, how many are valid, which of their leaves come back.

Of each format there are the published sample (H7 and H6 only), our own messages and records beside the tables
(`mappings/customs/dk/cases`). What is written for each of them is held against the published schema; the leaves of
messages are compared with what comes back when they are read and written, as canonical element sets.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from lxml import etree

from gateway.mapping.registry import Registry, shipped
from gateway.model import Consignment
from tests.tables.conftest import Desk, leaves_of

SCHEMAS = {
    "h7": "H7_XSDS/DMS_H7_V1.9.xsd",
    "h7-amendment": "H7_XSDS/DMS_H7_AMENDMENT_CORRECTION_V1.8.xsd",
    "h7-presentation": "I2_XSDS/DMS_I2_PN_V1.6.xsd",
    "h7-invalidation": "H7_XSDS/DMS_H7_INVALIDATION_V1.4.xsd",
    "h7-invalidation-repayment": "H7_XSDS/DMS_H7_INVALIDATION_AND_REPAYMENT_V1.4.xsd",
    "h7-repayment": "H7_XSDS/DMS_H7_REPAYMENT_REMISSION_V1.0.xsd",
    "h6": "H6_XSDS/DMS_H6_V2.1.xsd",
    "h6-amendment": "H6_XSDS/DMS_H6_AMENDMENT_CORRECTION_V2.1.xsd",
    "h6-presentation": "I2_XSDS/DMS_I2_PN_V1.6.xsd",
    "h6-invalidation": "H6_XSDS/DMS_H6_INVALIDATION_V2.1.xsd",
    "h6-invalidation-repayment": "H6_XSDS/DMS_H6_INVALIDATION_AND_REPAYMENT_V2.0.xsd",
    "h6-repayment": "H6_XSDS/DMS_H6_REPAYMENT_REMISSION_V2.0.xsd",
}
SAMPLES = {"h7": "H7_Standard_v2.1.xml", "h6": "H6_Standard_v1.2.xml"}
CASES = shipped() / "customs" / "dk" / "cases"
RECORD = msgspec.json.Decoder(Consignment)


class Row(NamedTuple):
    """One kind of message; `differences` are leaves that are lost (-) or added (+) between reading and writing.

    `valid` is None where the package at hand lacks the schema (that of presentations).
    """

    kind: str
    published: int
    messages: int
    records: int
    written: int
    valid: int | None
    leaves: int
    kept: int
    differences: tuple[str, ...]


def rows(shared: Path, registry: Registry) -> list[Row]:
    return [_row(kind, shared / "dk-dms", Desk(registry, f"customs/dk/{kind}")) for kind in SCHEMAS]


def schema_file(folder: Path, kind: str) -> Path:
    """Where the published schema of a kind stands; `folder` holds the Danish package."""
    return folder / "schemas" / "Import_XSDs" / SCHEMAS[kind]


def messages(kind: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The published sample and our own messages of a kind, each with its name."""
    if kind in SAMPLES:
        yield SAMPLES[kind], (folder / "samples" / SAMPLES[kind]).read_bytes()
    for path in sorted((CASES / kind).glob("*.in")):
        if path.with_suffix(".out").exists():  # the others are of another kind, and refused
            yield path.name, path.read_bytes()


def records(kind: str) -> Iterator[tuple[str, Consignment]]:
    for path in sorted((CASES / kind).glob("*.record")):
        yield path.name, RECORD.decode(path.read_bytes())


def written(desk: Desk, record: Consignment) -> bytes:
    """Raises: AssertionError when the record cannot be written."""
    found = desk.format.write(record)
    assert found.text is not None, found.findings
    return found.text.encode()


def _row(kind: str, folder: Path, desk: Desk) -> Row:
    given, said = list(messages(kind, folder)), list(records(kind))
    back = [(data, written(desk, desk.read(data)[0].record)) for _, data in given]
    made = [*(text for _, text in back), *(written(desk, record) for _, record in said)]
    before, after = _leaves(data for data, _ in back), _leaves(text for _, text in back)
    lost, added = before - after, after - before
    return Row(
        kind,
        published=int(kind in SAMPLES),
        messages=len(given) - (kind in SAMPLES),
        records=len(said),
        written=len(made),
        valid=_valid(schema_file(folder, kind), made),
        leaves=before.total(),
        kept=before.total() - lost.total(),
        differences=(*(f"- {path}" for path, _ in lost), *(f"+ {path}" for path, _ in added)),
    )


def _valid(file: Path, documents: list[bytes]) -> int | None:
    if not file.is_file():
        return None
    judge = etree.XMLSchema(etree.parse(file))
    return sum(judge.validate(etree.fromstring(text)) for text in documents)


def _leaves(documents: Any) -> Counter[tuple[str, str]]:
    return Counter(leaf for data in documents for leaf in leaves_of(data))
