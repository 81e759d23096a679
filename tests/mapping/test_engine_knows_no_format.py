"""The engine is told by tables alone: nothing below `gateway` is named by a partner, a country or a format."""

import re
from pathlib import Path

import gateway
from gateway.mapping.registry import Registry

ENGINE = Path(gateway.__file__).parent
STRINGS = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'')


def words_of_tables():
    """`itmatt`, `cusrsp`, `h7`, `low-value-import`, `upu`, `customs`, `uk`: what shipped formats are called."""
    parts = {part for name in Registry().names() for part in name.split("/")}
    # ids of the WCO data model stand in the model itself, a ruleset has a manifest; an element carries facts
    common = {"customs", "declaration", "response", "wco", "manifest", "carrier"}
    return {re.sub(r"-\d[\d.]*$", "", part) for part in parts} - common


def test_no_module_is_named_by_a_format_a_partner_or_a_country():
    told = words_of_tables()
    assert {"upu", "uk", "itmatt", "h7"} <= told
    modules = {part for file in ENGINE.rglob("*.py") for part in re.split(r"\W|_", str(file.relative_to(ENGINE)))}
    assert modules & told == set()


def test_mapping_code_speaks_of_no_format():
    """Outside of docstrings and comments, where examples may."""
    told = words_of_tables()
    for file in (ENGINE / "mapping").rglob("*.py"):
        code = re.sub(r'"""(?s:.*?)"""|#.*', "", file.read_text())
        found = {word for word in re.findall(r"[a-z][a-z\d]*(?:-[a-z\d]+)*", code.lower()) if word in told}
        assert found <= set(), file
