import json

import msgspec

from gateway.findings import Finding, Position, Row
from gateway.findings.render import as_json, as_text, printable

SOURCE = Position("out/ITMATT_0012.xml", 11, 480, 230, "item/content-piece[2]")
FOUND = Finding(
    "SRC344",
    "error",
    {"value": "999999"},
    "RR473124829GB",
    SOURCE,
    Row("upu/itmatt-1.5.yaml", 56),
    "goods_items[2].hs_code",
    "145",
)


def test_the_text_says_what_where_which_rule_what_it_means_and_what_to_do():
    text = as_text(
        FOUND, line_at=lambda _: "      <hs-code>999999</hs-code>\n", effect="item RR473124829GB held, 1 of 40"
    )
    assert text.splitlines() == [
        "error[SRC344]: HS code 999999 is not in HS 2022",
        "  --> out/ITMATT_0012.xml:11  item/content-piece[2]",
        "  11 |       <hs-code>999999</hs-code>",
        "   = rule:   upu/itmatt-1.5.yaml:56 -> goods_items[2].hs_code (WCO 145)",
        "   = effect: item RR473124829GB held, 1 of 40",
        "   = fix:    Ask the sender for a code of HS 2022; many older codes were split or merged",
        "   = more:   gateway rule SRC344",
    ]


def test_without_a_source_the_item_and_the_model_path_are_the_place():
    text = as_text(Finding("SRC341", item_id="RR473124829GB", model_path="goods_items[1].hs_code"))
    assert "  --> RR473124829GB  goods_items[1].hs_code" in text.splitlines()


def test_a_line_that_is_gone_leaves_the_rest():
    assert " | " not in as_text(FOUND, line_at=lambda _: None)


def test_what_a_partner_wrote_cannot_move_the_cursor():
    text = as_text(FOUND, line_at=lambda _: "<name>\x1b[2J\u202eevil</name>")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert printable("Zoë 商品") == "Zoë 商品"


def test_a_file_of_one_line_does_not_fill_the_terminal():
    assert max(map(len, as_text(FOUND, line_at=lambda _: "<x/>" * 100_000).splitlines())) < 200


def test_identifiers_as_long_as_a_file_do_not_either():
    spoiled = msgspec.structs.replace(FOUND, item_id="C" * 900_000, model_path="p" * 900_000)
    text = as_text(spoiled, effect="item " + "C" * 900_000)
    assert max(map(len, text.splitlines())) <= 1000


def test_the_json_object_has_the_keys_of_the_contract():
    found = json.loads(json.dumps(as_json(FOUND)))
    assert list(found) == [
        "code",
        "severity",
        "message",
        "hint",
        "item_id",
        "source",
        "row",
        "model_path",
        "wco_id",
    ]
    assert found["source"] == {
        "file": "out/ITMATT_0012.xml",
        "line": 11,
        "offset": 480,
        "length": 230,
        "path": "item/content-piece[2]",
        "segment": None,
    }
    assert found["row"] == {"file": "upu/itmatt-1.5.yaml", "line": 56}
    assert as_json(Finding("SRC341"))["row"] is None
