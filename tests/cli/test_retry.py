"""`gateway items retry` for many, and `gateway gaps`: from outside, on what one round of a small gateway has left."""

import re

import pytest

from tests.cli.copies import copied
from tests.cli.messages import item_id, itmatt
from tests.cli.test_state import DEAR, NO_PIECES, configured

REFERENCE = "ITM00000000007"


def numbered(number, items, faults):
    return itmatt(items, faults).replace(REFERENCE, f"ITM{number:04d}")


@pytest.fixture(scope="module")
def after_two_rounds(tmp_path_factory, program):
    folder = tmp_path_factory.mktemp("gateway")
    config = configured(folder)
    post = config / "partners/example-post.yaml"
    post.write_text(post.read_text().replace("after: delete}", "after: delete, sequence: {grace: 2h}}"))
    for items, (name, number, faults) in enumerate((("a", 1, {}), ("b", 4, {2: NO_PIECES})), 1):
        (folder / f"post/out/{name}.xml").write_text(numbered(number, items, faults))
        assert program(folder, "run", "--once", "--config", config).code == 0
    return folder


@pytest.fixture
def site(after_two_rounds, tmp_path, gateway):
    return copied(gateway, after_two_rounds, tmp_path, "state")


def test_a_dry_run_counts_and_says_what_reading_again_would_give(site):
    said = site("items", "retry", "--since", "1d", "--dry-run")
    assert said.code == 0
    assert "1  read again by today's tables" in said.out and "left alone: customs has it already" in said.out
    data = site("items", "retry", "--since", "1d", "--dry-run", "--json").json["data"]
    assert data["dry_run"] and data["counts"]["read"] == 1 and list(data["would"].values()) == ["held"]
    assert data["done"] == {}


def test_a_plan_says_in_words_what_would_be_done_with_a_declaration(tmp_path, program):
    config = configured(tmp_path)
    (tmp_path / "post/out/a.xml").write_text(itmatt(1, {1: DEAR}))
    assert program(tmp_path, "run", "--once", "--config", config).code == 0
    said = program(tmp_path, "items", "retry", "--code", "TGT555", "--dry-run", "--config", config)
    assert re.search(r"^GW1\w+: would be written again$", said.out, re.MULTILINE)


def test_without_a_terminal_many_are_done_with_yes_only(site):
    assert site("items", "retry", "--code", "SRC332").code == 2
    done = site("items", "retry", "--code", "SRC332", "--yes", "--json").json["data"]
    assert list(done["done"].values()) == ["held"]


@pytest.mark.parametrize(
    "words",
    [
        (),
        (item_id(1), "--since", "1d"),
        ("--code", "SRC000"),
        ("",),
        (" ",),
        (item_id(1), ""),
        ("--file", "", "--since", "1d"),
        ("--connection", "nobody.live", "--dry-run"),
    ],
)
def test_what_is_not_meant_is_a_usage_error(site, words):
    assert site("items", "retry", *words).code == 2
    assert site("audit", "list", "--action", "replay").out == ""


def test_a_pattern_names_nothing_that_is_done(site):
    for act in ("retry", "return", "release"):
        said = site("items", act, "CP*")
        assert said.code == 1 and f"leads to more than one: {item_id(2)} (" in said.err, said.err
    assert site("items", "show", item_id(2)).out.splitlines()[0].split()[2] == "held"
    assert site("items", "show", "CP*").code == 2


def test_what_customs_has_is_named_by_its_lrn_and_left_alone(site):
    said = site("items", "retry", item_id(1))
    assert said.code == 1 and "it is filed already as GW1" in said.err


def test_a_file_is_the_items_in_it(site):
    shown = site("items", "show", item_id(2))
    file = re.search(r"\(file (\w+)\)", shown.out + shown.err)[1]
    assert site("items", "retry", "--file", file, "--dry-run").out.startswith("      1  read again")
    assert site("items", "retry", file).out.splitlines()[-1] == f"{item_id(2)}: held"
    assert site("items", "retry", "--file", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "--dry-run").code == 1


def test_a_gap_is_listed_and_closed_by_a_person(site):
    assert " FRA upu/itmatt-1.5 ITM… 2-3 " in site("gaps", "list").out
    for numbers in ("2-9", "2"):
        refused = site("gaps", "close", "FRA", numbers)
        assert refused.code == 2 and "name a whole gap of ITM… 2-3" in refused.err
    assert site("gaps", "close", "FRA", "2-3").code == 0
    assert site("gaps", "list", "--json").json["data"] == {"gaps": []}
