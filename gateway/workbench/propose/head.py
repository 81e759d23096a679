"""The head of a proposed table: its name, syntax, record, root, group."""

from collections.abc import Iterator, Sequence

from gateway.mapping.paths import PathError, message_path
from gateway.workbench.propose.proposal import Proposal
from gateway.workbench.propose.quoting import quoted
from gateway.workbench.propose.spelling import Path

CONSIGNMENT = "Consignment"
GROUPED = ("master_reference", "receptacle_id", "item_id")
JSON, UNIT = "json", "parcel"


def head(proposal: Proposal, name: str, sources: Sequence[str], record: str) -> Iterator[str]:
    sample, shown = proposal.sample, ", ".join(sources)
    yield f"format: {name}"
    yield f"title: {quoted(f'{name}, proposed')}"
    yield f"basis: {quoted(f'Proposed from {shown}: check every row against the description of the sender')}"
    yield f"syntax: {sample.syntax}"
    if sample.namespaces:
        pairs = (f'"{prefix}": {quoted(uri)}' for prefix, uri in sample.namespaces.items())
        yield "namespaces: {" + ", ".join(pairs) + "}"
    yield f"record: {record}"
    yield f"root: {_root(proposal, record)}"
    if proposal.places.flat:  # without columns each row is a parcel, and still holds its goods
        yield f"group: [{', '.join(map(quoted, _group(proposal)))}]"


def _root(proposal: Proposal, record: str) -> str:
    if proposal.places.flat:
        return UNIT
    around = proposal.places.unit if record == CONSIGNMENT else envelope(proposal)
    if proposal.sample.syntax == JSON:  # a document has no name of its own: what stands in it recognises it
        return quoted("/".join(step for step in (UNIT, *around) if step) + _sign(proposal))
    return "/".join((proposal.sample.root.name, *around))


def _sign(proposal: Proposal) -> str:
    """A predicate of what the format is told by: its goods, else its first party."""
    places = proposal.places
    inner = [path[len(places.unit) :] for path in (places.goods, *(block.path for block in places.parties)) if path]
    return next((f"[{'/'.join(path)}]" for path in inner if path and nameable(path)), "")


def _group(proposal: Proposal) -> list[str]:
    """The columns of which rows of one parcel hold the same."""
    known = {row.choice.path: row.leaf.name for row in proposal.rows if row.sure and row.choice}
    return [known[path] for path in GROUPED if path in known] if "item_id" in known else []


def envelope(proposal: Proposal) -> Path:
    """The innermost element around the parcels and all rows of the envelope."""
    paths = [row.leaf.path[:-1] for row in proposal.rows if row.sure] + [proposal.places.unit[:-1]]
    shared = 0
    while shared < min(map(len, paths)) and len({path[shared] for path in paths}) == 1:
        shared += 1
    return paths[0][:shared]


def nameable(path: Path) -> bool:
    """Whether a table can name it: a JSON key may hold what a path cannot."""
    try:
        return all(message_path(step).steps or step.startswith("@") for step in path if step)
    except PathError:
        return False
