"""The United Kingdom's customs declaration service: what must be said beside the sender's facts, data set by data set.

Sources: HMRC customs-declarations API (schemas, examples TT_IM067a and TT_IM072a); data sets, limits, procedures and
rates are dated tables (`mappings/codes/customs/uk`), who declares is in the partner's settings (`filer.KEYS`).
"""

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from adapters.customs import masses, wco_pointer, worth
from adapters.customs.dated import NothingInForceError
from adapters.customs.one_line import in_one_line
from adapters.customs.origins import ALIKE, Origins
from adapters.customs.pack import Pack
from adapters.customs.rules import Facts
from adapters.customs.uk import declared, faults, filer, value
from adapters.customs.uk.grouped import Grouped
from adapters.customs.uk.requests import Requests
from adapters.customs.uk.rules import TABLES, rules
from gateway.checks import lists as shipped
from gateway.findings import Finding
from gateway.mapping.protocols import Filing, Lists
from gateway.mapping.trace import Entry
from gateway.model import Consignment, Step

CURRENCY = "GBP"
DATA_SET = "h7"  # where no format is named
PREVIOUS = "99A"  # WCO class PreviousDocument

ORIGINS: Origins = (
    *ALIKE,
    (re.compile(r"goods_items\[\d+\]\.((documents\[\d+\]|consignor\b|consignee\b).*)"), r"\1"),
    (re.compile(r"goods_items\[\d+\]\.packages\b.*"), "item_id"),
    (re.compile(r"(goods_items\[\d+\]\.)?fiscal_references\b.*"), "consignor.ids"),
)
"""Which of the sender's facts stands behind a fact that this pack adds: customs' pointers end there."""


class UnitedKingdom(Requests, Grouped, Pack):
    """Authority pack `customs/uk`."""

    name = "customs/uk"
    settings = filer.KEYS
    tables = TABLES
    origins = ORIGINS

    def complete(
        self,
        consignment: Consignment,
        filing: Filing,
        settings: Mapping[str, str],
        on: date,
        lists: Lists = shipped.rows,
    ) -> tuple[Consignment, tuple[Finding, ...]]:
        """The consignment as it is declared on that day; findings where a person must decide first."""
        try:
            law = rules(lists, _data_set(filing), on)
        except NothingInForceError:
            return consignment, (Finding("TGT560", values={"date": on.isoformat()}),)
        exchange = worth.exchange(CURRENCY, law.rates, settings)
        facts = Facts(law.limits, exchange)
        consignment, notes = in_one_line(masses.lines(consignment))
        relief, above = value.relief(consignment, worth.of_goods(consignment, exchange), law)
        said = declared.declared(consignment, filing, settings, law, facts, relief.code if relief else "")
        return said, (
            *faults.of_trade(said, law),
            *above,
            *filer.faults(settings, said),
            *faults.of_data_set(said, law, facts),
            *notes,
        )

    def locate(
        self,
        steps: tuple[Step, ...],
        entries: tuple[Entry, ...],
        lists: Lists = shipped.rows,  # noqa: ARG002 - WCO ids stand in the trace
    ) -> Entry | None:
        """Pointers here are chains of WCO ids. The previous document is the mail item itself."""
        found = wco_pointer.locate(steps, entries)
        if found is not None and PREVIOUS in found.wco_ids and "documents" in found.model_path:
            return msgspec.structs.replace(found, model_path="item_id")
        return found


def _data_set(filing: Filing) -> str:
    """The data set that a format stands for: `customs/uk/birds` is `birds`."""
    return filing.target.rpartition("/")[2] or DATA_SET
