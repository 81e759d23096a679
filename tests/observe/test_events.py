"""Event names are stable: what the source logs is what the table says, no more and no less; keys are listed ones."""

import ast
import re
from pathlib import Path

from gateway.observe.events import EVENTS, KEYS

PACKAGE = Path(__file__).parents[2] / "gateway"
METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
BY_FORMATTER = {"library.message", "event.unlisted"}
"""Events that `gateway.observe.logs` makes of others."""


def calls():
    """Every call of a logger in the source: where, its first argument, its keyword arguments."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_log(node.func):
                yield f"{file.relative_to(PACKAGE)}:{node.lineno}", node


def _is_log(function):
    owner = function.value
    named = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return function.attr in METHODS and named in {"log", "_log", "logger", "LOG"}


def test_what_is_logged_is_a_literal_name_of_the_table():
    bad = [at for at, node in calls() if not (isinstance(node.args[0], ast.Constant) and node.args[0].value in EVENTS)]
    assert bad == []


def test_every_event_of_the_table_is_logged_somewhere():
    said = {node.args[0].value for _, node in calls() if isinstance(node.args[0], ast.Constant)}
    assert set(EVENTS) - said == BY_FORMATTER


def test_facts_are_named_by_listed_keys():
    bad = []
    for at, node in calls():
        for keyword in node.keywords:
            if keyword.arg == "extra":
                keys = keyword.value.keys if isinstance(keyword.value, ast.Dict) else [None]
                bad += [at for key in keys if not (isinstance(key, ast.Constant) and key.value in KEYS)]
    assert bad == []


def test_facts_are_handed_over_as_extra_never_in_the_text():
    assert [at for at, node in calls() if len(node.args) > 1] == []
    assert [at for at, node in calls() if {k.arg for k in node.keywords} - {"extra", "exc_info"}] == []


def test_names_are_a_noun_and_what_befell_it_and_have_words():
    assert [name for name in EVENTS if not re.fullmatch(r"[a-z]+\.[a-z_]+", name)] == []
    assert [name for name, words in EVENTS.items() if len(words) < 10] == []


def test_nothing_but_these_loggers_is_used():
    """`print`, `warnings.warn` and the module `logging` itself would go around the table."""
    bad = []
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.parts[-2] in {"cli", "demo", "workbench", "document"} or "mapping" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                bad.append(f"{file.name}:{node.lineno}")
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "logging":
                bad += [f"{file.name}:{node.lineno}"] if node.attr in METHODS else []
    assert bad == []
