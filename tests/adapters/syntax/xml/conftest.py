"""A plan like ITMATT's, files made for it, and a reader that checks every place it is given."""

import io

import pytest

from adapters.syntax.xml import SYNTAX
from gateway.mapping.plan import Element, Plan, Step
from gateway.mapping.protocols import Bad, Closing, Limits, Opening, Slice
from tests.adapters.syntax.found import Found

NAMESPACE = "m33"
HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<interchange xmlns="m33">\n  <message>\n'
    b"    <msghead><sender>CNA</sender><control-reference>1</control-reference></msghead>\n"
    b"    <msgbody>\n      <itmatt_1_5_0>\n"
)
TAIL = b"      </itmatt_1_5_0>\n    </msgbody>\n  </message>\n</interchange>\n"


def element(name, *children):
    return Element(f"{{{NAMESPACE}}}{name}", name, name, children=children)


def steps(*names):
    return tuple(Step(name, NAMESPACE) for name in names)


@pytest.fixture(scope="session")
def plan():
    item = element("item", element("item-id"), element("description"), element("value"))
    body = element("msgbody", element("itmatt_1_5_0", item))
    return Plan(
        "test/itmatt",
        "",
        "xml",
        "Message",
        "Consignment",
        steps("interchange", "message"),
        steps("msgbody", "itmatt_1_5_0", "item"),
        {"": (NAMESPACE,)},
        any_root=True,
        document=element("interchange", element("message", element("msghead", element("sender")), body)),
    )


@pytest.fixture(scope="session")
def item():
    """One item as bytes."""

    def made(number):
        return (
            b"<item>\n          <item-id>RR%08dCN</item-id>\n          <description>toy car</description>\n"
            b'          <value currency="EUR">12.50</value>\n        </item>'
        ) % number

    return made


@pytest.fixture(scope="session")
def file():
    """Items in their envelope, as bytes."""

    def made(items):
        return HEAD + b"".join(b"        " + one + b"\n" for one in items) + TAIL

    return made


@pytest.fixture(scope="session")
def read(plan):
    """Split and read a file; every ordinal, line and count is checked on the way."""

    def reading(data, way=None, limits=None, size=500):
        way, limits = way or plan, limits or Limits()
        found, opening, ordinal = Found(), None, 0
        line, counted = 1, 0
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
                    assert one.ordinal > ordinal
                    ordinal = one.ordinal
                    line, counted = line + data.count(b"\n", counted, one.span.offset), one.span.offset
                    assert one.span.line == line
                found.outcomes += outcomes
        assert sum(closing.items for closing in found.closings) == len(found.outcomes)
        return found

    return reading
