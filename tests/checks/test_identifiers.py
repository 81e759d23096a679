"""S10, S9 and S8: own vectors, and the project's test vectors where they are at hand."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.checks import s9, s10
from gateway.checks.countries import known
from gateway.checks.named import CHECKS

SHARED = Path(os.environ.get("GATEWAY_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
VECTORS = SHARED / "upu" / "test-vectors"
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason="the test vectors of UPU identifiers are not here")

EXPECTED = {
    ("valid", ""): set(),
    ("invalid", "check-digit"): {"SRC301"},
    ("invalid", "check-digit-placeholder"): {"SRC305"},
    ("invalid", "service-indicator"): {"SRC303"},
    ("invalid", "country"): {"SRC304"},
    ("invalid", "length"): {"SRC302"},
    ("invalid", "format"): {"SRC302"},
    ("invalid", "missing"): {"SRC302"},
    ("repairable", "case"): {"SRC306"},
    ("repairable", "separators"): {"SRC306"},
    ("other", "not-s10"): {"SRC302"},
}


def vectors(name):
    path = VECTORS / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def codes(check, value):
    return {code for code, _ in CHECKS[check](value)}


@needs_vectors
def test_there_are_vectors():
    assert len(vectors("s10.csv")) >= 20
    assert len(vectors("s8-s9.csv")) >= 10


@needs_vectors
@pytest.mark.parametrize("row", vectors("s10.csv"), ids=lambda row: row["value"] or "empty")
def test_s10_vectors(row):
    assert codes("s10", row["value"]) == EXPECTED[row["verdict"], row["finding"]]
    assert s10.is_valid(row["value"]) == (row["verdict"] == "valid")


@needs_vectors
@pytest.mark.parametrize("row", vectors("s8-s9.csv"), ids=lambda row: row["value"])
def test_s8_and_s9_vectors(row):
    found = codes(row["kind"].lower(), row["value"])
    assert (
        found
        == {"valid": set(), "invalid": {"SRC309" if row["kind"] == "S8" else "SRC308"}, "warning": {"SRC310"}}[
            row["verdict"]
        ]
    )
    if row["kind"] == "S9" and row["verdict"] != "invalid":
        parts = s9.validate(row["value"])
        assert parts.origin == row["origin_impc"]
        assert parts.destination == row["destination_impc"]
        assert parts.serial == row["receptacle_serial"]
        assert str(parts.weight_kg) == row["weight_kg"]


@pytest.mark.parametrize("number", ["CX473124829DE", "EE000000005JP", "UA000000080FR", "CP000000155DE"])
def test_own_valid_numbers(number):
    assert s10.validate(number) == number


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("RR473124829G", s10.InvalidFormat),
        ("rr473124829gb", s10.InvalidFormat),
        ("RR47312482９GB", s10.InvalidFormat),  # noqa: RUF001
        ("KZ473124829GB", s10.InvalidComponent),
        ("RR473124829XX", s10.InvalidComponent),
        ("RR47312482XGB", s10.TestNumber),
        ("RR473124820GB", s10.InvalidChecksum),
    ],
)
def test_the_exception_says_what_is_wrong(number, error):
    with pytest.raises(error):
        s10.validate(number)
    assert error.__doc__


@given(st.text("0123456789", min_size=8, max_size=8), st.sampled_from(sorted(known())))
def test_exactly_one_check_digit_fits(serial, country):
    fitting = [digit for digit in "0123456789" if s10.is_valid(f"RR{serial}{digit}{country}")]
    assert fitting == [s10.check_digit(serial)]


@given(st.text(max_size=16))
def test_any_text_is_valid_or_has_a_finding(text):
    assert s10.is_valid(text) != bool(codes("s10", text))


@given(st.text(max_size=40))
def test_any_text_is_a_receptacle_or_has_a_finding(text):
    assert s9.is_valid(text) == (not s9.wrong_part(text))
    assert codes("s8", text) <= {"SRC309"}


def test_a_number_may_have_two_faults():
    assert codes("s10", "JA473124829ZZ") == {"SRC303", "SRC304"}


def test_the_despatch_is_the_head_of_the_receptacle():
    assert s9.validate("USJFKADEFRAACCN60345012010004").despatch == "USJFKADEFRAACCN60345"


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("ZZCDGANLAMSAAUN60012001100105", "office ZZCDGA"),
        ("FRCDGANLAMSAA1N60012001100105", "mail subclass 1N"),
        ("FRCDGANLAMSAAUNX0012001100105", "despatch number X0012"),
        ("FRCDGANLAMSAAUN60012A01100105", "serial A01"),
        ("FRCDGANLAMSAAUN60012001200105", "flags 20"),
    ],
)
def test_the_wrong_part_of_a_receptacle_is_named(number, part):
    assert s9.wrong_part(number) == part
    with pytest.raises(s9.InvalidIdentifier):
        s9.validate(number)
