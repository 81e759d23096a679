"""The catalogues hold every text, in full, and are compiled; `make messages` takes new ones up."""

import io
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from gateway.locale import LOCALE

ROOT = Path(__file__).parents[2]
KEYWORDS = {"say": None, "_": None, "translate": None, "translate_word": ((1, "c"), 2), "pgettext": ((1, "c"), 2)}
TRANSLATED = ("fr", "es")
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
CODE = re.compile(r"`[^`]*`|\b[A-Z]{3}\d{3}\b")


@cache
def texts():
    """Every msgid with its context."""
    with (LOCALE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, KEYWORDS, (), directory_filter=lambda path: ".venv" not in path)
    return {(message, context) for _, _, message, _, context in found}


def catalogue(language) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "gateway.po").open("rb") as file:
        return read_po(file, locale=language)


def translated(language):
    return [one for one in catalogue(language) if one.id and one.string]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language):
    known = catalogue(language)
    missing = [text for text, context in texts() if (one := known.get(text, context)) is None or not one.string]
    assert sorted(missing) == [], "`make messages`, then translate"


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_translated_that_nobody_says(language):
    said = texts()
    assert [one.id for one in catalogue(language) if one.id and (one.id, one.context) not in said] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_doubtful(language):
    assert [one.id for one in catalogue(language) if one.id and one.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_those_of_the_text(language):
    for one in translated(language):
        assert sorted(PLACEHOLDER.findall(one.string)) == sorted(PLACEHOLDER.findall(one.id)), one.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_commands_keywords_and_codes_stay_as_they_are(language):
    for one in translated(language):
        assert sorted(CODE.findall(one.string)) == sorted(CODE.findall(one.id)), one.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_holds_a_character_that_a_terminal_cannot_show(language):
    for one in translated(language):
        assert one.string.isprintable() or not one.id.isprintable(), one.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_fresh(language):
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    now = (LOCALE / language / "LC_MESSAGES" / "gateway.mo").read_bytes()
    assert now == compiled.getvalue(), "`make messages`"
