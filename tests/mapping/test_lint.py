"""Faults of tables: all at once, each with its place and, for names, what was probably meant."""

import pytest

from gateway.findings import catalogue


def shown(findings):
    """Codes with their places."""
    return [(finding.code, finding.source.path.removeprefix("own/table.yaml:")) for finding in findings]


def one(findings):
    (found,) = findings
    return found


@pytest.mark.parametrize(
    ("row", "code", "place", "meant"),
    [
        ("id: {is: item_id, chek: s10}", "MAP101", "7:21", "check"),
        ("id: item_idd", "MAP103", "7:7", "item_id"),
        ("id: consignor.adress.city", "MAP103", "7:7", "address"),
        ("id: 'documents[kynd=x].id'", "MAP103", "7:7", "kind"),
        ("id: {is: item_id, check: s11}", "MAP106", "7:28", "s10"),
        ("id: {is: item_id, codes: upu/documnt-type}", "MAP107", "7:28", "upu/document-type"),
        ("id: {is: gross_mass, unit: KGN}", "MAP108", "7:30", "KGM"),
        ("id: {is: posted_at, date: isoo}", "MAP108", "7:29", "iso"),
        ("line: {is: consignor.address.lines, as: one-lin}", "MAP109", "7:43", "one-line"),
        ("m:id: item_id", "MAP126", "7:3", ""),
    ],
)
def test_wrong_names_are_told_with_the_right_one(faults, row, code, place, meant):
    found = one(faults(row))
    assert (found.code, found.source.path) == (code, f"own/table.yaml:{place}")
    assert (f"did you mean '{meant}'?" in catalogue.text(found)) == bool(meant)


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("id[: item_id", ["MAP104"]),
        ("id[2]: item_id", ["MAP104"]),
        ("a | b: {is: consignor, fields: {n: name}}", ["MAP104"]),
        ("id: {is: item_id, required: perhaps}", ["MAP112"]),
        ("id: {is: item_id, only: reading}", ["MAP112"]),
        ("id: [a, b]", ["MAP112"]),
        ("id: consignor", ["MAP128"]),
        ("id: {is: item_id, unit: KGM}", ["MAP128"]),
        ("id: {is: item_id, fields: {a: b}}", ["MAP128"]),
        ("id: {is: item_id | package_count}", ["MAP124", "MAP128"]),
        ("id: gross_mass", ["MAP129"]),
        ("id: value", ["MAP129"]),
        ("id: {hint: what}", ["MAP131"]),
        ("a + b: item_id", ["MAP132"]),
        ("a: {is: extension, fields: {.: value}}", ["MAP306"]),
    ],
)
def test_rows_that_cannot_mean_anything(faults, row, codes):
    assert [finding.code for finding in faults(row)] == codes


def test_all_faults_are_told_at_once(faults):
    found = faults("""
        a: {is: item_id, chek: s10}
        b: nothing_like_this
        c: {is: mail_class, as: nonsense}
        c: mail_category
    """)
    assert shown(found) == [("MAP101", "7:20"), ("MAP103", "8:6"), ("MAP109", "9:27"), ("MAP105", "10:3")]


def test_unknown_entry_of_the_head(faults):
    found = one(faults("id: item_id", head="titel: x"))
    assert (found.code, "did you mean 'title'?" in catalogue.text(found)) == ("MAP102", True)


def test_unknown_record_and_grammar(faults):
    assert [f.code for f in faults("id: item_id", record="Consignmnt")] == ["MAP111"]
    assert [f.code for f in faults("id: item_id", head="grammar: own/none.csv")] == ["MAP115"]


def test_yaml_that_cannot_be_read_has_its_place(folder):
    folder.put("own/broken.yaml", "format: own/broken\nfields:\n  a: [b\n")
    found = folder.registry().faults("own/broken")
    assert [f.source.path for f in found if f.code == "MAP110"] == ["own/broken.yaml:3:6"]


GRAMMAR = """
    parcel,1,1,group,,,,
    parcel/id,1,1,element,,,,
    parcel/line,0,1,element,,,,
    parcel/pack,0,1,group,,,,
    parcel/pack/type,0,1,element,,,,
    parcel/box,0,unbounded,group,,,,
    parcel/box/thing,0,unbounded,group,,,,
    parcel/box/thing/name,0,1,element,,,,
"""


def test_element_that_the_grammar_has_not(faults):
    found = one(faults("id: item_id\nidd: mail_class", grammar=GRAMMAR))
    assert (found.code, found.values["path"], found.source.path) == ("MAP116", "parcel/idd", "own/table.yaml:9:3")


def test_mandatory_element_without_row(faults):
    found = one(faults("line: mail_class", grammar=GRAMMAR))
    assert (found.code, found.severity, found.values["path"]) == ("MAP117", "warning", "parcel/id")


def test_list_into_an_element_that_stands_once(faults):
    rows = "id: item_id\nline: consignee.address.lines\npack: {is: packages, fields: {type: type}}"
    assert shown(faults(rows, grammar=GRAMMAR)) == [("MAP113", "9:3"), ("MAP113", "10:3")]
    joined = "id: item_id\nline: {is: consignee.address.lines, as: one-line}"
    assert shown(faults(joined, grammar=GRAMMAR)) == []


def test_two_repeating_steps_must_say_that_they_are_only_read(faults):
    rows = "id: item_id\nbox/thing: {is: packages, fields: {name: type}}"
    assert shown(faults(rows, grammar=GRAMMAR)) == [("MAP114", "9:3")]
    only = "id: item_id\nbox/thing: {is: packages, only: read, fields: {name: type}}"
    assert [f.code for f in faults(only, grammar=GRAMMAR)] == ["MAP124"]


def test_rows_that_may_take_the_same_element(faults):
    rows = """
        doc[type='A']: {is: "documents[type=A]", fields: {no: id}}
        doc[@x]: {is: "documents[type=X]", fields: {no: id, "@x": name}}
    """
    found = one(faults(rows))
    assert (found.code, found.severity) == ("MAP118", "warning")


@pytest.mark.parametrize("pair", ["[type='A'] [type='B']", "[name] [not(name)]", "[@x='1'] [@x='2']"])
def test_rows_that_keep_apart(faults, pair):
    one_, other = pair.split()
    rows = f"""
        doc{one_}: {{is: "documents[kind=a]", fields: {{no: id, name: name}}}}
        doc{other}: {{is: "documents[kind=b]", fields: {{no: id}}}}
    """
    assert [f.code for f in faults(rows)] == []


def test_row_that_is_never_reached(faults):
    rows = """
        doc: {is: "documents[kind=a]", fields: {no: id}}
        doc[type='A']: {is: "documents[kind=b]", fields: {no: id}}
    """
    assert [f.code for f in faults(rows)] == ["MAP119"]


def test_code_list_that_cannot_be_read_backwards(faults):
    codes = {"n": "message,model\n1,sale\n2,sale\n"}
    assert [f.code for f in faults("id: {is: nature, codes: n}", codes=codes)] == ["MAP124", "MAP120"]
    assert [f.code for f in faults("id: {is: nature, codes: n}", codes=codes, head="only: read")] == []
    assert [f.code for f in faults("id: {is: nature, codes: n}", codes={"n": "a,b\n1,2\n"})] == ["MAP120"]


def test_row_that_leads_out_of_its_list_cannot_be_written(faults):
    rows = "info: {is: statements, fields: {code: code, limit: /item_id}}"
    assert [f.code for f in faults(rows)] == ["MAP133"]
    assert [f.code for f in faults(rows, head="only: read")] == []


def test_rows_that_travel_one_way_are_listed(faults):
    rows = "a: {is: item_id, only: read}\nb: {is: mail_class, cut: true}"
    assert [(f.code, f.severity) for f in faults(rows)] == [("MAP124", "info"), ("MAP124", "info")]


def test_many_facts_without_a_place_in_the_model_are_counted(faults):
    rows = "\n".join(f"a{n}: extension.a{n}" for n in range(7))
    assert [(f.code, f.values["count"]) for f in faults(rows)] == [("MAP127", "7")]


def test_unknown_syntax(folder):
    folder.put("own/a.yaml", "format: own/a\nsyntax: xlm\nrecord: Consignment\nroot: a\nfields:\n  b: item_id\n")
    assert [f.code for f in folder.registry().faults("own/a")] == ["MAP134"]


def test_shipped_tables_are_without_errors():
    from gateway.mapping.registry import Registry

    assert [finding for finding in Registry().faults() if finding.severity != "info"] == []


def test_every_code_that_mapping_uses_is_in_the_catalogue():
    import re
    from pathlib import Path

    import gateway.mapping

    used = {
        code
        for file in Path(gateway.mapping.__file__).parent.rglob("*.py")
        for code in re.findall(r'"((?:MAP|SRC|TGT)\d{3})"', file.read_text())
    }
    assert used
    assert {code for code in used if catalogue.entry(code).message} == used
