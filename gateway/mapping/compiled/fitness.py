"""Conditions under which a text does not fit its element, as expressions of Python."""

from gateway.mapping.compiled.source import Source
from gateway.mapping.grammar import Node
from gateway.mapping.texts import fitting


def unfit_text(source: Source, name: str, node: Node | None) -> list[str]:
    """Of a text that is there: width, letters, digits, list, pattern."""
    form = node.form if node else None
    bad: list[str] = []
    if form and form.longest is not None and form.shortest == form.longest:
        bad.append(f"len({name}) != {form.longest}")
    elif form and form.longest is not None:
        bad.append(f"len({name}) > {form.longest}")
        if form.shortest > 1:
            bad.append(f"len({name}) < {form.shortest}")
    if form and form.kind == "n":
        bad.append(f"not ({name}.isascii() and {name}.isdigit())")
    elif form and form.kind == "a":
        bad.append(f"not {name}.isalpha()")
    else:
        bad.append(f"{name} < '!'")  # begins with white space, and may be nothing else
    return bad + _listed(source, name, node, "")


def unfit_number(source: Source, name: str, node: Node | None) -> list[str]:
    """Of a number's text: only digits and a point, as many as the grammar surely allows."""
    form = node.form if node else None
    bad = [f"not {name}.replace('.', '', 1).isdigit()"]
    if form and form.longest is not None:
        bad.insert(0, f"len({name}) > {form.longest}")
    if form and form.decimals is not None:
        bad.append(f"'.' in {name}[:-{form.decimals + 1}]")
    elif form and form.kind == "n":
        bad.append(f"'.' in {name}")
    return bad + _listed(source, name, node, ", number=True")


def _listed(source: Source, name: str, node: Node | None, more: str) -> list[str]:
    if node is None or not (node.pattern or node.values):
        return []
    return [f"any({source.refer('FITTING', fitting)}({name}, {source.refer('NODE', node)}{more}))"]
