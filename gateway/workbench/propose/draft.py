"""From files to the text of a table."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from gateway.mapping.registry import Registry
from gateway.workbench.propose import codelists, sources, table
from gateway.workbench.propose.blocks import MESSAGE
from gateway.workbench.propose.head import CONSIGNMENT
from gateway.workbench.propose.proposal import Proposal, propose

ENOUGH = 2  # rows of an envelope that make a message of it


class Draft(msgspec.Struct, frozen=True):
    """A table to be looked at."""

    name: str
    text: str
    record: str
    proposal: Proposal

    @property
    def sure(self) -> int:
        return sum(row.sure for row in self.proposal.rows)

    @property
    def unsure(self) -> int:
        return sum(not row.sure and not row.carries for row in self.proposal.rows)


def draft(files: Sequence[Path], name: str, record: str | None = None, roots: Sequence[Path] = ()) -> Draft:
    """The table proposed for messages of one format; `roots` hold own code lists. Raises: Refused."""
    samples = [sources.read(path) for path in files]
    syntaxes = sorted({sample.syntax for sample in samples})
    if len(syntaxes) > 1:
        raise sources.refused("MAP504", files[0], found=", ".join(syntaxes))
    if not any(sample.root.children for sample in samples):
        raise sources.refused("MAP503", files[0])
    lists = tuple(codelists.every(Registry(roots)))
    found = propose(samples, envelope=record != CONSIGNMENT, lists=lists)
    if record is None:
        record = MESSAGE if _enveloped(found) else CONSIGNMENT
        if record == CONSIGNMENT:
            found = propose(samples, lists=lists)
    if not any(row.sure for row in found.rows):
        raise sources.refused("MAP503", files[0])
    return Draft(name, table.text(found, name, [path.name for path in files], record), record, found)


def _enveloped(found: Proposal) -> bool:
    """Whether enough of what stands around the parcels is known."""
    around = [row for row in found.rows if row.sure and row.choice and row.choice.target.record == MESSAGE]
    return len(around) >= ENOUGH and bool(found.places.unit) and found.sample.syntax == "xml"
