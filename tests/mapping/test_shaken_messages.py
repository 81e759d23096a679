"""Golden messages with elements left out, doubled, moved, renamed, filled otherwise: compiled and twin agree."""

import random

import pytest
from lxml import etree

from gateway.mapping.protocols import Item
from gateway.mapping.registry import Registry, shipped

from .conftest import ON, Desk
from .test_twin_agrees import agree

TEXTS = [
    "",
    " ",
    "0",
    "1.5",
    "1,5",
    "ABC",
    "ZZ",
    "A & B",
    "2026-09-13",
    "20260913",
    "x" * 300,
    "true",
    "GBP",
    "é\u0301",
]
CASES = [
    (name, case)
    for name in Registry().names()
    if Registry().plan(name, ON).syntax == "xml"
    for case in sorted((shipped() / name).parent.glob(f"cases/{name.rpartition('/')[2]}/*.in"))
]


def shaken(text, dice):
    """The message with a few changes, each at any place."""
    root = etree.fromstring(text)
    for _ in range(dice.choice([1, 1, 2, 4])):
        elements = [element for element in root.iterdescendants() if isinstance(element.tag, str)]
        if not elements:
            break
        change(dice.choice(elements), dice)
    return etree.tostring(root, encoding="unicode")


def change(element, dice):
    parent = element.getparent()
    match dice.choice([0, 1, 2, 3, 3, 3, 4, 5, 6, 7]):
        case 0:
            parent.remove(element)
        case 1:
            parent.insert(dice.randint(0, len(parent)), etree.fromstring(etree.tostring(element)))
        case 2:
            parent.append(element)
        case 3:
            said = element.text or ""
            element.text = dice.choice([*TEXTS, *[said[:-1], f"{said}1", f" {said} "] * 4])
        case 4:
            element.tag = dice.choice([element.tag + "X", "{urn:other}a", dice.choice(list(parent)).tag])
        case 5:
            element.attrib[dice.choice([*element.attrib, "strange"])] = dice.choice(TEXTS)
        case 6:
            for name in element.attrib:
                del element.attrib[name]
        case _:
            element.tail = dice.choice(["stray", "\n\n", ""])


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{case.stem}" for name, case in CASES])
def test_readers_agree_on_shaken_messages(name, case):
    table, text = Desk(Registry().format(name, ON)), case.read_bytes()
    for seed in range(25):
        message = shaken(text, random.Random(f"{case.stem} {seed}"))
        agree(table, message)
        if table.plan.writes:
            write_all(table, message)


def write_all(table, message):
    for item, _, _ in table.units(message):
        record = table.form.read(item).record if isinstance(item, Item) else None
        if record is not None:
            table.write(record)


def empty(element):
    return len(element) == 0 and not (element.text or "").strip() and not element.attrib


CLEAN = [(name, case) for name, case in CASES if not case.with_suffix(".findings").exists()]


@pytest.mark.parametrize(("name", "case"), CLEAN, ids=[f"{name}-{case.stem}" for name, case in CLEAN])
def test_golden_messages_take_the_fast_way(name, case):
    """Otherwise the test above would prove little, and the gateway would be slow. Empty elements are the twin's."""
    table = Desk(Registry().format(name, ON))
    for item, _, _ in table.units(case.read_bytes()):
        if isinstance(item, Item) and not any(map(empty, item.body.iter())):
            record = table.form.reader(item.body, item.equals)
            assert record == table.form.twin_reader.read(item).record
            assert table.writes_compiled(record) or not table.plan.writes
