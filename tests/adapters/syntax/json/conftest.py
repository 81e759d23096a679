"""Plans of three ways to the units, and a reader that checks every place it is given."""

import io

import pytest

from adapters.syntax.json import SYNTAX
from gateway.mapping.plan import Element, Plan, Step
from gateway.mapping.protocols import Bad, Closing, Limits, Opening, Slice
from tests.adapters.syntax.found import Found


def element(name, *children):
    return Element(name, name, name, children=children)


UNIT = (element("id"), element("from", element("name")), element("goods", element("sku"), element("value")))


def plan_of(*names, record="Consignment"):
    """A plan whose units stand in a list below these names; none: the documents are the units."""
    way = element("parcel", *UNIT)
    for name in reversed(names):
        way = element("batch", element("shop"), element(name, *way.children))
    steps = tuple(Step(name) for name in (("batch", *names) if names else ("parcel",)))
    root, unit = (steps[:1], steps[1:]) if record == "Message" else (steps, ())
    return Plan("test/json", "", "json", record, "Consignment", root, unit, {}, document=way)


@pytest.fixture(scope="session")
def plan():
    return plan_of()


@pytest.fixture(scope="session")
def enveloped():
    return plan_of("parcels", record="Message")


@pytest.fixture(scope="session")
def nested():
    return plan_of("orders", "parcels")


@pytest.fixture(scope="session")
def item():
    """One unit as bytes."""

    def made(number):
        return (
            b'{"id": "P%d", "from": {"name": "\xc3\x85sa"}, "goods": [{"sku": "A", "value": 12.50}, {"sku": "B"}]}'
        ) % number

    return made


@pytest.fixture(scope="session")
def read(plan):
    """Split and read a file; every ordinal, line and count is checked on the way."""

    def reading(data, way=None, limits=None, size=500):
        way, limits = way or plan, limits or Limits()
        found, opening, ordinal = Found(), None, 0
        for event in SYNTAX.slices(io.BytesIO(data), way, size, limits):
            if isinstance(event, Opening):
                opening = event
                found.openings.append(event)
            elif isinstance(event, Closing):
                found.closings.append(event)
            elif isinstance(event, Bad) and event.ordinal is None:
                found.parts.append(event)
            else:
                outcomes = [event]
                if isinstance(event, Slice):
                    found.slices.append(event)
                    stretch = data[event.offset : event.offset + event.length]
                    outcomes = list(SYNTAX.items(opening, event, stretch, way, limits))
                    assert len(outcomes) == event.items <= size
                for one in outcomes:
                    ordinal += 1
                    assert one.ordinal == ordinal
                    assert one.span.line == 1 + data.count(b"\n", 0, one.span.offset)
                found.outcomes += outcomes
        assert sum(closing.items for closing in found.closings) == len(found.outcomes)
        return found

    return reading


@pytest.fixture(scope="session")
def cut():
    """The bytes of an outcome."""
    return lambda data, one: data[one.span.offset : one.span.offset + one.span.length]
