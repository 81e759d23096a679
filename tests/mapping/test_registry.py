"""Tables within reach: overlay before shipped, by day, recognised by their content."""

from datetime import date
from pathlib import Path

import pytest

from gateway.findings.errors import MappingInvalid
from gateway.mapping.registry import Registry, shipped

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


def test_overlay_says_which_table_it_replaces(folder):
    name = Registry().names()[0]
    (head,) = [head for head in Registry().heads() if head.format == name]
    folder.put(head.file, table(name))
    (found,) = [f for f in folder.registry().faults(name) if f.code == "MAP122"]
    folder.put(head.file, table(name, more=f"replaces: {found.values['now']}\n"))
    assert [f.code for f in folder.registry().faults(name)] == []


def test_table_in_force_is_chosen_by_day(folder):
    folder.put("own/a.yaml", table("own/a", more="valid: {to: 2026-12-31}\n"))
    folder.put("own/a-2027.yaml", table("own/a", more="valid: {from: 2027-01-01}\n"))
    registry = folder.registry()
    assert registry.plan("own/a", date(2026, 12, 31)).file == "own/a.yaml"
    assert registry.plan("own/a", date(2027, 1, 1)).file == "own/a-2027.yaml"
    assert registry.faults("own/a") == ()


@pytest.mark.parametrize(
    ("to", "begins", "word"), [("2026-12-30", "2027-01-01", "begins 1 days"), ("2027-01-01", "2027-01-01", "overlaps")]
)
def test_gaps_and_overlaps_are_faults(folder, to, begins, word):
    folder.put("own/a.yaml", table("own/a", more=f"valid: {{to: {to}}}\n"))
    folder.put("own/b.yaml", table("own/a", more=f"valid: {{from: {begins}}}\n"))
    (found,) = folder.registry().faults("own/a")
    assert (found.code, word in found.values["problem"]) == ("MAP121", True)


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
