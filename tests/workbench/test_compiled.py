"""Compiled Python as it is shown says the same as what runs, and which row each statement is made of."""

import ast
from datetime import date

import pytest

from gateway.mapping.compiled import objects, reading, writing
from gateway.mapping.registry import Registry
from gateway.workbench.compiled import WIDE, folded, reader, writer

ON = date(2026, 11, 20)
NAMES = Registry().names()


@pytest.fixture(scope="module")
def registry():
    return Registry()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_shown_is_what_runs(registry, name):
    plan = registry.plan(name, ON)
    pairs = [(reader(plan)[-1:], objects if plan.syntax == "json" else reading), (writer(plan), writing)]
    for shown, module in pairs:
        for code in shown:
            assert ast.dump(ast.parse(code.text())) == ast.dump(ast.parse(module.source_of(plan).text()))


@pytest.mark.parametrize("name", NAMES)
def test_every_row_that_is_read_or_written_has_its_statements(registry, name):
    plan = registry.plan(name, ON)
    values = [value for value in plan.values if not value.implied and plan.scopes[value.scope].parent is not None]
    for codes, other in ((reader(plan), "write"), (writer(plan), "read")):
        spoken = [value for value in values if value.only != other and value.constant is None and value.refs]
        wanted = {v.row for v in spoken if "." not in {v.key, v.model} or other == "write"}  # of its block's statement
        shown = {row for code in codes for _, row in code.lines}
        assert not codes or wanted <= shown, sorted(f"{row.file}:{row.line}" for row in wanted - shown)


def test_a_statement_stands_beside_its_row(registry):
    plan = registry.plan("upu/cusrsp-1", ON)
    (row,) = {value.row for value in plan.values if value.key == "mail-class"}
    (write,) = writer(plan)
    lines = [line for line in write.text().splitlines() if "mail_class = record.mail_class" in line]
    assert [line.rpartition("# ")[2] for line in lines] == [f"{row.file}:{row.line}"]


@pytest.mark.parametrize(
    "line",
    [
        "x = f(" + ", ".join(f"argument_{n}" for n in range(20)) + ")",
        "    x = {" + ", ".join(f"'k{n}': (1, 'a, (b')" for n in range(20)) + "}",
        "x = (" + "g" * WIDE + ")",
        "x = f(*(a for a in " + "b" * WIDE + "))",
        "(" + ", ".join(f"name_{n}" for n in range(30)) + ",) = found",
        'x = f("' + "it\\'s, \\\"(" * 20 + '", 1)',
    ],
)
def test_folding_changes_no_meaning(line):
    source = line.strip()
    assert ast.dump(ast.parse("\n".join(folded(source)))) == ast.dump(ast.parse(source))
    assert len(list(folded("x = 1"))) == 1
