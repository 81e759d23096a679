"""The elements of the model that a leaf may be, with what their values must or may look like.

>>> [target.path for target in targets("GoodsItem") if target.wants == "hs"][:1]
['hs_code']
"""

import re
from functools import cache

import msgspec

from gateway.model.dictionary import Kind, at, fields, records
from gateway.model.wco import Record
from gateway.workbench.propose.synonyms import Term, terms

_PREDICATE = re.compile(r"\[[^\]]*\]")
_BY_KIND: dict[str, str] = {
    "amount": "number", "measure": "number", "number": "number", "count": "integer", "moment": "date", "flag": "flag",
}  # fmt: skip
_BY_LIST = {"ISO 3166-1 alpha-2": "country", "HS 2022": "hs", "UPU S10": "s10", "UPU S9": "s9"}
_BY_PATH = {
    "communications[type=EM].value": "email", "communications[type=TE].value": "phone", "ids[kind=IOSS].id": "ioss",
    "fiscal_references[role=FR5].id": "ioss", "ids[kind=EORI].id": "eori", "consignor.ids[kind=EORI].id": "eori",
    "ids[kind=VAT].id": "vat", "address.postcode": "postcode", "extension.incoterms": "incoterm",
    "extension.invoice_date": "date", "tariff_code": "hs", "master_reference": "awb",
}  # fmt: skip
REQUIRED = {"number", "integer", "date", "flag"}
"""Shapes without which a value cannot be understood at all."""
TELLING = {"s10", "s9", "hs", "email", "ioss", "country", "currency", "incoterm", "awb"}
"""Shapes that no value has by chance (or hardly)."""


class Target(msgspec.Struct, frozen=True):
    """One element: path within its record, kind, expected shape, names; a list takes several leaves."""

    record: str
    path: str
    kind: Kind
    wants: str
    many: bool
    terms: tuple[Term, ...]


@cache
def targets(record: str) -> tuple[Target, ...]:
    """Every element of a record that has names and holds a value."""
    own = tuple(found for (owner, path) in terms() if owner == record if (found := _target(owner, path)))
    if record == "Location":  # its address is as that of a party
        own += tuple(target for target in targets("Party") if target.path.startswith("address."))
    return own


@cache
def roles() -> dict[str, tuple[Term, ...]]:
    """The parties of a consignment, by role."""
    known = fields(records()["Consignment"])
    return {
        path: some
        for (owner, path), some in terms().items()
        if owner == "Consignment" and path in known and _name(known[path].record) == "Party"
    }


@cache
def holders(record: str) -> tuple[tuple[str, str, tuple[Term, ...]], ...]:
    """The parts and lists of a record that have names, parties and goods aside: field, its record, its names."""
    known = fields(records()[record])
    some = (
        (path, _name(known[path].record), found)
        for (owner, path), found in terms().items()
        if owner == record and path in known
    )
    return tuple(one for one in some if one[1] not in {"", "Party", "GoodsItem", "Consignment"})


def _target(owner: str, path: str) -> Target | None:
    plain = _PREDICATE.sub("", path)
    if plain.startswith("extension."):
        return Target(owner, path, "text", _BY_PATH.get(path, ""), many=False, terms=terms()[owner, path])
    record = records().get(owner)
    info = at(record, plain) if record else None
    if info is None or info.kind == "record":
        return None
    wants = _BY_PATH.get(path) or _BY_LIST.get(info.code_list) or _BY_KIND.get(info.kind, "")
    return Target(owner, path, info.kind, wants, info.is_list, terms()[owner, path])


def _name(record: type[Record] | None) -> str:
    return record.__name__ if record else ""
