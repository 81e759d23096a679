"""A file is told by its bytes; tables that cannot be meant are not even read for it."""

from datetime import UTC, datetime

import pytest

from gateway.mapping.plugins import syntaxes
from gateway.mapping.registry import Registry, shipped

TODAY = datetime.now(UTC).date()
HEAD = 65_536
CASES = sorted(path for path in shipped().rglob("cases/*/*.in") if path.is_file())


@pytest.fixture(scope="module")
def registry():
    return Registry()


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_table_is_left_out_that_would_have_been_chosen(case, registry):
    head = case.read_bytes()[:HEAD]
    plans = [registry.plan(one.format, TODAY) for one in registry.heads() if one.reads and one.in_force(TODAY)]
    whole = tuple(
        plan.name
        for name, syntax in syntaxes().items()
        for plan in syntax.recognise(head, tuple(plan for plan in plans if plan.syntax == name))
    )
    assert registry.recognise(head, TODAY) == whole


def test_only_tables_that_may_be_meant_are_read():
    registry = Registry()
    assert registry.recognise(b"<interchange xmlns='m33'><message>", TODAY)
    built = {chain[0] for chain in registry._built}
    assert built == {"upu/itmatt-1.5.yaml", "upu/cusrsp-1.yaml"}
