"""Denmark's DMS: what must be said beside the sender's facts to file an H7 or an H6.

Sources: Danish Customs Agency, DMS import: schemas H7 1.9 and H6 2.1, published sample declarations, validation rules
and error codes (December 2025). Limits, procedures, rates and rules are dated tables (`mappings/codes/customs/dk`),
who declares is in the partner's settings (`filer.KEYS`).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from adapters.customs import json_pointer, masses, parties, worth
from adapters.customs.dated import NothingInForceError
from adapters.customs.dk import filer, findings, goods
from adapters.customs.dk.law import AUTHORITY, TABLES, Danish, danish
from adapters.customs.dk.requests import Requests
from adapters.customs.origins import ALIKE, Origins
from adapters.customs.pack import Pack
from adapters.customs.rules import Day, Facts
from gateway.checks import lists as shipped
from gateway.findings import Finding
from gateway.mapping.protocols import Filing, Lists
from gateway.mapping.trace import Entry
from gateway.model import Consignment, Step

CURRENCY = "DKK"
DATA_SETS = re.compile(r"customs/dk/(h[67])\b.*")
USUAL = "h7"
TRANSPORT = "TransportContractDocument"

ORIGINS: Origins = (
    *ALIKE,
    (re.compile(r"goods_items\[\d+\]\.packages\b.*"), "package_count"),
    (re.compile(r"fiscal_references\b.*"), "consignor.ids"),
    (re.compile(r"importer\b(.*)"), r"consignee\1"),
)
"""Which of the sender's facts stands behind a fact that this pack adds: customs' pointers end there."""


class Denmark(Requests, Pack):
    """Authority pack `customs/dk`."""

    name = AUTHORITY
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
        data_set = _data_set(filing.target)
        try:
            law = danish(lists, data_set, on)
        except NothingInForceError:
            values = {"data_set": data_set.upper(), "date": on.isoformat(), "authority": AUTHORITY}
            return consignment, (Finding("TGT610", values=values),)
        known = _known(masses.lines(consignment), law)
        rates = worth.exchange(CURRENCY, law.rates, settings)
        value = worth.of_goods(known, rates)
        granted, exceeded = worth.relief(known, value, law)
        said = _said(known, filing, settings, law, data_set, granted.code if granted else "")
        found = (
            *findings.of_value(value, exceeded),
            *goods.faults(known, said, data_set),
            *filer.faults(settings, said, data_set),
            *findings.of_law(said, data_set, Day(lists, on), Facts(law.limits, rates)),
            *findings.of_duties(said, law),
        )
        return said, tuple(self._told(found))

    def locate(self, steps: tuple[Step, ...], entries: tuple[Entry, ...], lists: Lists = shipped.rows) -> Entry | None:
        """Pointers here are texts like JSONPath. The transport document is the mail item itself."""
        found = json_pointer.locate(steps, entries, json_pointer.names(lists, AUTHORITY))
        if found is not None and found.model_path.startswith("documents") and TRANSPORT in found.message_path:
            return msgspec.structs.replace(found, model_path="item_id")
        return found

    def _told(self, found: tuple[Finding, ...]) -> Iterator[Finding]:
        """Findings at the sender's own facts, where these stand behind what is declared."""
        return (msgspec.structs.replace(each, model_path=self.origin(each.model_path)) for each in found)


def _data_set(target: str) -> str:
    found = DATA_SETS.fullmatch(target)
    return found[1] if found else USUAL


def _known(consignment: Consignment, law: Danish) -> Consignment:
    """The consignment with the kinds of its parties' numbers; who sends goods is one party here, not two."""
    consignor = consignment.consignor or consignment.exporter
    return msgspec.structs.replace(
        consignment,
        consignor=parties.typed(consignor, law),
        consignee=parties.typed(consignment.consignee, law),
        importer=parties.typed(consignment.importer, law),
    )


def _said(
    known: Consignment, filing: Filing, settings: Mapping[str, str], law: Danish, data_set: str, relief: str
) -> Consignment:
    fiscal = tuple(parties.fiscal_references(known, law))
    importer = goods.importer(known, law, settings)
    additional = goods.additional_procedures(law, relief, [code for _, code in fiscal], importer, settings)
    office = known.declaration.office if known.declaration else None
    return msgspec.structs.replace(
        known,
        declaration=filer.declaration(filing, settings, data_set.upper(), office),
        submitter=filer.submitter(settings, known.submitter),
        declarant=filer.declarant(settings, known.declarant),
        representative=filer.representative(settings, known.representative),
        importer=importer,
        goods_location=filer.location(settings, known.goods_location),
        package_count=known.package_count or goods.ONE_PACKAGE,
        fiscal_references=tuple(reference for reference, _ in fiscal),
        guarantees=filer.guarantees(settings, known.guarantees),
        statements=known.statements + filer.statements(settings),
        documents=(*goods.documents(known.documents), *filer.transport_document(known.item_id, settings)),
        goods_items=tuple(goods.items(known, law, additional, settings)),
    )
