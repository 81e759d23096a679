"""The corpus: as many invented items as wanted, the same for a seed, true about its faults, at constant memory."""

import csv
import os
import tracemalloc
import unicodedata
from collections import Counter
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree

from gateway.checks.hs import is_known
from gateway.checks.s10 import is_valid
from gateway.demo.corpus import FAULTS, itmatt, truth

ITEM = "{m33}item"
SHARED = Path(os.environ.get("GATEWAY_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


def document(*args, **how):
    return etree.fromstring(b"".join(itmatt(*args, **how)))


def texts(root, name):
    return [element.text for element in root.iter(f"{{m33}}{name}")]


def test_the_same_seed_makes_the_same_bytes_and_another_one_others():
    assert b"".join(itmatt(50, seed=7)) == b"".join(itmatt(50, seed=7)) != b"".join(itmatt(50, seed=8))


def test_a_longer_run_begins_with_the_items_of_a_shorter_one():
    short, long = (document(items, seed=3) for items in (10, 200))
    assert texts(short, "item-id") == texts(long, "item-id")[:10]


def test_identifiers_are_valid_and_never_repeat():
    found = texts(document(3000, seed=1), "item-id")
    assert len(set(found)) == 3000
    assert all(map(is_valid, found))


def test_items_come_from_many_countries_in_many_scripts():
    root = document(2000, seed=2)
    countries = {element.findtext("{m33}address/{m33}country") for element in root.iter("{m33}sender")}
    assert len(countries) >= 12
    written = "".join(texts(root, "name") + texts(root, "description") + texts(root, "city"))
    scripts = {unicodedata.name(letter).split()[0] for letter in set(written) if letter.isalpha()}
    assert {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "THAI", "CJK", "HANGUL"} <= scripts


def test_there_are_one_to_four_kinds_of_goods_and_several_natures_and_classes():
    root = document(2000, seed=2)
    assert set(Counter(len(item.findall("{m33}content-piece")) for item in root.iter(ITEM))) == {1, 2, 3, 4}
    assert {"11", "31", "32", "21"} <= set(texts(root, "nature-of-transaction"))
    assert set(texts(root, "mail-class")) == {"U", "C", "E"}


@pytest.mark.parametrize("name", ["goods.csv", "native.csv"])
def test_every_commodity_code_is_of_the_harmonized_system(name):
    with (files("gateway.demo.corpus") / name).open(encoding="utf-8") as stream:
        codes = [row["tariff"] for row in csv.DictReader(stream)]
    assert len(codes) >= 20
    assert all(len(code) == 8 and is_known(code) for code in codes)


def test_items_are_posted_before_the_day_of_preparation():
    found = texts(document(300, seed=1, day=date(2026, 1, 3)), "posting-date")
    assert all("2025-12-29" <= text[:10] <= "2026-01-02" for text in found)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no shared data: set GATEWAY_SHARED_DATA")
def test_a_sound_file_is_valid_against_the_reconstructed_schema():
    schema = etree.XMLSchema(etree.parse(SHARED / "upu/profiles/itmatt-1.5.0.xsd"))
    schema.assertValid(document(1000, seed=5))


def test_there_are_at_least_twelve_kinds_of_faults():
    assert len(FAULTS) >= 12
    assert {fault.fate for fault in FAULTS.values()} == {"quarantined", "held", "passes"}


def test_the_truth_names_each_fault_and_no_other():
    told = list(truth(2000, seed=4, faults=0.1))
    assert 140 < len(told) < 260
    assert len({each.fault for each in told}) == len(FAULTS)
    sound = b"".join(itmatt(2000, seed=4)).split(b"        <item>\n")
    faulty = b"".join(itmatt(2000, seed=4, faults=0.1)).split(b"        <item>\n")
    assert {at for at, (one, other) in enumerate(zip(sound, faulty, strict=True)) if one != other} == {
        each.ordinal for each in told
    }


def test_named_faults_stand_where_they_are_asked_for():
    assert [(each.ordinal, each.fault) for each in truth(2000, faults={1234: "gross-zero", 2000: "hs-missing"})] == [
        (1234, "gross-zero"),
        (2000, "hs-missing"),
    ]
    assert len({each.ordinal for each in truth(100, faults=list(FAULTS))}) == len(FAULTS)


def test_memory_does_not_grow_with_the_number_of_items():
    peaks = []
    for items in (500, 5000):
        tracemalloc.start()
        for _ in itmatt(items, seed=1):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.1
