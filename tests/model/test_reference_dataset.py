"""The model against the WCO reference dataset: each postal element is a field, or is left out with a reason."""

import csv
import os
from functools import cache
from pathlib import Path

import pytest

from gateway.model import Consignment
from gateway.model.dictionary import at, fields, records

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("GATEWAY_SHARED_DATA", HERE.parents[2] / "shared" / "data"))
DATASET = SHARED / "wco" / "reference-dataset.csv"
FLAGS = ("WCO_usage_UPU_flag", "ICS2_IE3F43_postal_house", "EU_H7_DK_v1.9", "EU_H6_postal_DK_v2.1")

pytestmark = pytest.mark.skipif(not DATASET.is_file(), reason="the WCO reference dataset is not here")


def read(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


@cache
def classes():
    return {row["class"]: row for row in read(HERE / "reference-classes.csv")}


@cache
def elements():
    return {(row["class"], row["element"]): row for row in read(HERE / "reference-elements.csv")}


def postal_elements():
    return [
        (row["path_in_WCO_DM_3_6_XML"].strip("/"), row["wco_id"])
        for row in read(DATASET)
        if any(row[flag] for flag in FLAGS)
    ]


def left_out_above(path):
    steps = path.split("/")
    return any(classes().get("/".join(steps[:n]), {}).get("left_out") for n in range(1, len(steps) + 1))


def record_of(model):
    return Consignment if model == "." else at(Consignment, model).record


def field_of(path):
    """The field of an element, or a reason why there is none."""
    parent, _, element = path.rpartition("/")
    row = classes().get(parent)
    if row is None:
        return None, ""
    record, name = record_of(row["model"]), parent.rpartition("/")[2]
    for key in ((name, element), (record.__name__, element), ("*", element)):
        if key in elements():
            found = elements()[key]
            return (at(record, found["field"]) if found["field"] else None), found["left_out"]
    return None, ""


def missing():
    for path, wco_id in postal_elements():
        if path in classes() or left_out_above(path):
            continue
        field, reason = field_of(path)
        if field is None and not reason:
            yield f"{wco_id} {path}: no field and no reason"
        elif field is not None and wco_id and wco_id not in field.wco:
            yield f"{wco_id} {path}: field {field.name} does not carry this id but {field.wco}"


def classes_without_id():
    """Classes that are a record of their own carry their id; the others are dissolved into the record above."""
    for path, wco_id in postal_elements():
        row = classes().get(path)
        if row is None or not row["model"] or not wco_id:
            continue
        above = classes().get(path.rpartition("/")[0], {"model": "."})["model"]
        if row["model"] not in {".", above} and wco_id not in at(Consignment, row["model"]).wco:
            yield f"{wco_id} {path}: field {row['model']} does not carry this id"


def test_the_dataset_is_read():
    assert len(postal_elements()) > 200


def test_each_postal_element_is_a_field_with_its_id_or_left_out_with_a_reason():
    assert list(missing()) == []


def test_each_postal_class_is_a_record_with_its_id_or_dissolved_into_one():
    assert list(classes_without_id()) == []


def test_each_class_and_field_named_is_in_the_model():
    lost = [
        row["class"]
        for row in classes().values()
        if row["model"] not in {"", "."} and not at(Consignment, row["model"])
    ]
    assert lost == []


def test_each_exception_is_needed():
    paths = {path for path, _ in postal_elements()}
    used = {path.rpartition("/")[0] for path in paths} | paths
    idle = [path for path in classes() if not any(one == path or one.startswith(f"{path}/") for one in used)]
    assert idle == []


def test_an_element_that_is_neither_is_noticed(monkeypatch):
    without = {key: row for key, row in elements().items() if key != ("Commodity", "Description")}
    monkeypatch.setitem(globals(), "elements", lambda: without)
    assert any("Commodity/Description" in line for line in missing())


def test_every_record_is_reachable():
    assert {"Party", "Step", "Receptacle", "Product"} <= set(records())
    assert all(fields(record) for record in records().values())
