"""Whatever a shipped table says is missed by some golden case when it is deleted; tables are found, not listed."""

import pytest

from gateway.mapping.cases import cases_of
from gateway.mapping.registry import Registry
from gateway.workbench.proof.golden import run
from gateway.workbench.proof.mutation import tried
from tests.tables.conftest import ON

NAMES = Registry().names()


@pytest.fixture
def cases(registry):
    return lambda name: list(cases_of(name, registry.roots))


@pytest.mark.parametrize("name", NAMES)
def test_golden_cases_hold(name, registry, cases):
    table = registry.format(name, ON)
    assert [(case.file, fault.code, fault.values) for case in cases(name) for fault in run(table, case)] == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_a_table_says_is_deleted_unnoticed(name, registry, cases):
    found = tried(registry.format(name, ON), registry.merged(name, ON), registry.built, cases(name))
    unnoticed = [each.mutant for each in found if each.fate == "unnoticed"]
    assert [f"{m.place.file}:{m.place.line} {m.path}: {m.lost}" for m in unnoticed] == []
