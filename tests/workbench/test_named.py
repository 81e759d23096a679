"""Every check and converter says in its docstring what it does, and shows it."""

import doctest

import pytest

from gateway.checks import converters
from gateway.checks import named as checks
from gateway.workbench.named import about, named

SPACE = {"check": vars(checks), "converter": vars(converters)}


@pytest.mark.parametrize("one", named(), ids=lambda one: one.name)
def test_it_says_what_it_does_and_shows_it(one):
    assert one.line.endswith(".")
    assert one.examples, "a docstring with a doctest"


@pytest.mark.parametrize("one", named(), ids=lambda one: one.name)
def test_its_examples_give_what_they_say(one):
    text = "\n".join(f">>> {example.says}\n{example.gives}" for example in one.examples)
    test = doctest.DocTestParser().get_doctest(text, dict(SPACE[one.kind]), one.name, None, None)
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


@pytest.mark.parametrize("one", [one for one in named() if one.kind == "check"], ids=lambda one: one.name)
def test_a_check_shows_what_passes_and_what_does_not(one):
    gives = [example.gives for example in one.examples]
    assert "[]" in gives and any(each != "[]" for each in gives)


def test_a_name_that_there_is_not_is_none():
    with pytest.raises(LookupError):
        about("s11")
