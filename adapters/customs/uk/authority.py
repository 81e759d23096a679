"""The United Kingdom's customs declaration service: what must be said beside the sender's facts to file an H7.

Sources: HMRC customs-declarations API (schemas, example TT_IM067a); limits, procedures and rates are dated tables
(`mappings/codes/customs/uk`), who declares is in the partner's settings (`filer.KEYS`).
"""

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from adapters.customs import masses, parties, wco_pointer, worth
from adapters.customs.uk import filer, goods, value
from adapters.customs.uk.requests import Requests
from adapters.customs.uk.rules import Rules, rules
from gateway.checks import lists as shipped
from gateway.findings import Finding
from gateway.mapping.protocols import Filing, Lists
from gateway.mapping.trace import Entry
from gateway.model import Consignment, Step

COUNTRY = "GB"
CURRENCY = "GBP"
PREVIOUS = "99A"  # WCO class PreviousDocument
ONE_PACKAGE = 1  # a mail item is one package

ORIGINS = (
    (re.compile(r"(goods_items\[\d+\])\.tariff_code"), r"\1.hs_code"),
    (re.compile(r"(goods_items\[\d+\])\.(gross_mass|number)"), r"\1.net_mass"),
    (re.compile(r"goods_items\[\d+\]\.(documents\[\d+\].*)"), r"\1"),
    (re.compile(r"goods_items\[\d+\]\.(procedure|additional_procedures)\b.*"), "nature"),
    (re.compile(r"fiscal_references\b.*"), "consignor.ids"),
)
"""Which of the sender's facts stands behind a fact that this pack adds: customs' pointers end there."""


class UnitedKingdom(Requests):
    """Authority pack `customs/uk`."""

    name = "customs/uk"
    settings = filer.KEYS

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
            law = rules(lists, on)
        except LookupError:
            return consignment, (Finding("TGT560", values={"date": on.isoformat()}),)
        consignment = masses.lines(consignment)
        value_of_goods = worth.of_goods(consignment, worth.exchange(CURRENCY, law.rates, settings))
        relief, above = value.relief(consignment, value_of_goods, law)
        said = _said(consignment, filing, settings, law, relief.code if relief else "")
        return said, (*_destination(consignment), *above, *filer.faults(settings, said), *goods.faults(said))

    def locate(self, steps: tuple[Step, ...], entries: tuple[Entry, ...]) -> Entry | None:
        """Pointers here are chains of WCO ids. The previous document is the mail item itself."""
        found = wco_pointer.locate(steps, entries)
        if found is not None and PREVIOUS in found.wco_ids and found.model_path.startswith("documents"):
            return msgspec.structs.replace(found, model_path="item_id")
        return found

    def origin(self, model_path: str) -> str:
        """The sender's fact behind a declared one.

        >>> UnitedKingdom().origin("goods_items[2].tariff_code"), UnitedKingdom().origin("consignor.name")
        ('goods_items[2].hs_code', 'consignor.name')
        """
        for declared, said in ORIGINS:
            if declared.fullmatch(model_path):
                return declared.sub(said, model_path)
        return model_path


def _said(
    consignment: Consignment, filing: Filing, settings: Mapping[str, str], law: Rules, relief: str
) -> Consignment:
    known = msgspec.structs.replace(
        consignment,
        consignor=parties.typed(consignment.consignor, law),
        consignee=parties.typed(consignment.consignee, law),
    )
    fiscal = tuple(parties.fiscal_references(known, law))
    additional = [code for code in (relief, *(code for _, code in fiscal)) if code]
    common = goods.common(law, additional, filer.statements(settings), known)
    items = tuple(
        goods.complete(each, number, gross, common, goods.tariff_code(each, settings))
        for number, (each, gross) in enumerate(zip(known.goods_items, masses.gross_masses(known), strict=True), start=1)
    )
    return msgspec.structs.replace(
        known,
        declaration=filer.declaration(filing, settings),
        declarant=filer.declarant(settings, known.declarant),
        representative=filer.representative(settings, known.representative),
        goods_location=filer.location(settings, known.goods_location),
        transport=filer.transport(known.transport, settings),
        package_count=known.package_count or ONE_PACKAGE,
        fiscal_references=tuple(reference for reference, _ in fiscal),
        documents=(*known.documents, *filer.previous_documents(known.item_id, settings)),
        goods_items=items,
    )


def _destination(consignment: Consignment) -> tuple[Finding, ...]:
    address = consignment.consignee.address if consignment.consignee else None
    country = consignment.destination_country or (address.country if address else None)
    if country in {COUNTRY, None}:
        return ()
    return (Finding("TGT550", values={"country": country or ""}, model_path="consignee.address.country", wco_id="242"),)
