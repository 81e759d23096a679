"""Tables at work on files: read, completed, written, compared leaf by leaf."""

import io
import os
from datetime import date
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from adapters.customs.uk import AUTHORITY
from gateway.mapping.protocols import Filing, Item, Limits, Opening, Slice
from gateway.mapping.registry import Registry, shipped
from gateway.model import Moment

ON = date(2026, 9, 14)
SETTINGS = {"declarant-id": "GB123456789000", "location": "GBAUBELBFSBEL", "exchange-rates": "sample"}
CASES = shipped() / "customs" / "uk" / "cases" / "h7"
SAMPLES = Path(__file__).resolve().parents[1] / "samples"


@pytest.fixture(scope="session")
def shared():
    """The folder of schemas and samples of others, which is no part of the project."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("GATEWAY_SHARED_DATA", beside))
    if not (folder / "uk-cds").is_dir():
        pytest.skip("no shared data: set GATEWAY_SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def samples():
    return SAMPLES


@pytest.fixture(scope="session")
def registry():
    return Registry()


class Desk:
    """One table at work."""

    def __init__(self, registry, name):
        self.format = registry.format(name, ON)

    def parts(self, data):
        """Openings, items and whatever else the syntax makes of the bytes; each item with its opening and bytes."""
        syntax, plan, limits = self.format.syntax, self.format.plan, Limits()
        opening = None
        for part in syntax.slices(io.BytesIO(data), plan, len(data), limits):
            if isinstance(part, Opening):
                opening = part
                yield part, opening, b""
            elif isinstance(part, Slice):
                raw = data[part.offset : part.offset + part.length]
                for item in syntax.items(opening, part, raw, plan, limits):
                    yield item, opening, data[item.span.offset : item.span.offset + item.span.length]
            else:
                yield part, opening, b""

    def items(self, data):
        return [(part, opening, raw) for part, opening, raw in self.parts(data) if isinstance(part, Item)]

    def read(self, data):
        return [self.format.read(item) for item, _, _ in self.items(data)]

    def outer(self, data):
        return [self.format.read_outer(part) for part, _, _ in self.parts(data) if isinstance(part, Opening)]

    def traces(self, data):
        return [self.format.trace_read(item, raw, opening) for item, opening, raw in self.items(data)]


@pytest.fixture(scope="session")
def desk(registry):
    made = {}
    return lambda name: made.setdefault(name, Desk(registry, name))


@pytest.fixture(scope="session")
def case(samples):
    """A consignment that was declared by hand: message, settings, expected declaration."""

    def of(name):
        own = samples / "uk-h7" / f"{name}.settings.json"
        settings = SETTINGS | (msgspec.json.decode(own.read_bytes()) if own.exists() else {})
        return (samples / "uk-h7" / f"{name}.xml").read_bytes(), settings, (CASES / f"{name}.in").read_bytes()

    return of


@pytest.fixture(scope="session")
def declare():
    """Complete a consignment for the United Kingdom."""

    def complete(record, settings, lrn="GW1-TEST"):
        return AUTHORITY.complete(record, Filing(lrn, Moment("2026-09-14T10:00:00Z")), settings, ON)

    return complete


@pytest.fixture(scope="session")
def leaves():
    return leaves_of


def leaves_of(data):
    """Every text and attribute of a document with its path by local names; what only prefixes say is left out."""
    root = etree.fromstring(data) if isinstance(data, bytes) else data
    found = []

    def walk(element, path):
        here = f"{path}/{etree.QName(element).localname}"
        children = [child for child in element if isinstance(child.tag, str)]
        text = "".join(element.itertext(with_tail=False)).strip() if not children else ""
        if text:
            found.append((here, text))
        found.extend((f"{here}/@{name}", value) for name, value in element.attrib.items() if "{" not in name)
        for child in children:
            walk(child, here)

    walk(root, "")
    return found
