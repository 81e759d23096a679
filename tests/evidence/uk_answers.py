"""What the gateway makes of the United Kingdom's requests and answers, kind by kind.

Samples: HMRC customs-declarations API (15 notifications), synthetic ones beside it, and our own (`tests/samples`,
`mappings/customs/uk/cases`). Requests: how many are valid against their schemas, what comes back when they are read and
written. Answers: how many are valid as they come and once their elements are put into the schemas' namespaces (the
published ones have none), how many of their values are carried. Both: how many pointers lead all the way to an element
or class, of how many; answers point into a declaration that says every element with four goods items.
"""

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
from lxml import etree

from adapters.customs import wco_pointer
from gateway.mapping.registry import Registry, shipped
from gateway.mapping.trace import Entry
from gateway.model import Consignment, Decision, Step
from tests.tables.conftest import SAMPLES, Desk, leaves_of

ON = date(2026, 9, 14)
CASES = shipped() / "customs/uk/cases"
SCHEMAS = "uk-cds/schemas"
SUBMIT, CANCEL, RES = "customs/wrapper_submit.xsd", "customs/wrapper_cancel.xsd", "wco/notification/wrapper_res.xsd"
REQUESTS = {
    "amendment": ("own/amend_one_value.xml", ("amendment", "amendment-grouped", "amendment-birds", "amendment-import",
                                              "amendment-export"), (SUBMIT,)),
    "cancellation": ("own/cancel.xml", ("cancellation",), (SUBMIT, CANCEL)),
    "presentation": ("", ("presentation",), (SUBMIT,)),
}  # fmt: skip
"""By kind: the sample beside the published data, the tables, the schemas that it must satisfy."""
CODES = ("01", "02", "03", "05", "06", "07", "08", "09", "10", "11", "13", "14", "15", "16", "17", "18", "50", "51")
MD, DEC, DEC_DS, RES_NS, RES_DS = (
    f"urn:wco:datamodel:WCO:{name}"
    for name in ("DocumentMetaData-DMS:2", "DEC-DMS:2", "Declaration_DS:DMS:2", "RES-DMS:2", "Response_DS:DMS:2")
)


class Row(NamedTuple):
    """One kind of message; `differences` are elements lost (-) or added (+), values not carried, pointers that stop."""

    kind: str
    samples: int
    own: int
    valid: int
    valid_with_namespaces: int
    kept: int
    leaves: int
    pointers: int
    resolved: int
    differences: tuple[str, ...]


def rows(shared: Path, registry: Registry) -> Iterator[Row]:
    """Requests, then answers by function code; `shared` holds the published schemas and samples."""
    yield from (_request(kind, shared, registry) for kind in REQUESTS)
    everything = _everything(registry)
    found = _by_code(shared, Desk(registry, "customs/uk/response"))
    yield from (_answers(code, found[code], shared, registry, everything) for code in (*CODES, "other"))


# requests


def _request(kind: str, shared: Path, registry: Registry) -> Row:
    sample, tables, names = REQUESTS[kind]
    schemas = [etree.XMLSchema(etree.parse(shared / SCHEMAS / name)) for name in names]
    published = [(tables[0], (shared / "uk-cds/samples" / sample).read_bytes())] if sample else []
    messages = [*published, *_own(tables)]
    valid = sum(all(schema.validate(etree.fromstring(text)) for schema in schemas) for _, text in messages)
    compared = [_compared(Desk(registry, f"customs/uk/{table}"), text) for table, text in messages]
    pointed = [each for _, _, _, pointers in compared for each in pointers]
    return Row(
        kind, len(published), len(messages) - len(published), valid, valid,
        sum(kept for kept, *_ in compared), sum(total for _, total, *_ in compared),
        len(pointed), sum(map(bool, pointed)), tuple(each for _, _, found, _ in compared for each in found),
    )  # fmt: skip


def _own(tables: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Messages that are read, and those that are written of records: one after the other in one file."""
    for table in tables:
        for file in sorted((CASES / table).glob("*")):
            if file.suffix == ".in" and not file.with_suffix(".findings").exists():
                yield table, file.read_bytes()
            elif file.suffix == ".record" and not file.with_suffix(".findings").exists():
                text = file.with_suffix(".out").read_text(encoding="utf-8")
                yield from ((table, f"<?xml{each}".encode()) for each in text.split("<?xml") if each.strip())


def _compared(desk: Desk, message: bytes) -> tuple[int, int, list[str], list[bool]]:
    """Elements that come back, of how many, every difference, and whether each pointer leads to an element here.

    What a request names and does not bring is gone: the class above it is all that is left to point at.
    """
    (reading,) = desk.read(message)
    written = desk.format.trace_write(reading.record)
    text = desk.format.write(reading.record).text
    assert text is not None
    before, after = Counter(leaves_of(message)), Counter(leaves_of(text.encode()))
    lost = [f"- {path} {value}" for path, value in (before - after).elements()]
    new = [f"+ {path} {value}" for path, value in (after - before).elements()]
    chains = [each.pointer for each in (*reading.record.amendments, *reading.record.statements) if each.pointer]
    led = [leads_all_the_way(chain, written.entries) for chain in chains]
    stopping = [f"{told(chain)} stops" for chain, ok in zip(chains, led, strict=True) if not ok]
    return (before & after).total(), before.total(), lost + new + stopping, led


# answers


def _by_code(shared: Path, desk: Desk) -> dict[str, list[tuple[str, bool, bytes]]]:
    """Every well-formed sample by its function code: its name, whether it is published, its bytes."""
    published = sorted((shared / "uk-cds/samples").glob("Example_DMS_notifications/*.xml"))
    published += sorted((shared / "uk-cds/samples/own").glob("res*.xml"))
    own = sorted((SAMPLES / "uk-response").glob("*.xml")) + sorted(
        filter(_is_answer, (CASES / "response").glob("*.in"))
    )
    found: defaultdict[str, list[tuple[str, bool, bytes]]] = defaultdict(list)
    for file in (*published, *own):
        for reading in desk.read(file.read_bytes()):
            code = reading.record.code
            found[code if code in CODES else "other"].append((file.stem, file in published, file.read_bytes()))
    return found


def _is_answer(case: Path) -> bool:
    """Not one that shows what is no notification of this service."""
    found = case.with_suffix(".findings")
    return not (found.exists() and found.read_text(encoding="utf-8").startswith("file:"))


def _answers(
    code: str, found: list[tuple[str, bool, bytes]], shared: Path, registry: Registry, everything: tuple[Entry, ...]
) -> Row:
    schema = etree.XMLSchema(etree.parse(shared / SCHEMAS / RES))
    desk = Desk(registry, "customs/uk/response")
    kept = leaves = pointers = resolved = valid = placed = 0
    differences: list[str] = []
    for name, _, data in found:
        (trace,) = desk.traces(data)
        carried = Counter(_plain(entry.message_path) for entry in trace.entries)
        values = Counter(way for way, _ in leaves_of(data) if "@" not in way and not way.endswith("/WCOTypeName"))
        kept, leaves = kept + (values & carried).total(), leaves + values.total()
        differences += [f"{name}: not carried {way}" for way in (values - carried).elements()]
        chains = list(_chains(trace.record))
        led = [leads_all_the_way(chain, everything) for chain in chains]
        pointers, resolved = pointers + len(led), resolved + sum(led)
        differences += [f"{name}: {told(c)} stops" for c, ok in zip(chains, led, strict=True) if not ok]
        valid += schema.validate(etree.fromstring(data))
        inside = schema.validate(in_namespaces(data))
        placed += inside
        if not inside:
            differences.append(f"{name}: {schema.error_log.last_error.message.replace('}', ' ').split(' ', 1)[1]}")
    published = sum(is_published for _, is_published, _ in found)
    return Row(
        code, published, len(found) - published, valid, placed, kept, leaves, pointers, resolved, tuple(differences)
    )


def _chains(said: Decision) -> Iterator[tuple[Step, ...]]:
    yield from (each.pointer for each in (*said.reasons, *said.changes) if each.pointer)


def in_namespaces(data: bytes) -> etree._Element:
    """A notification with each element in the namespace of its schema, by its name and place."""
    root = etree.fromstring(data)
    for element in root.iter(etree.Element):
        element.tag = f"{{{_namespace(element)}}}{etree.QName(element).localname}"
    return root


def _namespace(element: etree._Element) -> str:
    names = [etree.QName(each).localname for each in (element, *element.iterancestors())]
    if "Response" not in names:
        return MD
    here = element if names[0] == "Declaration" else next(element.iterancestors("{*}Declaration"), None)
    changed = here is not None and here.find("{*}FunctionCode") is not None
    if names[0] == "DateTimeString":
        return DEC_DS if changed else RES_DS
    return DEC if changed else RES_NS


def _plain(path: str) -> str:
    """`Response/Declaration[2]/DutyTaxFee/../ID` as a path from the root without numbers and detours."""
    bare = re.sub(r"\[\d+\]", "", path)
    return posixpath.normpath(bare if bare.startswith("/") else f"/MetaData/{bare}")


# pointers


def leads_all_the_way(chain: Sequence[Step], entries: tuple[Entry, ...]) -> bool:
    """Whether a pointer ends at what it names, and not at some place above it."""
    found = wco_pointer.locate(tuple(chain), entries)
    wanted = len(chain) + sum(1 for step in chain if step.tag)
    first = 0 if chain[0].section == "42A" else 1
    return found is not None and len([each for each in found.wco_ids if each]) == wanted + first


def told(chain: Iterable[Step]) -> str:
    return " ".join(f"{s.section}{f'[{s.number}]' if s.number else ''}{f'+{s.tag}' if s.tag else ''}" for s in chain)


def _everything(registry: Registry) -> tuple[Entry, ...]:
    """A declaration that says every element that a row of ours carries, with four goods items."""
    desk = Desk(registry, "customs/wco/declaration-3.6")
    (reading,) = desk.read((CASES.parents[1] / "wco/cases/declaration-3.6/every-element.in").read_bytes())
    record: Consignment = reading.record
    goods = tuple(msgspec.structs.replace(record.goods_items[0], number=number) for number in range(1, 5))
    return desk.format.trace_write(msgspec.structs.replace(record, goods_items=goods)).entries
