import csv
import re

import pytest

from gateway.findings import Finding
from gateway.findings.catalogue import COLUMNS, PARTS, all_entries, by_name, entry, hint, text, translate

FAMILIES = {
    "configuration": "CFG1",
    "restoring": "INT9",
    "mapping": "MAP1",
    "cases": "MAP3",
    "lists": "MAP4",
    "source": "SRC2",
    "structure": "SRC2",
    "checks": "SRC3",
    "reference": "REF4",
    "tabular": "SRC4",
    "target": "TGT5",
    "routes": "RTE1",
    "interchange": "RTE1",
    "delivery": "DLV6",
    "responses": "RSP7",
    "internal": "INT9",
    "json": "SRC5",
    "proposals": "MAP5",
    "schemas": "CFG1",
    "validation": "TGT5",
    "answers": "RSP7",
    "decisions": "RSP7",
    "correlation": "RSP7",
    "requests": "RTE1",
    "groups": "RTE1",
    "customs-requests": "TGT5",
    "authority": "TGT6",
}
ENTRIES = all_entries()
FILES = sorted(PARTS.glob("*.csv"))
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%|(%)")


def lines(part):
    with part.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.parametrize("part", FILES, ids=lambda part: part.stem)
def test_every_part_has_its_columns_and_its_family_of_codes(part):
    header, *rows = lines(part)
    assert tuple(header) == COLUMNS
    for row in rows:
        assert len(row) == len(COLUMNS), row
        assert re.fullmatch(FAMILIES[part.stem] + r"\d\d", row[0]), row
        assert row[2] in {"error", "warning", "info"}, row
        assert row[3] in {"yes", "no", "true", "false"}, row


def test_no_code_and_no_name_stands_twice():
    rows = [row for part in FILES for row in lines(part)[1:]]
    assert len({row[0] for row in rows}) == len(rows) == len(ENTRIES)
    assert len({row[1] for row in rows}) == len(rows)


@pytest.mark.parametrize("row", ENTRIES, ids=lambda row: row.code)
def test_every_entry_says_what_is_wrong_and_what_to_do_or_where_to_read(row):
    assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", row.name)
    assert row.message
    assert row.hint or row.spec
    assert not row.message.endswith(".")
    for message in (row.message, row.hint):
        assert not any(stray for _, stray in PLACEHOLDER.findall(message)), message


@pytest.mark.parametrize("row", ENTRIES, ids=lambda row: row.code)
def test_a_finding_without_values_is_still_told(row):
    assert "%(" not in text(Finding(row.code)) + hint(Finding(row.code))


def test_codes_and_names_lead_to_entries():
    assert entry("SRC341").name == "hs.missing"
    assert by_name("description.vague").code == "SRC335"
    with pytest.raises(KeyError):
        by_name("hs.mising")


def test_values_fill_the_placeholders():
    assert text(Finding("SRC382", values={"value": "UK"})) == "UK is not a country"


def test_per_cent_signs_in_values_do_no_harm():
    assert text(Finding("SRC382", values={"value": "100 %(x)s"})) == "100 %(x)s is not a country"


def test_a_value_as_long_as_a_file_does_not_make_a_message_that_nobody_can_carry():
    long = Finding("SRC302", values={"value": "C" * 900_000, "expected": "D" * 900_000})
    assert "CCC…" in text(long) and len(text(long)) < 512  # what a CUSRSP has room for


def test_what_no_one_translated_stays_english():
    assert translate("no posting date", "xx") == "no posting date"


def test_a_finding_speaks_the_language_that_is_asked_for():
    missing = Finding("SRC372", values={"role": "consignee"})
    assert text(missing, "fr") == "pas de nom (destinataire)"
    assert text(missing, "es") == "falta el nombre (destinatario)"
    assert hint(missing, "fr") == "Demander le nom à l\u2019émetteur"


def test_what_partners_say_is_never_translated():
    assert "consignee" in text(Finding("SRC382", values={"value": "consignee"}), "fr")
