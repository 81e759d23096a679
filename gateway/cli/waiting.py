"""What waits for a person, and the commands by which it goes on."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gateway.findings.catalogue import entry

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.findings import Finding
    from gateway.steps.answering.dossier import Filed

SHOWN = 5  # files that wait are named in `status`


def ways_on(facts: Mapping[str, Any], findings: Collection["Finding"], filings: Collection["Filed"]) -> Iterator[str]:
    """What a person may do with an item that waits for one, or with each of its filings that do."""
    name = facts["item_id"] or facts["id"]
    if facts["state"] in {"held", "quarantined"}:
        yield from _ways(name, findings)
    waiting = [filed for filed in filings if filed.state == "held" and facts["state"] == "accepted"]
    for filed in waiting:
        yield from _ways(filed.lrn if len(waiting) > 1 else name, filed.findings)


def _ways(name: str, findings: Collection["Finding"]) -> Iterator[str]:
    from gateway.steps.working.verdict import called

    errors = [one for one in findings if one.severity == "error"]
    if errors and all(entry(one.code).waivable for one in errors):
        codes = " ".join(f"--waive {code}" for code in dict.fromkeys(map(called, errors)))
        yield f"  let it go on:     gateway items release {name} {codes}"
    yield f"  try it again:     gateway items retry {name}"
    yield f"  give it back:     gateway items return {name}"


def ways_on_of_file(file: str, state: str, *, has_items: bool) -> Iterator[str]:
    """What a person may do with a file."""
    if has_items:
        yield f"  its items:        gateway items search {file}"
    if state == "refused":
        yield f"  try it again:     gateway items retry {file}"
    if state == "suspect":
        yield f"  take it as it is: gateway items retry {file}"
        yield f"  refuse it:        gateway items return {file}"


def waiting_files(conn: "Connection", state: str) -> list[tuple[str, str]]:
    """Id and name of files that wait for a person, the newest first."""
    from sqlalchemy import select

    from gateway.journal import schema
    from gateway.transport.names import shown

    f = schema.file
    found = select(f.c.id, f.c.name).where(f.c.state == state).order_by(f.c.id.desc()).limit(SHOWN)
    return [(row.id, shown(row.name)) for row in conn.execute(found)]
