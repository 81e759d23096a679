"""Tables within reach: overlay before shipped, by day, recognised by their content."""

from datetime import date
from pathlib import Path

import pytest

from gateway.findings import catalogue
from gateway.findings.errors import MappingInvalid
from gateway.mapping.fingerprint import fingerprint
from gateway.mapping.registry import Registry, shipped
from gateway.mapping.table import load

ON = date(2026, 9, 14)


def table(name, root="parcel", more="", rows="  id: item_id\n"):
    return f"format: {name}\ntitle: T\nbasis: B\nsyntax: xml\nrecord: Consignment\nroot: {root}\n{more}fields:\n{rows}"


def test_shipped_tables_are_found_and_named():
    registry = Registry()
    assert shipped().is_dir()
    assert set(registry.names()) == {head.format for head in registry.heads()}
    assert all(Path(shipped() / head.file).is_file() for head in registry.heads())


def test_head_of_a_profile_says_what_its_base_says(folder):
    folder.put("own/base.yaml", table("own/base", more="only: read\n"))
    folder.put("own/p.yaml", "format: own/p\ntitle: P\nbasis: Q\nextends: own/base\nfields:\n  id: item_id\n")
    (head,) = [head for head in folder.registry().heads() if head.format == "own/p"]
    assert (head.syntax, head.record, head.reads, head.writes, head.basis) == ("xml", "Consignment", True, False, "Q")


def test_overlay_goes_before_the_shipped_table(folder):
    name = Registry().names()[0]
    (head,) = [head for head in Registry().heads() if head.format == name]
    folder.put(head.file, table(name).replace("title: T", "title: Ours"))
    (ours,) = [head for head in folder.registry().heads() if head.format == name]
    assert ours.title == "Ours"


@pytest.fixture
def replaced(folder):
    """An overlay of the first shipped table; gives its fault, if it has one."""
    (head,) = [head for head in Registry().heads() if head.format == Registry().names()[0]]

    def put(said=""):
        folder.put(head.file, table(head.format, more=f"replaces: {said}\n" if said else ""))
        return [f for f in folder.registry().faults(head.format) if f.code in {"MAP122", "MAP147"}]

    return put


def test_overlay_says_which_table_it_replaces(replaced):
    (found,) = replaced()
    assert "does not say what it was made from" in catalogue.text(found)
    assert f"replaces: {found.values['now']}" in catalogue.hint(found)
    assert replaced(found.values["now"]) == []


def test_overlay_whose_table_below_has_moved_on_is_a_fault(replaced):
    (found,) = replaced("0123456789abcdef")
    assert found.source.path.endswith(":7:11")
    assert "was made from 0123456789abcdef" in catalogue.text(found)


def test_each_overlay_replaces_the_next_one_below(folder, tmp_path):
    other = tmp_path / "other"
    folder.put("own/a.yaml", table("own/a"))
    (other / "own").mkdir(parents=True)
    (other / "own" / "a.yaml").write_text(table("own/a", more="note: 1\n"))
    (fault,) = [f for f in Registry([other, folder.path]).faults("own/a") if f.code == "MAP122"]
    (other / "own" / "a.yaml").write_text(table("own/a", more=f"replaces: {fault.values['now']}\n"))
    assert Registry([other, folder.path]).faults("own/a") == ()


def test_table_that_replaces_nothing_says_so_in_vain(folder):
    folder.put("own/a.yaml", table("own/a", more="replaces: 0123456789abcdef\n"))
    assert [f.code for f in folder.registry().faults("own/a")] == ["MAP147"]


def test_hash_is_of_what_the_table_says_not_of_its_layout(folder):
    plain = folder.put("own/a.yaml", table("own/a", rows="  id: {is: item_id, required: true}\n  b: mail_class\n"))
    first = fingerprint(load(plain, "own/a.yaml"))
    rows = "  # ours\n  id:\n    required: true\n    is: 'item_id'\n\n  b: mail_class   # why\n"
    assert fingerprint(load(folder.put("own/a.yaml", table("own/a", rows=rows)), "own/a.yaml")) == first
    other = folder.put("own/a.yaml", table("own/a", rows="  id: {is: item_id, required: true}\n"))
    assert fingerprint(load(other, "own/a.yaml")) != first


def test_table_in_force_is_chosen_by_day(folder):
    folder.put("own/a.yaml", table("own/a", more="valid: {to: 2026-12-31}\n"))
    folder.put("own/a-2027.yaml", table("own/a", more="valid: {from: 2027-01-01}\n"))
    registry = folder.registry()
    assert registry.plan("own/a", date(2026, 12, 31)).file == "own/a.yaml"
    assert registry.plan("own/a", date(2027, 1, 1)).file == "own/a-2027.yaml"
    assert registry.faults("own/a") == ()


@pytest.mark.parametrize(
    ("to", "begins", "word"),
    [("2026-12-30", "2027-01-01", "begins 1 day"), ("2027-01-01", "2027-01-01", "overlaps")],
)
def test_gaps_and_overlaps_are_faults(folder, to, begins, word):
    folder.put("own/a.yaml", table("own/a", more=f"valid: {{to: {to}}}\n"))
    folder.put("own/b.yaml", table("own/a", more=f"valid: {{from: {begins}}}\n"))
    (found,) = folder.registry().faults("own/a")
    assert (found.code, word in found.values["problem"]) == ("MAP121", True)


BASED = "format: own/p\ntitle: P\nextends: own/a\n{}fields:\n  id: item_id\n"


def test_profile_has_a_table_to_stand_on_in_each_of_its_days(folder):
    folder.put("own/a.yaml", table("own/a", more="valid: {from: 2025-01-01, to: 2025-12-31}\n"))
    folder.put("own/p.yaml", BASED.format("valid: {from: 2025-06-01}\n"))
    (found,) = folder.registry().faults("own/p")
    assert found.values["problem"] == "has days on which no table of own/a is in force: from 2026-01-01"
    folder.put("own/a-2026.yaml", table("own/a", more="valid: {from: 2026-01-01}\n"))
    assert folder.registry().faults("own/p") == ()


def test_profile_stands_on_the_table_of_the_day(folder):
    folder.put("own/a.yaml", table("own/a", more="valid: {to: 2025-12-31}\n", rows="  x: mail_class\n"))
    folder.put("own/a-2026.yaml", table("own/a", more="valid: {from: 2026-01-01}\n", rows="  y: mail_class\n"))
    folder.put("own/p.yaml", BASED.format(""))
    registry = folder.registry()
    for day, key in ((date(2025, 1, 1), "x"), (date(2026, 1, 1), "y")):
        assert [value.key for value in registry.plan("own/p", day).values] == [key, "id"]
        assert registry.format("own/p", day).plan is registry.plan("own/p", day)


def test_profile_is_looked_at_over_each_of_its_bases(folder):
    folder.put("own/a.yaml", table("own/a", more="valid: {to: 2025-12-31}\n"))
    folder.put(
        "own/a-2026.yaml", table("own/a", more="valid: {from: 2026-01-01}\n", rows="  y: {is: no, fields: {}}\n")
    )
    folder.put("own/p.yaml", BASED.format(""))
    assert [f.source.path for f in folder.registry().faults("own/p")] == ["own/a-2026.yaml:9:11"]


def test_tables_that_extend_each_other_are_a_fault(folder):
    folder.put("own/a.yaml", BASED.format("").replace("own/p", "own/a").replace("extends: own/a", "extends: own/b"))
    folder.put("own/b.yaml", BASED.format("").replace("own/p", "own/b"))
    assert "MAP149" in [f.code for f in folder.registry().faults("own/a")]


def test_validity_that_ends_before_it_begins_is_a_fault(folder):
    folder.put("own/a.yaml", table("own/a", more="valid: {from: 2026-02-01, to: 2026-01-01}\n"))
    assert [(f.code, f.source.path) for f in folder.registry().faults("own/a")] == [("MAP155", "own/a.yaml:7:8")]


def test_table_that_is_not_in_force_is_refused(folder):
    folder.put("own/a.yaml", table("own/a", more="valid: {to: 2025-12-31}\n"))
    with pytest.raises(MappingInvalid, match="no table 'own/a' in force on 2026-09-14"):
        folder.registry().plan("own/a", ON)


def test_unknown_table_is_refused_with_the_one_that_was_meant(folder):
    folder.put("own/parcels.yaml", table("own/parcels"))
    with pytest.raises(MappingInvalid, match="did you mean 'own/parcels'"):
        folder.registry().format("own/parcel", ON)


def test_table_at_fault_is_refused_with_its_faults(folder):
    folder.put("own/a.yaml", table("own/a", rows="  id: {is: item_id, chek: s10}\n  b: nothing\n"))
    with pytest.raises(
        MappingInvalid, match=r"own/a.yaml:8:21: unknown keyword 'chek'; did you mean 'check'"
    ) as caught:
        folder.registry().plan("own/a", ON)
    assert [finding.code for finding in caught.value.findings] == ["MAP101", "MAP103"]


def test_formats_are_recognised_by_their_content(folder):
    folder.put("own/a.yaml", table("own/a", root="doc[kind='A']/parcel"))
    folder.put("own/b.yaml", table("own/b", root="doc[kind='B']/parcel"))
    registry = folder.registry()
    head = b"<doc><kind>B</kind><parcel><id>1</id></parcel></doc>"
    assert registry.recognise(head, ON) == ("own/b",)
    assert registry.recognise(b"<other/>", ON) == ()


def test_files_of_a_format_are_all_it_is_made_of(folder):
    folder.put("codes/n.csv", "message,model\n1,sale\n")
    folder.put(
        "own/base.csv", "path,min,max,kind,format,facets,wco_id,name\nparcel,1,1,group,,,,\nparcel/id,0,1,element,,,,\n"
    )
    folder.put(
        "own/base.yaml", table("own/base", more="grammar: own/base.csv\n", rows="  id: {is: nature, codes: n}\n")
    )
    folder.put("own/p.yaml", "format: own/p\ntitle: P\nextends: own/base\nfields:\n  id: {is: nature, codes: n}\n")
    assert folder.registry().files("own/p", ON) == ("own/p.yaml", "own/base.yaml", "own/base.csv", "codes/n.csv")


def test_formats_are_built_once():
    registry = Registry()
    name = registry.names()[0]
    assert registry.format(name, ON) is registry.format(name, ON)
