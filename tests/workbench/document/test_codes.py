from gateway.mapping.cases import cases_of
from gateway.workbench.document.codes import COUNTRIES, CURRENCIES, CodeTables
from gateway.workbench.document.examples import examples
from gateway.workbench.document.outline import outline
from gateway.workbench.document.words import Words
from tests.workbench.document.conftest import DAY

ITEM = "interchange/message/msgbody/itmatt_1_5_0/item"


def table(registry, path, language="en", name="upu/itmatt-1.5"):
    made = registry.format(name, DAY)
    found = outline(made.plan, examples(made, list(cases_of(name, registry.roots))))
    line = next(line for line in found.lines if line.path == path)
    return CodeTables(registry, Words(language)).of(line)


def meaning(codes, code):
    return next(one for one in codes.codes if one.code == code)


def test_a_code_list_has_the_codes_of_both_sides_with_labels(registry):
    codes = table(registry, f"{ITEM}/document/type", "es")
    assert codes.name == "upu/document-type" and codes.source.startswith("codes/upu/document-type.csv (")
    invoice = meaning(codes, "IV")
    assert invoice.model == "N380" and invoice.label.startswith("factura comercial")


def test_what_a_code_sets_along_is_said(registry):
    codes = table(registry, "MetaData/Response/FunctionCode", name="customs/uk/response")
    assert "outcome = rejected" in meaning(codes, "03").along


def test_countries_are_those_of_iso_3166_and_of_ours(registry):
    codes = table(registry, f"{ITEM}/sender/address/country", "fr")
    assert codes.name == COUNTRIES
    assert meaning(codes, "DE").label == "Allemagne" and meaning(codes, "XK").label == "Kosovo"


def test_a_currency_beside_an_amount_has_its_list(registry):
    codes = table(registry, f"{ITEM}/postage/@currency", "es")
    assert codes.name == CURRENCIES and meaning(codes, "EUR").label == "Euro"


def test_lists_of_the_post_have_their_labels(registry):
    assert meaning(table(registry, f"{ITEM}/mail-class", "fr"), "C").label == "colis postaux"


def test_a_free_text_has_no_list(registry):
    assert table(registry, f"{ITEM}/sender/name") is None


def test_a_list_that_only_has_a_name_is_none(registry):
    assert table(registry, f"{ITEM}/item-id") is None
