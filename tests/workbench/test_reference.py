"""The reference is fresh and complete: every word, check and converter stands in it; every example runs."""

import doctest
import inspect
from pathlib import Path

import pytest

from gateway.checks.converters import CONVERTERS
from gateway.checks.named import CHECKS
from gateway.mapping.language import HEAD, KEYWORDS
from gateway.workbench.named import named
from gateway.workbench.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "mapping" / "reference.md"


def test_page_is_what_the_definition_says():
    assert PAGE.read_text(encoding="utf-8") == reference(), "python -m gateway.workbench.reference > " + str(PAGE)


@pytest.mark.parametrize("names", [HEAD, KEYWORDS, CHECKS, CONVERTERS], ids=["head", "rows", "checks", "converters"])
def test_everything_that_can_be_named_has_its_place(names):
    headings = [
        line.removeprefix("### ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:4] == "### "
    ]
    assert [name for name in names if f"`{name}`" not in headings] == []


@pytest.mark.parametrize("one", named(), ids=lambda one: one.name)
def test_examples_of_checks_and_converters_run(one):
    thing = CHECKS[one.name] if one.kind == "check" else CONVERTERS[one.name].format
    known = dict(vars(inspect.getmodule(thing)))
    text = "\n".join(f">>> {example.says}\n{example.gives}" for example in one.examples)
    test = doctest.DocTestParser().get_doctest(text, known, one.name, None, None)
    assert doctest.DocTestRunner().run(test).failed == 0
