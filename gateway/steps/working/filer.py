"""The filer: what the file of an authority says for all that is filed with it, and a record completed by it.

First the partial record is laid under what the sender said, then the authority's pack adds what its dated rules
demand. Declarations are written, explained and pointed into by the same function, so that they agree.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from gateway.checks.lists import rows as shipped
from gateway.findings import Finding
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Filing, Grouper, Lists, Tabled
from gateway.model import Consignment
from gateway.model.laying import laid_under


class Filer(msgspec.Struct, frozen=True, omit_defaults=True):
    """`settings` are for the authority's pack of rules; `record` is what the filer knows and no sender says.

    `zone` is the authority's: its rules change at its own midnight.
    """

    settings: dict[str, str] = {}
    record: Consignment = Consignment()
    zone: str = "UTC"

    def day(self, at: datetime) -> date:
        """The date of what is declared at a moment."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def declarant(self) -> str:
        """The declarant's number: an LRN is unique for one declarant."""
        said = self.settings.get("declarant-id", "")
        party = self.record.declarant
        return said or next((each.id or "" for each in party.ids), "") if party else said

    @property
    def prefix(self) -> str:
        """How its LRNs begin."""
        return self.settings.get("lrn-prefix", "")

    @property
    def change(self) -> tuple[str, str]:
        """Why declarations are changed when their senders say something else: the authority's code, and in words."""
        return self.settings.get("change-reason", ""), self.settings.get("change-text", "")


def completed(
    record: Consignment, target: str, filing: Filing, filer: Filer, on: date, lists: Lists = shipped
) -> tuple[Consignment, tuple[Finding, ...]]:
    """The record as it is filed on a day, and what stands in the way of filing it."""
    record = laid_under(record, filer.record)
    authority = authority_for(target)
    if authority is None:
        return record, ()
    try:
        return authority.complete(record, filing, filer.settings, on, lists)
    except Exception:
        faults = authority.faults(lists, on) if isinstance(authority, Tabled) else ()
        if not faults:
            raise
        return record, faults[:1]  # the tables are at fault, not the parcel: it waits until they can be read


def joined(records: Sequence[Consignment], target: str, filing: Filing, filer: Filer) -> Consignment:
    """Several records, each as it is filed, as the one that declares them all; without a pack for it the first."""
    authority = authority_for(target)
    return authority.joined(records, filing, filer.settings) if isinstance(authority, Grouper) else records[0]
