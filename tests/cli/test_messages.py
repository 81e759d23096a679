"""`formats`, `read`, `check`, `map` and `explain` on messages, from outside."""

import json
import os
import threading

import pytest
from lxml import etree

from tests.cli.messages import item_id, itmatt, replaced

H7 = "customs/uk/h7"
FILER = ["--set", "declarant-id=GB123456789000", "--set", "lrn-prefix=GW1", "--set", "location=GBAUXXX"]
NO_CHECK_DIGIT = replaced(item_id(2), "CP000000020FR")
NOT_WELL_FORMED = replaced("</m33:recipient>", "</m33:recipent>")
NO_HS_CODE = replaced("<m33:hs-code>69111000</m33:hs-code>", "")
VAGUE = replaced("Porcelain tea cups", "Gift")


@pytest.fixture
def write(tmp_path):
    def at(name, items, faults=None):
        path = tmp_path / name
        path.write_text(itmatt(items, faults))
        return path

    return at


def test_formats_say_what_they_can(gateway):
    rows = {row["format"]: row for row in gateway("formats", "--json").json["data"]["formats"]}
    assert (rows["upu/itmatt-1.5"]["reads"], rows["upu/itmatt-1.5"]["record"]) == (True, "Message")
    assert rows[H7]["writes"]
    assert H7 in gateway("formats").out


def test_read_gives_one_record_a_line(gateway, write):
    said = gateway("read", write("a.xml", 3))
    assert said.code == 0
    assert [json.loads(line)["item_id"] for line in said.out.splitlines()] == [item_id(n) for n in (1, 2, 3)]


def test_read_takes_stdin(gateway):
    said = gateway("read", "-", stdin=itmatt(1).encode())
    assert json.loads(said.out)["item_id"] == item_id(1)


def test_read_writes_findings_where_it_is_told(gateway, write, tmp_path):
    said = gateway("read", write("a.xml", 3, {2: NO_CHECK_DIGIT}), "--findings", tmp_path / "found.jsonl")
    assert (said.code, said.err) == (1, "")
    (line,) = (tmp_path / "found.jsonl").read_text().splitlines()
    assert json.loads(line)["code"] == "SRC301"


def test_check_counts_each_file(gateway, write):
    clean, faulty = write("a.xml", 2), write("b.xml", 4, {2: NO_CHECK_DIGIT, 3: NOT_WELL_FORMED})
    said = gateway("check", clean, faulty, "--json")
    assert said.code == 1
    assert said.json["data"]["files"] == [
        {"file": str(clean), "format": "upu/itmatt-1.5", "records": 2, "held": 0, "quarantined": 0},
        {"file": str(faulty), "format": "upu/itmatt-1.5", "records": 4, "held": 0, "quarantined": 2},
    ]


def test_finding_has_its_place_in_the_file(gateway, write):
    path = write("a.xml", 3, {2: NO_CHECK_DIGIT})
    (finding,) = gateway("check", path, "--json").json["findings"]
    data, source = path.read_bytes(), finding["source"]
    assert data[source["offset"] :][: source["length"]] == b"CP000000020FR"
    assert data.splitlines()[source["line"] - 1].strip() == b"<m33:item-id>CP000000020FR</m33:item-id>"
    assert source["path"] == "item/item-id"
    assert finding["row"]["file"].endswith("upu/itmatt-1.5.yaml")


def test_finding_about_a_broken_item_cuts_it_out_of_the_file(gateway, write):
    path = write("a.xml", 3, {2: NOT_WELL_FORMED})
    finding = gateway("check", path, "--json").json["findings"][0]
    cut = path.read_bytes()[finding["source"]["offset"] :][: finding["source"]["length"]]
    assert cut.startswith(b"<m33:item>")
    assert cut.endswith(b"</m33:item>")
    assert item_id(2).encode() in cut


def test_finding_is_shown_with_its_line_and_what_to_do(gateway, write):
    said = gateway("check", write("a.xml", 3, {2: NO_CHECK_DIGIT}))
    first, place, frame, *rest = said.err.splitlines()
    assert first.startswith("error[SRC301]: the check digit of CP000000020FR is wrong")
    assert place.endswith("  item/item-id")
    assert "<m33:item-id>CP000000020FR</m33:item-id>" in frame
    assert any(line == "   = effect: item CP000000020FR quarantined" for line in rest)
    assert any(line == "   = more:   gateway rule SRC301" for line in rest)


def test_check_against_a_target_says_what_it_lacks(gateway, write):
    path = write("a.xml", 1)
    assert gateway("check", path).code == 0
    assert gateway("check", path, "--to", H7).code == 1
    assert gateway("check", path, "--to", H7, *FILER).code == 0


def test_check_against_a_target_says_fact_by_fact_what_is_missing_and_whom_to_ask(gateway, write):
    path = write("a.xml", 2, {2: NO_HS_CODE})
    said = gateway("check", path, "--to", H7, *FILER[:2], "--json").json
    (file,) = said["data"]["files"]
    found = [(one["item"], one["model_path"], one["wco_id"], one["asked"], one["how"]) for one in file["missing"]]
    first, second = (item_id(number) for number in (1, 2))
    assert found == [
        (first, "goods_location", "L016", "setting", "location"),
        (second, "goods_items[1].hs_code", "145", "sender", "item/content-piece/hs-code"),
        (second, "goods_location", "L016", "setting", "location"),
    ]
    assert file["missing"][1]["target"].endswith("Commodity/Classification/ID")
    assert all(one["codes"] for one in file["missing"])


def test_what_another_customs_would_miss_is_told_in_its_own_elements(gateway, write):
    path = write("a.xml", 1, {1: NO_HS_CODE})
    (file,) = gateway("check", path, "--to", "customs/dk/h7", "--json").json["data"]["files"]
    found = {one["model_path"]: (one["asked"], one["how"], one["target"]) for one in file["missing"]}
    classified = "Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/Classification/ID"
    assert found["goods_items[1].hs_code"] == ("sender", "item/content-piece/hs-code", classified)
    assert found["declarant"][:2] == ("setting", "declarant-id")
    assert found["declaration.office"] == ("setting", "declaration-office", "Declaration/DeclarationOfficeID")
    assert len({one["model_path"] for one in file["missing"]}) == len(file["missing"])


def test_what_is_missing_is_told_in_the_language_of_the_reader(gateway, write):
    path = write("a.xml", 1, {1: NO_HS_CODE})
    said = gateway("check", path, "--to", H7, *FILER, "--lang", "fr")
    assert "Articles 1 \u203a Code SH" in said.out and "item/content-piece/hs-code" in said.out


def test_map_writes_one_document_an_item(gateway, write, tmp_path):
    said = gateway(
        "map", write("a.xml", 5, {2: NO_CHECK_DIGIT}), "--to", H7, *FILER, "--out", tmp_path / "out", "--json"
    )
    assert said.code == 1
    data = said.json["data"]
    assert (data["records"], data["written"], data["held"], data["quarantined"]) == (5, 4, 0, 1)
    assert sorted(data["files"]) == sorted(path.name for path in (tmp_path / "out").iterdir())
    for path in (tmp_path / "out").iterdir():
        assert etree.parse(path).findtext(".//{*}FunctionalReferenceID") == path.stem


def test_map_without_folder_writes_to_stdout(gateway, write):
    said = gateway("map", write("a.xml", 1), "--to", H7, *FILER)
    assert etree.fromstring(said.out.encode()).tag.endswith("MetaData")
    assert said.err == "1 record: 1 written, 0 held, 0 quarantined\n"


def test_map_is_repeatable(gateway, write, tmp_path):
    path = write("a.xml", 3)
    for folder in ("one", "two"):
        gateway("map", path, "--to", H7, *FILER, "--on", "2026-09-14", "--out", tmp_path / folder)
    names = {folder: {p.name: p.read_bytes() for p in (tmp_path / folder).iterdir()} for folder in ("one", "two")}
    assert len(names["one"]) == 3
    assert names["one"] == names["two"]


def test_workers_write_the_same_in_the_same_order(gateway, write):
    path = write("a.xml", 1200, {7: VAGUE, 900: replaced(item_id(900), "CP000000020FR")})
    alone = gateway("map", path, "--to", H7, *FILER, "--on", "2026-09-14")
    shared = gateway("map", path, "--to", H7, *FILER, "--on", "2026-09-14", "--jobs", "2")
    assert alone.code == shared.code == 1
    assert alone.out == shared.out
    assert alone.err == shared.err


def test_map_of_an_interchange_keeps_it_one_document(gateway, write, tmp_path):
    said = gateway("map", write("a.xml", 3), "--to", "upu/itmatt-1.5", "--out", tmp_path / "out")
    assert said.code == 0
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == "a.xml"
    again = [json.loads(line)["item_id"] for line in gateway("read", path).out.splitlines()]
    assert again == [item_id(n) for n in (1, 2, 3)]


def test_quarantined_bytes_are_kept(gateway, write, tmp_path):
    path = write("a.xml", 3, {2: NOT_WELL_FORMED})
    gateway("map", path, "--to", H7, *FILER, "--out", tmp_path / "out", "--quarantine", tmp_path / "bad")
    (kept,) = (tmp_path / "bad").rglob("*.raw")
    assert item_id(2).encode() in kept.read_bytes()
    assert kept.read_bytes() in path.read_bytes()


def test_receiver_settings_come_from_the_configuration(gateway, write, configuration):
    said = gateway("map", write("a.xml", 1), "--to", H7, "--config", configuration)
    assert said.code == 0
    assert etree.fromstring(said.out.encode()).findtext(".//{*}Declarant/{*}ID") == "GB123456789000"


def test_map_lays_the_record_of_the_receiver_under_each_item(gateway, write, configuration):
    partner = configuration / "partners/uk-customs.yaml"
    record = "record: {representative: {ids: [{kind: EORI, id: GB999999999000}], capacity: '2'}}\nsettings:"
    partner.write_text(partner.read_text().replace("settings:", record))
    said = gateway("map", write("a.xml", 1), "--to", H7, "--config", configuration)
    assert said.code == 0
    assert etree.fromstring(said.out.encode()).findtext(".//{*}Agent/{*}ID") == "GB999999999000"


def test_explain_follows_a_value_to_its_byte(gateway, write):
    path = write("a.xml", 3)
    said = gateway(
        "explain", path, "--item", item_id(2), "--to", H7, *FILER, "--value", "goods_items[1].value", "--json"
    )
    data = said.json["data"]
    value, currency = data["values"]
    assert path.read_bytes()[value["offset"] :][: value["length"]] == b"24.00"
    assert (value["message_path"], value["text"]) == ("item/content-piece/value", "24.00")
    assert (currency["message_path"], currency["text"]) == ("item/content-piece/value/@currency", "GBP")
    ways = [(way["from"]["message_path"], way["text"]) for way in data["written"]]
    assert set(ways) == {(value["message_path"], "24.00"), (currency["message_path"], "GBP")}


def test_explain_shows_message_and_target(gateway, write):
    path = write("a.xml", 1)
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "hs-code" in text)
    said = gateway("explain", path, "--item", "#1", "--to", H7, *FILER)
    assert said.code == 0
    assert "-> goods_items[1].hs_code (145)" in said.out
    assert f"<- item/content-piece/hs-code:{line}" in said.out


def test_unknown_item_is_a_usage_error(gateway, write):
    said = gateway("explain", write("a.xml", 1), "--item", "CP999999999FR")
    assert said.code == 2
    assert "there is no item" in said.err


def test_file_of_no_format_is_a_finding(gateway, tmp_path):
    (tmp_path / "x.xml").write_text("<nothing/>")
    said = gateway("check", tmp_path / "x.xml", "--json")
    assert (said.code, said.codes) == (1, ["SRC205"])


def test_unknown_format_is_said_before_anything_is_read(gateway, write):
    said = gateway("map", write("a.xml", 1), "--to", "customs/uk/h8")
    assert said.code == 2
    assert "customs/uk/h7" in said.err


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Porcelain tea cups", "Cups & saucers", "Cups & saucers"),
        ("<m33:gross-weight>0.450", "<m33:gross-weight>0,45", "0,45"),
    ],
)
def test_line_that_is_shown_is_the_line_that_is_named(gateway, write, old, new, line):
    path = write("a.xml", 3, {2: replaced(old, new)})
    place, frame = gateway("check", path).err.splitlines()[1:3]
    number = int(place.split(":")[1].split()[0])
    assert line in path.read_text().splitlines()[number - 1]
    assert line in frame


def test_item_without_id_is_named_by_its_number(gateway, write):
    path = write("a.xml", 3, {2: replaced(f"<m33:item-id>{item_id(2)}</m33:item-id>", "")})
    assert "effect: item #2 quarantined" in gateway("check", path).err


@pytest.mark.parametrize(("content", "code"), [("", "SRC206"), ("a,b,c", "SRC205"), ("<nothing/>", "SRC205")])
def test_file_of_no_format_is_told_apart(gateway, tmp_path, content, code):
    (tmp_path / "x").write_text(content)
    assert gateway("check", tmp_path / "x", "--json").codes == [code]


@pytest.mark.parametrize("target", ["upu/cusrsp-1", "customs/uk/response"])
def test_target_that_cannot_be_written_from_it_is_a_usage_error(gateway, write, target):
    said = gateway("map", write("a.xml", 1), "--to", target)
    assert (said.code, target in said.err) == (2, True)


def test_envelope_that_lacks_something_holds_its_units(gateway, tmp_path):
    (tmp_path / "a.xml").write_text(itmatt(2).replace("<m33:message-reference>1</m33:message-reference>", ""))
    said = gateway("map", tmp_path / "a.xml", "--to", "upu/itmatt-1.5", "--json")
    assert said.code == 1
    assert (said.json["data"]["written"], said.json["data"]["held"]) == (0, 2)


def test_read_keeps_its_findings_beside_json(gateway, write):
    said = gateway("read", write("a.xml", 2, {2: NO_CHECK_DIGIT}), "--json")
    assert "SRC301" in said.err


def test_explain_tells_a_value_from_what_a_rule_made_of_another(gateway, write):
    data = gateway("explain", write("a.xml", 1), "--item", "#1", "--to", H7, *FILER, "--json").json["data"]
    by_rule = {way["message_path"].rpartition("/")[2]: way["by_rule"] for way in data["written"] if way["from"]}
    assert by_rule["GrossMassMeasure"]
    assert not by_rule["Description"]


def test_explain_says_when_there_is_no_such_value(gateway, write):
    said = gateway("explain", write("a.xml", 1), "--item", "#1", "--value", "nonsense")
    assert said.code == 2


def test_values_and_names_of_partners_cannot_move_the_cursor(gateway, write, tmp_path):
    written = write("a.xml", 1, {1: replaced("Porcelain tea cups", "Cups &#x9b;2J \u202e \u2066 cups")})
    path = written.rename(tmp_path / "a\x1b[31m\n.xml")
    for words in (("check", path), ("explain", path, "--item", "#1"), ("explain", path, "--item", "none")):
        said = gateway(*words)
        assert said.code in {0, 1, 2}
        assert not {"\x1b", "\x9b", "\u202e", "\u2066"} & set(said.out + said.err)


@pytest.mark.parametrize(
    "words", [("check", "--json"), ("explain", "--json", "--item", "#1"), ("map", "--to", H7, "--json")]
)
def test_a_file_whose_name_is_no_utf_8_is_read(gateway, write, tmp_path, words):
    path = tmp_path / "bad\udcff.xml"
    write("a.xml", 1).rename(path)
    said = gateway(*words, path)
    assert said.json["error"] is None
    assert r"bad\\udcff.xml" in said.out


def test_a_pipe_is_read_like_a_file(gateway, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(itmatt(2, {2: NO_CHECK_DIGIT})), daemon=True)
    writer.start()
    said = gateway("check", pipe, "--json")
    writer.join(5)
    assert said.codes == ["SRC301"] and said.json["findings"][0]["source"]["line"] is not None
