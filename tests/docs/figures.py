"""The table of figures in the page about watching, from the table in the source.

`python -m tests.docs.figures` writes it into the page.
"""

import re
from pathlib import Path

from gateway.observe.metrics import METRICS

PAGE = Path(__file__).parents[2] / "docs/watching.md"
PLACE = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)


def table() -> str:
    """One row a figure."""
    rows = (f"| `{m.name}` | {', '.join(m.labels)} | {m.source} | {m.kind} | {m.help} |" for m in METRICS)
    return "\n".join(("| figure | labels | told by | kind | what it says |", "|---|---|---|---|---|", *rows, ""))


if __name__ == "__main__":
    PAGE.write_text(PLACE.sub(lambda found: f"{found[1]}{table()}{found[2]}", PAGE.read_text()))
