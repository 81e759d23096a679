import gettext

import pytest

from gateway.locale import LOCALE, chosen, names, translate, translate_word

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture
def environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("tag", "code"),
    [("fr", "fr"), ("fr-CA", "fr"), ("es_MX.UTF-8", "es"), ("FR", "fr"), ("de", "en"), ("C", "en"), ("../fr", "en")],
)
def test_a_language_is_one_of_ours_or_english(tag, code):
    assert chosen(tag) == code


def test_without_a_name_the_environment_chooses_as_gettext_reads_it(environment):
    assert chosen() == "en"
    environment.setenv("LANG", "es_ES.UTF-8")
    assert chosen() == "es"
    environment.setenv("LC_ALL", "fr_BE.UTF-8")
    assert chosen() == "fr"
    environment.setenv("LANGUAGE", "de:es:fr")
    assert chosen() == "es"


def test_english_before_another_language_means_english(environment):
    environment.setenv("LANGUAGE", "en_GB:fr")
    assert translate("no postage") == "no postage"


def test_a_message_is_said_in_the_language_of_the_environment(environment):
    environment.setenv("LC_ALL", "es_ES.UTF-8")
    assert translate("no postage") == "falta el franqueo"


def test_what_no_one_translated_stays_english():
    assert translate("nobody wrote this text", "fr") == "nobody wrote this text"
    assert translate("", "fr") == ""


def test_a_word_is_translated_where_it_means_that_only():
    assert translate_word("role", "notify", "fr") == "partie à notifier"
    assert translate_word("mode", "notify", "fr") == "notify"


def test_countries_and_currencies_have_their_names_in_every_language():
    assert [names.country("ES", language) for language in ("en", "fr", "es")] == ["Spain", "Espagne", "España"]
    assert names.currency("USD", "fr") == "Dollar américain"
    assert names.country("ZZ", "fr") == "" == names.currency("ZZZ", "es")


@pytest.mark.parametrize("language", ["fr", "es"])
def test_the_catalogue_is_where_gettext_looks_for_it(language):
    assert gettext.find("gateway", LOCALE, [language]) == str(LOCALE / language / "LC_MESSAGES" / "gateway.mo")
