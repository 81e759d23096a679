"""The page of faults names tests that there are, for every row of the matrix, and every test of this folder."""

import re

import pytest

from tests.faults.table import ROOT, ROWS, faults

_DEFINED = re.compile(r"^def (test_\w+)\(", re.MULTILINE)


def defined(file):
    return set(_DEFINED.findall((ROOT / file).read_text(encoding="utf-8"))) if (ROOT / file).exists() else set()


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_the_matrix_has_tests(row):
    named = [test for fault in faults() if row in fault.rows for test in fault.tests]
    assert named
    assert [f"{file}::{name}" for file, name in named if name not in defined(file)] == []


def test_no_fault_is_without_a_test():
    assert [fault.what for fault in faults() if not fault.tests] == []


def test_every_test_of_a_fault_is_in_the_table():
    named = {test for fault in faults() for test in fault.tests}
    here = {
        (f"tests/faults/{file.name}", name)
        for file in (ROOT / "tests/faults").glob("test_[01]*.py")
        for name in defined(f"tests/faults/{file.name}")
    }
    assert here - named == set()
