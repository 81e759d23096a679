"""The pages of the shipped tables: whole, well-formed, alone on this earth, and in the officer's language."""

import csv
import io
import re

import pytest
from lxml import etree

from gateway.mapping.cases import cases_of
from gateway.workbench.document.examples import examples
from gateway.workbench.document.outline import outline
from gateway.workbench.document.page import file_name
from tests.workbench.document.conftest import DAY

LANGUAGES = ("en", "fr", "es")
OUTSIDE = re.compile(r"""(?:src|href|action|data|srcset)\s*=\s*["'](?!#|[\w.-]+\.(?:html|csv)["'])|@import|url\(""")


def tree(text):
    """A page as XML, but for its script: stricter than any browser."""
    return etree.fromstring(re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL).encode())


def rows(registry, name):
    table = registry.format(name, DAY)
    return outline(table.plan, examples(table, list(cases_of(name, registry.roots))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_well_formed_and_says_its_language(pages, language):
    for name, text in pages(language).items():
        if name.endswith(".html"):
            assert tree(text).get("lang") == language, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_asks_for_anything_outside_its_folder(pages, language):
    for name, text in pages(language).items():
        assert not OUTSIDE.findall(text), name
        linked = re.findall(r'href="([\w.-]+\.(?:html|csv))"', text)
        assert set(linked) <= set(pages(language)), name


def test_links_within_a_page_lead_somewhere(pages):
    for name, text in pages("en").items():
        assert set(re.findall(r'href="#([^"]+)"', text)) <= set(re.findall(r' id="([^"]+)"', text)), name


def test_ids_stand_once_in_a_page(pages):
    for name, text in pages("en").items():
        ids = re.findall(r'<[^>]* id="([^"]+)"', text)
        assert len(ids) == len(set(ids)), name


def test_headings_and_tables_can_be_heard(pages):
    for name, text in pages("en").items():
        if name.endswith(".html"):
            page = tree(text)
            assert len(page.findall(".//h1")) == 1, name
            for table in page.iter("table"):
                assert table.findtext("caption"), name
                assert all(cell.get("scope") for cell in table.iter("th")), name
            for drawing in page.iter("svg"):
                assert drawing.get("role") == "img" and drawing.findtext("title") and drawing.findtext("desc"), name
            assert all(field.getparent().tag == "label" for field in page.iter("input")), name


def test_every_row_of_every_table_is_on_its_page(pages, registry):
    for name in registry.names():
        text = pages("en")[f"{file_name(name)}.html"]
        shown = {"".join(cell.itertext()) for cell in tree(text).iter("td")}
        found = rows(registry, name)
        assert found.plan.values, name
        on_page = {line.value.number for line in found.values()}
        assert on_page == {value.number for value in found.plan.values}, name
        for line in found.values():
            assert f"{line.row.file}:{line.row.line}" in shown, line


def test_examples_come_from_the_cases(registry):
    for name in registry.names():
        said = b"".join(case.message for case in cases_of(name, registry.roots))
        fixed = {line.path for line in rows(registry, name).values() if line.value.constant or line.value.default}
        for line in rows(registry, name).values():
            if line.examples and line.path not in fixed and line.examples[0].isalnum():
                assert line.examples[0].encode() in said, (name, line)


def test_an_officer_reads_names_of_elements_countries_and_currencies_in_her_language(pages):
    french, spanish = pages("fr"), pages("es")
    assert "Désignation des marchandises" in french["upu-itmatt-1.5.html"]
    assert "Espagne" in french["upu-itmatt-1.5.html"] and "Livre sterling" in french["upu-itmatt-1.5.html"]
    assert "Descripción de las mercancías" in spanish["upu-itmatt-1.5.html"]
    assert "Alemania" in spanish["upu-itmatt-1.5.html"]
    assert "facture commerciale" in french["upu-itmatt-1.5.html"]


def test_codes_and_names_of_the_message_stay_english(pages):
    for language in LANGUAGES:
        text = pages(language)["upu-itmatt-1.5.html"]
        assert "content-piece" in text and "goods_items.<wbr/>hs_code" in text and "an..512" in text


def test_the_sheet_holds_what_the_page_holds(pages, registry):
    for name in registry.names():
        head, *body = csv.reader(io.StringIO(pages("fr")[f"{file_name(name)}.csv"]))
        found = rows(registry, name)
        assert head[0] == "Élément du message" and len(body) == len(found.lines)
        for cells, line in zip(body, found.lines, strict=True):
            assert cells[0] == "  " * line.depth + line.name
            assert cells[-1] == (f"{line.row.file}:{line.row.line}" if line.row else "")


def test_the_matrix_has_a_column_for_each_format(pages, registry):
    head, *body = csv.reader(io.StringIO(pages("en")["matrix.csv"]))
    assert head[4:] == list(registry.names())
    described = next(row for row in body if row[2] == "goods_items.description")
    assert described[4 + registry.names().index("upu/itmatt-1.5")].endswith("required")
    assert described[4 + registry.names().index("upu/cusrsp-1")] == ""


def test_the_index_says_who_sends_what_to_whom(pages):
    text = pages("en")["index.html"]
    assert "Example Post, Island Post \u2192 HM Revenue &amp; Customs (uk-h7)" in text
    assert "What upu/itmatt-1.5 does not give" in text
    assert "HM Revenue &amp; Customs \u2192 Example Post, Island Post (uk-h7)" in text  # and the answer back


def test_the_search_finds_its_rows_and_its_words(pages):
    for language in LANGUAGES:
        page = tree(pages(language)["customs-uk-h7.html"])
        ids = {element.get("id") for element in page.iter()}
        assert {"find", "must", "found"} <= ids
        assert "{count}" in page.find(".//span[@id='found']").get("data-text")
        found = [row for row in page.iter("tr") if row.get("data-depth")]
        assert all(row.get("data-depth").isdigit() for row in found)
        assert {row.get("data-value") for row in found} == {"yes", "no"}
        assert {row.get("data-need") for row in found} <= {"always", "within", "no"}
