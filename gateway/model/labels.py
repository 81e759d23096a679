"""The model in words for officers: what each field is called, to which group it belongs, what the WCO calls its ids.

English; `gateway.locale` has the other languages.

>>> label("GoodsItem", "hs_code"), group("Consignment", "goods_items")
('HS code', 'goods')
>>> wco_name("145"), wco_name("068")
('Commodity Classification', '')
"""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

LABELS = Path(__file__).with_name("labels.csv")
WCO_NAMES = Path(__file__).with_name("wco_names.csv")


def label(record: str, field: str) -> str:
    """What people call a field of a record; empty where the model has none of that name."""
    return _labels().get((record, field), ("", ""))[1]


def group(record: str, field: str) -> str:
    """The group of data elements that a field of a top record (Message, Movement, Consignment, Decision) opens."""
    return _labels().get((record, field), ("", ""))[0]


def groups() -> tuple[str, ...]:
    """Every group, in the order of the model."""
    return tuple(dict.fromkeys(name for name, _ in _labels().values() if name))


def wco_name(wco_id: str) -> str:
    """The name of a class or element in the WCO Data Model; empty where it is not known."""
    return _wco_names().get(wco_id, "")


@cache
def _labels() -> Mapping[tuple[str, str], tuple[str, str]]:
    return MappingProxyType({(row["record"], row["field"]): (row["group"], row["label"]) for row in _rows(LABELS)})


@cache
def _wco_names() -> Mapping[str, str]:
    return MappingProxyType({row["wco_id"]: row["name"] for row in _rows(WCO_NAMES)})


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(line for line in stream if not line.startswith("#"))
