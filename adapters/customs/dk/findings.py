"""What stands in the way of a Danish declaration, and what is worth knowing of it."""

from collections.abc import Iterator

from adapters.customs.dk.law import AUTHORITY, Danish
from adapters.customs.law import Relief
from adapters.customs.required import missing, requirements
from adapters.customs.rules import Day, Facts, rules_of, violations
from adapters.customs.worth import Worth
from gateway.findings import Finding
from gateway.model import Consignment

COUNTRY = "DK"


def of_value(value: Worth, exceeded: Relief | None) -> Iterator[Finding]:
    """Why a relief is not claimed."""
    for currency in value.unrated:
        values = {"currency": currency, "wanted": "DKK", "authority": AUTHORITY}
        yield Finding("TGT608", values=values, model_path="value", wco_id="109")
    if exceeded is not None:
        values = {"value": value.shown, "wanted": "DKK", "how": value.how}
        values |= {"limit": str(exceeded.limit), "currency": exceeded.currency, "relief": exceeded.code}
        yield Finding("TGT609", values=values, model_path="value", wco_id="109")


def of_law(said: Consignment, data_set: str, day: Day, known: Facts) -> Iterator[Finding]:
    """Where it goes, what the data set asks for and is not known, the authority's own rules."""
    yield from _destination(said)
    category = data_set.upper()
    wanted = requirements(day.lists, f"{AUTHORITY}/required", data_set, day.on)
    yield from missing(wanted, said, category, "TGT562")
    rules = rules_of(day.lists, f"{AUTHORITY}/rules", category, day.on)
    yield from violations(rules, said, known, AUTHORITY)


def of_duties(said: Consignment, law: Danish) -> Iterator[Finding]:
    """A flat duty for each subheading makes their number money: for information, nothing is merged or withheld."""
    for duty in law.duties:
        under = (goods for goods in said.goods_items if duty.procedure in goods.additional_procedures)
        subheadings = {goods.hs_code for goods in under if goods.hs_code}
        if subheadings:
            values = {"count": str(len(subheadings)), "amount": str(duty.amount), "currency": duty.currency}
            values |= {"since": duty.since, "total": str(duty.amount * len(subheadings))}
            yield Finding("TGT611", "info", values, model_path="goods_items", wco_id="145")


def _destination(said: Consignment) -> Iterator[Finding]:
    address = said.consignee.address if said.consignee else None
    country = said.destination_country or (address.country if address else None)
    if country not in {COUNTRY, None}:
        values = {"country": country or "", "wanted": COUNTRY}
        yield Finding("TGT612", values=values, model_path="consignee.address.country", wco_id="242")
