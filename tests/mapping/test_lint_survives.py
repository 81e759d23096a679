"""Whatever somebody writes into a table, lint answers with findings that have a place; it never fails itself."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.findings import catalogue
from gateway.mapping.registry import Registry, shipped

TABLE = (shipped() / "upu/cusrsp-1.yaml").read_text().splitlines()
BROKEN = (Path(__file__).parent / "broken/own/parcel.yaml").read_text().splitlines()
WORDS = [
    "",
    "null",
    "[",
    "{is: x}",
    "&a",
    "*a",
    "'",
    "#",
    ": ",
    "- x",
    "? a",
    "a | b",
    "a + b",
    "[x='1']",
    "../",
    "/",
    "@x",
    "%",
    "\t",
]

edits = st.lists(
    st.tuples(
        st.integers(0, 200), st.sampled_from(["drop", "twice", "in", "out", "word", "join"]), st.sampled_from(WORDS)
    ),
    min_size=1,
    max_size=6,
)


def edited(lines, changes):
    lines = list(lines)
    for place, kind, word in changes:
        at = place % len(lines)
        line = lines[at]
        lines[at : at + 1] = {
            "drop": [],
            "twice": [line, line],
            "in": [f"  {line}"],
            "out": [line.removeprefix("  ")],
            "word": [line.replace(":", f":{word} ", 1)],
            "join": [f"{line} {word}"],
        }[kind] or [""]
    return "\n".join(lines) + "\n"


@given(lines=st.sampled_from([TABLE, BROKEN]), changes=edits)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_lint_answers_whatever_is_written(lines, changes, tmp_path):
    (tmp_path / "own").mkdir(exist_ok=True)
    (tmp_path / "own" / "parcel.yaml").write_text(edited(lines, changes))
    registry = Registry([tmp_path])
    (head,) = [head for head in registry.heads() if head.file == "own/parcel.yaml"]
    for finding in registry.faults(head.format):
        assert catalogue.text(finding)
        assert finding.source.line >= 1
