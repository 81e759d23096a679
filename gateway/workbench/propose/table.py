"""A proposal as a table: sure rows as they are, unsure ones commented out, each with its evidence."""

from collections.abc import Sequence

from gateway.workbench.propose import columns
from gateway.workbench.propose.blocks import Blocks
from gateway.workbench.propose.head import head
from gateway.workbench.propose.lines import aligned
from gateway.workbench.propose.proposal import Proposal


def text(proposal: Proposal, name: str, sources: Sequence[str], record: str) -> str:
    """The table in YAML."""
    body = columns.lines(proposal) if proposal.places.flat else Blocks(proposal, record).lines()
    return "\n".join((*head(proposal, name, sources, record), "fields:", *aligned(list(body)))) + "\n"
