"""Faults inside a file do not hide those between files; what cannot be told says nothing of what depends on it."""

import pytest

from gateway.mapping.registry import Registry
from gateway.settings import examine
from gateway.settings.faults import nearest

POST, UK, ROUTES, ISLAND = (
    "partners/example-post.yaml",
    "partners/uk-customs.yaml",
    "routes.yaml",
    "partners/island-post.yaml",
)
SLIPS = [
    (POST, "role: post", "role: psot", "CFG107 partners/example-post.yaml:3:35"),
    (POST, "warn: 6h", "wran: 6h", "CFG105 partners/example-post.yaml:12:9"),
    (POST, "every: 60s", "every: soon", "CFG108"),
    (UK, "brake: 20 of 50", "brake: 20", "CFG108"),
    (UK, "sends:", "snds:", "CFG105"),
    (ROUTES, "default: hold", "default: hodl", "CFG107 routes.yaml:5:23"),
    ("gateway.yaml", "runner: local", "runner: locl", "CFG107 gateway.yaml:1:80"),
]


def told(folder):
    faults = examine(folder.path).with_formats(Registry)
    return [f"{fault.code} {fault.source.path.partition('/')[2]}" for fault in faults]


@pytest.mark.parametrize(("file", "old", "new", "slip"), SLIPS)
def test_a_slip_in_a_file_is_all_that_is_said_of_it(folder, file, old, new, slip):
    folder.change(file, old, new)
    said = told(folder)
    assert any(fault.startswith(slip) for fault in said)
    assert {fault.partition(" ")[0] for fault in said} <= {slip.partition(" ")[0], "CFG106"}, said


@pytest.mark.parametrize(("file", "old", "new", "slip"), SLIPS)
def test_a_slip_hides_no_fault_between_files_and_none_that_the_tables_know(folder, file, old, new, slip):
    folder.change(ROUTES, "with: uk-customs", "with: uk-custom")
    folder.change(ROUTES, "mail_category", "mail_categori")
    folder.change(file, old, new)
    said = told(folder)
    assert any(fault.startswith(slip) for fault in said)
    assert {"CFG117 routes.yaml:4:16", "CFG124 routes.yaml:3:86"} <= set(said)


def test_a_route_that_cannot_be_read_hides_no_other(folder):
    text = (folder.path / ROUTES).read_text()
    folder.write(ROUTES, text + text.replace("uk-h7", "second").replace("with: uk-customs", "with: nobody"))
    folder.change(ROUTES, "- route: uk-h7", "- rout:")
    assert "CFG117 routes.yaml:10:16" in told(folder)


def test_what_others_rely_on_is_not_guessed(folder):
    folder.change(UK, "environment: production", "environment: 7")
    assert {fault.partition(" ")[0] for fault in told(folder)} == {"CFG107"}


def test_one_place_has_one_fault(folder):
    folder.change(ROUTES, "as: customs/uk/h7", "as: customs/uk/h8")
    assert told(folder) == ["RTE106 routes.yaml:4:32"]


def test_own_tables_are_not_known_while_the_gateway_file_is_at_fault(folder):
    folder.change("gateway.yaml", "id: GW1", "id: [GW1]")
    folder.change(UK, "customs/uk/response:", "own/response:")
    assert [fault.partition(" ")[0] for fault in told(folder)] == ["CFG108"]


def test_of_many_names_a_few_are_told_and_where_the_others_are():
    many = [f"name.number{number}" for number in range(270)]
    said = nearest("zzzzz", many, "`gateway rule` lists them")
    assert said.count("`name") == 3 and said.endswith("or another of 270 (`gateway rule` lists them)")


def test_of_a_few_names_all_are_told():
    assert nearest("zzz", ["rename", "direct"]) == "one of `direct`, `rename`"


def test_an_unknown_finding_is_not_answered_with_the_whole_catalogue(folder):
    folder.change(ROUTES, "{default: hold}", "{default: hold, zzzz: hold}")
    (fault,) = examine(folder.path).with_formats(Registry)
    assert fault.code == "CFG125" and len(fault.values["nearest"]) < 150
