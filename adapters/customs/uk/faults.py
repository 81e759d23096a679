"""What stands in the way of a declaration: its direction, its type, what its data set asks for, rules that are public.

CDS publishes no list of its error codes. A finding names the data element; no code of customs is invented.
"""

from collections.abc import Iterator

import msgspec

from adapters.customs.required import missing
from adapters.customs.rules import Facts, violations
from adapters.customs.uk import goods
from adapters.customs.uk.rules import AUTHORITY, Rules
from gateway.findings import Finding
from gateway.model import Consignment

COUNTRY = "GB"
MISSING, WRONG_TYPE, NOT_ABROAD, RULE = "TGT562", "TGT563", "TGT564", "TGT565"


def of_trade(said: Consignment, law: Rules) -> Iterator[Finding]:
    """Imports come here, exports go elsewhere; the type of the declaration is one of the data set."""
    country = said.destination_country
    if country is not None and (country == COUNTRY) != law.imports:
        code = "TGT550" if law.imports else NOT_ABROAD
        yield Finding(code, values={"country": country}, model_path="consignee.address.country", wco_id="242")
    kind = said.declaration.type if said.declaration else None
    if kind not in law.types:
        told = {"type": kind or "", "data_set": law.data_set, "types": ", ".join(law.types)}
        yield Finding(WRONG_TYPE, values=told, model_path="declaration.type", wco_id="D013")


def of_data_set(said: Consignment, law: Rules, facts: Facts) -> Iterator[Finding]:
    """What is missing, what cannot be declared as it stands, what a rule forbids."""
    roles = _by_role(said, law)
    yield from missing(law.required, roles, law.data_set, MISSING)
    yield from goods.faults(said, law)
    for each in violations(law.stated, roles, facts, AUTHORITY):
        yield msgspec.structs.replace(each, code=RULE)


def _by_role(said: Consignment, law: Rules) -> Consignment:
    """The sender and the receiver as they are declared: the exporter and the importer where those are others."""
    return msgspec.structs.replace(
        said,
        consignor=said.exporter or said.consignor,
        consignee=(said.importer if law.imports else None) or said.consignee,
    )
