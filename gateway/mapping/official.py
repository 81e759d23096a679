"""An official schema at work beside a table: a document that was written is looked at before anybody gets it.

Most tables know their grammar, so this finds little; it is there for the day when customs' schema and our table part.
"""

from collections.abc import Iterator

import msgspec

from gateway.findings.finding import Finding, Position
from gateway.mapping.editions import Edition
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Breach, Schema
from gateway.mapping.trace import Entry

INVALID = "TGT580"
ANSWER = "RSP745"


class Official(msgspec.Struct, frozen=True):
    """The schema of one format on one day, and the edition that it is."""

    edition: Edition
    schema: Schema

    def written(self, text: str) -> tuple[Breach, ...]:
        return self.schema.breaches(text.encode())

    def read(self, text: bytes) -> tuple[Finding, ...]:
        """What of an answer is not as the schema demands: information, for it is read all the same."""
        return tuple(
            Finding(ANSWER, "info", _values(one, self.edition), source=Position(path=one.path))
            for one in self.schema.breaches(text)
        )


def findings(
    breaches: tuple[Breach, ...], edition: Edition, plan: Plan, entries: tuple[Entry, ...], told: tuple[Finding, ...]
) -> Iterator[Finding]:
    """Each breach with the row that wrote the element; what the writer itself has told of an element is not told twice.

    An element that must be said and is not known is missed by the schema at the next one that stands: what is told by
    its own name stands for that.
    """
    known = {one.model_path for one in told if one.severity == "error" and one.model_path}
    missing = any(one.code == "TGT501" for one in told)
    for breach in breaches:
        entry = _entry(within(plan, breach.path), entries)
        if entry is not None and entry.model_path in known:
            continue
        if missing and "expected" in breach.problem.casefold():
            continue
        yield Finding(
            INVALID,
            "error",
            _values(breach, edition),
            row=entry.row if entry else None,
            model_path=entry.model_path if entry else "",
            wco_id=entry.wco_ids[-1] if entry and entry.wco_ids else "",
        )


def within(plan: Plan, path: str) -> str:
    """A path from the document's root as traces name it: from the unit, or with a slash in front where it is outside.

    >>> from gateway.mapping.plan import Step
    >>> plan = Plan("", "", "xml", "", "", (Step("MetaData"), Step("Declaration")), (), {})
    >>> within(plan, "MetaData/Declaration/ID"), within(plan, "MetaData/Version")
    ('Declaration/ID', '/MetaData/Version')
    """
    above = "".join(f"{step.local}/" for step in (*plan.root, *plan.unit)[:-1])
    last = (*plan.root, *plan.unit)[-1].local
    inside = path.startswith(f"{above}{last}")
    return path.removeprefix(above) if inside else f"/{path}"


def _entry(path: str, entries: tuple[Entry, ...]) -> Entry | None:
    """What wrote the element, or the first value in it."""
    exact = next((one for one in entries if one.message_path == path), None)
    return exact or next((one for one in entries if one.message_path.startswith(f"{path}/")), None)


def _values(breach: Breach, edition: Edition) -> dict[str, str]:
    return {
        "element": breach.path, "problem": breach.problem, "line": str(breach.line), "edition": edition.name,
    }  # fmt: skip
