"""A row of an operator's own table that cannot be used is told before a parcel comes, and holds parcels, no worker."""

from datetime import UTC, date, datetime

import pytest

from gateway.checks.lists import among, folder
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Filing
from gateway.mapping.registry import Registry
from gateway.model import Consignment, GoodsItem, Moment
from gateway.steps.working.filer import Filer, completed

ON = date(2026, 9, 14)
BAD = [
    ("dk", "rules", " present", " presnt", "there is no test 'presnt'"),
    ("dk", "rules", ",error,", ",eror,", "Invalid enum value"),
    ("dk", "rules", "goods_items[]", "goods_itms[]", "there is no place"),
    ("dk", "required", "2025-09-01", "yesterday", "valid_from 'yesterday' is no day"),
    ("dk", "required", "2025-09-01", "20250901", "valid_from '20250901' is no day"),
    ("dk", "reliefs", ",1150,", ",1.150x,", "should be a number"),
    ("dk", "identifiers", r"IM\d{10}", r"IM(\d{10}", "unterminated subpattern"),
    ("dk", "eu-countries", "code,", "kode,", "there is no column 'code'"),
    ("uk", "reliefs", "limit", "limits", "there is no column 'limit'"),
    ("uk", "procedures", "IMA IMD", "", "there is no type of declaration"),
    ("uk", "statements", " form ", " from ", "there is no test 'from'"),
]


def overlaid(tmp_path, authority, name, old, new):
    """An overlay in which the first place of a text stands otherwise."""
    lines = (folder() / f"customs/{authority}/{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    head, table = [[line for line in lines if line.startswith("#") is said] for said in (True, False)]
    assert old in "".join(table), f"{old} is not in {name}"
    place = tmp_path / f"codes/customs/{authority}/{name}.csv"
    place.parent.mkdir(parents=True)
    place.write_text("".join(head) + "".join(table).replace(old, new, 1), encoding="utf-8")
    return (tmp_path, folder().parent)


@pytest.mark.parametrize("target", ["customs/uk/h7", "customs/dk/h7"])
def test_the_shipped_tables_can_be_used(target):
    assert Registry().law_faults(target) == ()


@pytest.mark.parametrize(("authority", "name", "old", "new", "why"), BAD)
def test_a_row_that_cannot_be_used_is_told_and_holds_the_parcel(tmp_path, authority, name, old, new, why):
    roots = overlaid(tmp_path, authority, name, old, new)
    found = Registry(roots[:1]).law_faults(f"customs/{authority}/h7")
    of_table = [one for one in found if one.values["table"] == f"codes/customs/{authority}/{name}.csv"]
    assert of_table, found
    assert {(one.code, one.severity) for one in of_table} == {("TGT607", "error")}
    assert why in of_table[0].values["problem"]
    said, held = filed(authority, roots)
    if held and held[0].code == "TGT607":  # a row of another data set costs this parcel nothing
        assert (said, len(held)) == (Consignment(goods_items=(GoodsItem(hs_code="610910"),)), 1)


@pytest.mark.parametrize(
    ("authority", "name", "old", "new"),
    [
        ("dk", "required", "2025-09-01", "yesterday"),
        ("dk", "identifiers", r"IM\d{10}", r"IM(\d{10}"),
        ("dk", "reliefs", ",1150,", ",many,"),
        ("uk", "reliefs", ",135,", ",many,"),
        ("uk", "rules", ",error,", ",eror,"),
        ("uk", "procedures", "IMA IMD", ""),
    ],
)
def test_a_parcel_waits_for_the_table_instead_of_ending_its_worker(tmp_path, authority, name, old, new):
    _, held = filed(authority, overlaid(tmp_path, authority, name, old, new))
    assert [one.code for one in held] == ["TGT607"]


def test_what_is_no_fault_of_a_table_is_not_hidden(monkeypatch):
    class BrokenError(Exception): ...

    def breaks(*_):
        raise BrokenError

    monkeypatch.setattr(type(authority_for("customs/uk/h7")), "complete", breaks)
    with pytest.raises(BrokenError):
        filed("uk", (folder().parent,))


def filed(authority, roots):
    target = f"customs/{authority}/h7"
    filing = Filing("L", Moment(datetime(2026, 9, 14, tzinfo=UTC).isoformat()), target=target)
    record = Consignment(goods_items=(GoodsItem(hs_code="610910"),))
    return completed(record, target, filing, Filer(), ON, among(tuple(roots)))
