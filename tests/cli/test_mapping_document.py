"""`gateway mapping document` from outside, and the languages in which findings are told."""

import csv
import io
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_pages_are_written_for_every_format(gateway, tmp_path):
    said = gateway("mapping", "document", "--out", "pages", "--json")
    assert said.code == 0
    names = said.json["data"]["files"]
    assert names[-1] == "index.html" and "upu-itmatt-1.5.html" in names
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == sorted(names)
    assert '<html lang="en">' in (tmp_path / "pages" / "index.html").read_text("utf-8")


def test_one_format_in_spanish_with_its_sheet(gateway, tmp_path):
    said = gateway("mapping", "document", "upu/cusrsp-1", "--out", "p", "--csv", "--language", "es")
    assert said.code == 0 and "4 files" in said.out
    assert '<html lang="es">' in (tmp_path / "p" / "upu-cusrsp-1.html").read_text("utf-8")
    sheet = (tmp_path / "p" / "upu-cusrsp-1.csv").read_text("utf-8")
    head, *rows = csv.reader(io.StringIO(sheet, newline=""))
    assert head[0] == "Elemento del mensaje" and len(rows) > 30


def test_routes_of_a_configuration_are_drawn(gateway, tmp_path):
    shutil.copytree(ROOT / "config", tmp_path / "config")
    assert gateway("mapping", "document", "--out", "p", "--config", "config").code == 0
    assert "HM Revenue &amp; Customs" in (tmp_path / "p" / "index.html").read_text("utf-8")


def test_the_same_tables_give_the_same_pages(gateway, tmp_path):
    for folder in ("one", "two"):
        gateway("mapping", "document", "upu/itmatt-1.5", "--out", folder, "--on", "2026-09-14")
    for page in (tmp_path / "one").iterdir():
        assert page.read_bytes() == (tmp_path / "two" / page.name).read_bytes()


def test_an_unknown_format_and_an_unknown_language_are_said(gateway):
    assert gateway("mapping", "document", "upu/itmat", "--out", "p").code == 3
    said = gateway("mapping", "document", "--out", "p", "--language", "de")
    assert said.code == 2 and "en, fr, es" in said.err


def test_findings_are_told_in_french_and_their_codes_stay(gateway, tmp_path):
    (tmp_path / "bad.xml").write_text("<a")
    said = gateway("check", "bad.xml", "--as", "upu/itmatt-1.5", "--language", "fr")
    assert "erreur[SRC" in said.err and "remède:" in said.err


def test_a_name_that_was_meant_is_offered_in_spanish(gateway, tmp_path):
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "x.yaml").write_text(
        "format: t/x\ntitle: x\nbasis: x\nsyntax: xml\nrecord: Consignment\nroot: a/b\nfields:\n  id: itm_id\n"
    )
    said = gateway("mapping", "lint", "t/x", "--tables", ".", "--language", "es")
    assert "¿quería decir 'item_id'?" in said.err
