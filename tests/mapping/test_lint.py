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


GRAMMAR_OF_TEXTS = """
    parcel,1,1,group,,,,
    parcel/id,0,1,element,an..5,,,
    parcel/class,0,1,element,a1,enum=U|C,,
    parcel/weight,0,1,element,"n..5,1",,,
    parcel/weight/@unit,0,1,attribute,a3,,,
    parcel/part,0,unbounded,group,,,,
    parcel/part/name,0,1,element,,,,
    parcel/part/kind,0,1,element,an..2,,,
"""


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ("id: {constant: parcel}", ["MAP143"]),
        ("id: {is: item_id, default: parcel}", ["MAP143"]),
        ("id: {is: item_id, default: P}", []),
        ("class: {is: mail_class, default: X}", ["MAP143"]),
        ('weight: {is: gross_mass, unit: "@unit", default: "1.25"}', ["MAP143"]),
        ('weight: {is: gross_mass, unit: "@units"}', ["MAP116"]),
        ("part: item_id", ["MAP144"]),
        ("part[kind='ABC']: {is: packages, fields: {name: type}}", ["MAP143"]),
        ("part[kinds='AB']: {is: packages, fields: {name: type}}", ["MAP116", "MAP145"]),
        ("part[kind]: {is: packages, fields: {name: type}}", ["MAP145"]),
        ("part[kind]: {is: packages, fields: {kind: type}}", []),
        ("part[not(kind)]: {is: packages, fields: {kind: type}}", ["MAP145"]),
        ("part[kind]: {is: packages, only: read, fields: {name: type}}", ["MAP124"]),
        ("class: mail_class\nid: item_id", ["MAP142"]),
        ("part: {is: packages, fields: {kind: type, name: marks}}", ["MAP142"]),
    ],
)
def test_rows_against_what_the_grammar_knows(faults, rows, codes):
    assert [f.code for f in faults(rows, grammar=GRAMMAR_OF_TEXTS)] == codes


def test_fewest_rows_are_told_to_move(faults):
    found = faults("part/name: ucr\nid: item_id\nclass: mail_class", grammar=GRAMMAR_OF_TEXTS)
    assert [(f.code, f.values["path"], f.values["other"]) for f in found if f.code == "MAP142"] == [
        ("MAP142", "part/name", "class")
    ]


def test_a_row_that_overrules_another_one_stands_before_it_on_purpose(faults):
    overruling = "class: mail_class\nid: mail_class"
    assert [f.code for f in faults(overruling, grammar=GRAMMAR_OF_TEXTS) if f.code == "MAP142"] == []


def test_code_list_is_held_against_the_grammar_too(faults):
    codes = {"n": "message,model\nU,letter\nX,parcel\n"}
    (found,) = faults("class: {is: mail_class, codes: n}", grammar=GRAMMAR_OF_TEXTS, codes=codes)
    assert (found.code, found.values["text"]) == ("MAP143", "X")


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("id: {is: package_count, check: s10}", ["MAP128"]),
        ("id: {is: mail_class, as: one-line}", ["MAP128"]),
        ("id: {is: mail_class, as: minor-units}", ["MAP128"]),
        ("id: {is: value, currency: EUR, as: minor-units}", []),
        ("id: {is: consignee.address.lines, as: one-line}", []),
        ("id: {is: posted_at, codes: n}", ["MAP128", "MAP154"]),
        ("id: {is: package_count, codes: n}", ["MAP154"]),
        ("id: {is: mail_class, codes: n}", []),
        ("id: {is: package_count, default: many}", ["MAP143"]),
        ("id: {is: value, currency: ERU}", ["MAP108"]),
        ("a + b: {is: mail_class, split: [1]}", ["MAP152"]),
        ("a + b: {is: consignee.address.lines, as: one-line}", ["MAP153"]),
        ("a + b: {is: consignee.name, as: person-name}", []),
        ("id: {is: mail_class, split: [1, rest]}", ["MAP148"]),
        ("id: {constant: x, default: y}", ["MAP148"]),
        ("id: {is: consignee, check: s10, fields: {n: name}}", ["MAP148"]),
        ("id: {is: mail_class, isolate: true}", ["MAP148"]),
    ],
)
def test_words_that_do_not_fit_their_row(faults, row, codes):
    found = faults(row, codes={"n": "message,model\n1,one\n"})
    assert [f.code for f in found if f.severity != "info"] == codes


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("a | b: item_id", "each alternative is read, the first is written"),
        ("a: {is: exporter.name | consignor.name}", "it is read into exporter.name and may be written from"),
        ("a: {is: package_count, none: NONE}", "'NONE' is read as none and never written for a count"),
        ("x/a: item_id\nx: {is: ., fields: {a: ucr}}", "the row in line 7 is written first in the same element"),
        ("a: packages.type", "entries are told by their number"),
    ],
)
def test_rows_that_silently_do_not_travel_both_ways_are_listed(faults, rows, reason):
    (found,) = [f for f in faults(rows) if f.code == "MAP124"]
    assert reason in found.values["reason"]


@pytest.mark.parametrize(
    ("one", "other", "codes"),
    [
        ("packages", "packages", ["MAP146"]),
        ("documents[kind=a]", "documents[kind=b]", []),
        ("documents[kind=a]", "documents", ["MAP146"]),
        ("documents[kind=a]", "documents[name=b]", ["MAP146"]),
        ("packages", "documents", []),
    ],
)
def test_entries_of_a_list_are_written_by_one_row(faults, one, other, codes):
    rows = f"a: {{is: '{one}', fields: {{t: type}}}}\nb: {{is: '{other}', fields: {{t: type}}}}"
    assert [f.code for f in faults(rows)] == codes
    assert [f.code for f in faults(rows.replace("b: {", "b: {only: read, ")) if f.severity != "info"] == []


def test_code_that_says_two_things_is_a_fault(faults):
    codes = {"n": "message,model,preferred\n1,a,\n1,b,\n2,c,yes\n2,d,\n"}
    found = [f for f in faults("id: {is: nature, codes: n}", codes=codes) if f.severity == "error"]
    assert [(f.code, f.values["name"]) for f in found] == [("MAP151", "1")]


def test_column_that_nearly_is_a_field_is_told(faults):
    codes = {"n": "message,model,mail_clas,colour\n1,a,U,red\n"}
    (found,) = faults("id: {is: nature, codes: n}", codes=codes)
    assert (found.code, found.values["name"], found.values["meant"]) == ("MAP150", "mail_clas", "mail_class")


def test_head_without_what_it_needs(folder):
    folder.put("own/a.yaml", "format: own/a\nfields:\n  b: item_idd\n  c: {is: item_id, chek: s10}\n")
    told = {(f.code, f.values.get("name")) for f in folder.registry().faults("own/a")}
    assert told == {("MAP141", "syntax"), ("MAP141", "record"), ("MAP141", "root"), ("MAP101", "chek")}


@pytest.mark.parametrize(
    ("head", "place", "code"),
    [
        ("valid: {form: 2026-01-01}", "6:9", "MAP102"),
        ("valid: {from: 2026-13-01}", "6:15", "MAP112"),
        ("valid: 2026-01-01", "6:8", "MAP112"),
        ("only: reed", "6:7", "MAP112"),
        ("namespaces: [a]", "6:13", "MAP112"),
        ("extends: own/none", "6:10", "MAP125"),
        ("grammar: own/none.csv", "6:10", "MAP115"),
    ],
)
def test_words_of_the_head_are_looked_at(faults, head, place, code):
    assert [(f.code, f.source.path) for f in faults("id: item_id", head=head)] == [(code, f"own/table.yaml:{place}")]


def test_hint_names_what_there_is(faults):
    from gateway.checks.converters import CONVERTERS
    from gateway.checks.named import CHECKS

    for row, names in (("a: {is: item_id, check: zzz}", CHECKS), ("a: {is: item_id, as: zzz}", CONVERTERS)):
        assert ", ".join(names) in catalogue.hint(one(faults(row)))


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ("a: &p {is: consignee, fields: {b: {is: ., fields: *p}}}", ["MAP149"]),
        ("a: {is: consignee, fields: &p {n: name}}\nb: {is: consignor, fields: *q}", ["MAP140"]),
        ("a: {is: consignee, fields: &party {n: name}}\nb: {is: consignor, fields: *prty}", ["MAP140"]),
        ("<<: {a: item_id}", ["MAP112"]),
        ("? [a]\n: item_id", ["MAP112"]),
        ("a: item_id\nb: 'x\nc: mail_clas", ["MAP110", "MAP103"]),
        ("a: item_id\nb: [x\nc: mail_clas", ["MAP110", "MAP103"]),
    ],
)
def test_yaml_of_every_kind_is_taken_or_told(faults, rows, codes):
    assert [f.code for f in faults(rows)] == codes


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ("p: {is: packages, fields: {}}", ["MAP158"]),
        ("p: {is: packages, fields: {n: '#'}}", ["MAP158"]),
        ("p: {is: packages, fields: {n: {constant: x}}}", ["MAP158"]),
        ("p: {is: packages, fields: {n: '#', t: type}}", []),
        ("p: {is: goods_items, fields: {n: '#', d: {is: documents, fields: {t: type}}}}", []),
        ("p: {is: consignee, fields: {}}", []),
    ],
)
def test_list_whose_entries_would_be_empty(faults, rows, codes):
    assert [f.code for f in faults(rows)] == codes


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("'first name': ucr", ["MAP159"]),
        ("'1st': ucr", ["MAP159"]),
        ("a/@#: ucr", ["MAP159"]),
        ("Größe_1.a-b: ucr", []),
    ],
)
def test_names_that_markup_has_not(faults, row, codes):
    assert [f.code for f in faults(row)] == codes


def test_faults_of_an_element_table_have_its_own_lines(faults):
    grammar = """
        # ours
        parcel,1,1,group,,,,
        parcel/id,0,1,element,an..x,,,
        parcel/id,0,1,element,an..5,,,
        parcel/class,0,many,element,,enun=U,,
        parcel/prt/name,0,1,element,,,,
    """
    found = [f for f in faults("id: item_id", grammar=grammar) if f.source.file == "own/table.csv"]
    assert [(f.code, f.source.line, f.values.get("meant", "")) for f in found] == [
        ("MAP112", 4, ""), ("MAP105", 5, ""), ("MAP112", 6, ""), ("MAP168", 6, "enum"), ("MAP167", 7, "parcel"),
    ]  # fmt: skip


def test_element_table_without_its_columns(folder):
    folder.put("own/table.csv", "path,min,max,kind,frmat,facets,wco_id,name\np,1,1,group,,,,\n")
    folder.put(
        "own/table.yaml",
        "format: own/t\nsyntax: xml\ngrammar: own/table.csv\nrecord: Consignment\nroot: p\nfields: {a: ucr}",
    )
    found = [f for f in folder.registry().faults("own/t") if f.code == "MAP166"]
    assert [(f.source.path, f.values["name"], f.values["meant"]) for f in found] == [
        ("own/table.csv:1:1", "format", "frmat")
    ]


def test_heap_of_aliases_ends(folder):
    blocks = ["a0: &a0 {is: ., fields: {x: item_id}}"]
    blocks += [f"a{n}: &a{n} {{is: ., fields: {{p: *a{n - 1}, q: *a{n - 1}}}}}" for n in range(1, 25)]
    head = "format: own/a\nsyntax: xml\nrecord: Consignment\nroot: p\nfields:\n  "
    folder.put("own/a.yaml", head + "\n  ".join(blocks) + "\n")
    assert "MAP110" in [f.code for f in folder.registry().faults("own/a")]


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
