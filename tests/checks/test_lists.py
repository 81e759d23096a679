"""The lists of facts among the mappings: their form, and what they say."""

import csv
import os
import re
from pathlib import Path

import pytest

from gateway.checks import countries, currencies, hs, lists, postcodes
from gateway.checks.descriptions import stop_words
from gateway.findings.catalogue import by_name

SHARED = Path(os.environ.get("GATEWAY_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
OPEN_LIST = SHARED / "codelists" / "hs2022.csv"
FILES = [*sorted((lists.folder() / "checks").glob("*.csv")), lists.folder() / "hs2022.csv"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_list_says_its_source_and_date_and_is_rectangular(path):
    assert re.match(r"# .*\b20\d\d-\d\d\.?\s", path.read_text(encoding="utf-8") + " ", re.DOTALL)
    name = str(path.relative_to(lists.folder()).with_suffix(""))
    found = list(lists.rows(name))
    assert found
    assert all(None not in row and None not in row.values() for row in found)


def test_no_row_stands_twice():
    for path in FILES:
        found = [tuple(row.values()) for row in lists.rows(str(path.relative_to(lists.folder()).with_suffix("")))]
        assert len(set(found)) == len(found), path


def test_countries_are_iso_3166_and_kosovo():
    assert {"GB", "CN", "XK", "SS", "CW"} <= countries.known()
    assert not {"UK", "EU", "AN", "XX", "ZZ", "", "gb"} & countries.known()


def test_currencies_are_money():
    assert {"EUR", "CNY", "XOF", "XDR", "CHF"} <= currencies.known()
    assert not {"XXX", "XTS", "XAU", "DEM", "RMB", "", "eur"} & currencies.known()


@pytest.mark.parametrize(("currency", "digits"), [("JPY", 0), ("KRW", 0), ("KWD", 3), ("EUR", 2), ("UYW", 4), ("?", 2)])
def test_decimals_are_those_of_the_currency(currency, digits):
    assert currencies.decimals(currency) == digits


def test_every_exception_of_decimals_is_a_currency():
    import pycountry

    known = {currency.alpha_3 for currency in pycountry.currencies}
    assert lists.column("checks/currency-decimals", "currency") <= known


def test_hs_has_its_chapters_headings_and_codes():
    lengths = {length: sum(len(code) == length for code in hs.codes()) for length in (2, 4, 6)}
    assert lengths == {2: 96, 4: 1228, 6: 5612}
    assert not {"99", "9999", "999999", "77", "TOTAL"} & hs.codes()


@pytest.mark.skipif(not OPEN_LIST.is_file(), reason="the open HS list is not here")
def test_hs_is_the_open_list_without_its_pseudo_codes():
    with OPEN_LIST.open(encoding="utf-8", newline="") as stream:
        listed = {row["hscode"] for row in csv.DictReader(stream)}
    assert listed - hs.codes() == {"99", "9999", "999999", "TOTAL"}
    assert hs.codes() <= listed


@pytest.mark.parametrize("code", ["300490", "3004", "30", "3004900000", "30049", "010121"])
def test_hs_codes_are_texts_of_any_length_that_begin_with_a_known_one(code):
    assert hs.is_known(code)


@pytest.mark.parametrize("code", ["300499", "9999", "7700", "000000", "9999990000"])
def test_unknown_hs_codes(code):
    assert not hs.is_known(code)


def test_stop_words_are_lower_case_and_of_many_languages():
    assert len(lists.column("checks/vague-descriptions", "language")) >= 15
    assert all(word == word.casefold() for word in stop_words())


@pytest.mark.parametrize(
    ("postcode", "country"),
    [
        ("1010", "AT"),
        ("2000", "AU"),
        ("DK-1050", "DK"),
        ("SE-111 22", "SE"),
        ("00-950", "PL"),
        ("M5V 3L9", "CA"),
        ("SW1A1AA", "GB"),
        ("W1A 0AX", "GB"),
        ("b33 8th", "GB"),
        ("1011 AB", "NL"),
        ("150-0001", "JP"),
        ("１５０-０００１", "JP"),  # noqa: RUF001
        ("10118-1234", "US"),
        ("D02 AF30", "IE"),
        ("D6W XY00", "IE"),
        ("999077", "HK"),
        ("", "AE"),
    ],
)
def test_postcodes_have_the_form_of_their_country(postcode, country):
    assert postcodes.has_form(postcode, country)


@pytest.mark.parametrize(
    ("postcode", "country"),
    [("10115", "AT"), ("ABC", "DE"), ("SW1A", "GB"), ("1234", "US"), ("D02", "IE"), ("FR-1010", "AT"), (".", "DE")],
)
def test_a_postcode_of_another_form_is_seen(postcode, country):
    assert not postcodes.has_form(postcode, country)


def test_every_postcode_row_names_a_country():
    assert lists.column("checks/postcodes", "country") <= countries.known()
    assert lists.column("checks/profile-countries", "country") <= countries.known()


def test_every_switch_names_a_finding_and_a_profile():
    switches = list(lists.rows("checks/check-profiles"))
    profiles = lists.column("checks/profile-countries", "profile")
    for row in switches:
        assert by_name(row["finding"]).waivable
        assert row["profile"] in profiles | {"default"}
        assert row["severity"] in {"error", "warning", "info", "off"}
    assert {row["finding"] for row in switches} == {row["finding"] for row in switches if row["profile"] == "default"}
