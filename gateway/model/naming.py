"""A path of the model in the words of people: the label of each step, with the number of an entry.

>>> named("goods_items[2].hs_code"), named("consignee.address.postcode")
((('Goods items', 2), ('HS code', 0)), (('Consignee', 0), ('Address', 0), ('Postcode', 0)))
"""

import re

from gateway.model.consignment import Consignment
from gateway.model.dictionary import fields
from gateway.model.labels import label
from gateway.model.wco import Record

STEP = " \u203a "
_PART = re.compile(r"([a-z_]+)((?:\[[^\]]*\])*)")
_NUMBER = re.compile(r"\[(\d+)\]")


def named(path: str, record: type[Record] = Consignment) -> tuple[tuple[str, int], ...]:
    """Each step that the model knows, as its label and the number of the entry (0: none is meant)."""
    found: list[tuple[str, int]] = []
    holder: type[Record] | None = record
    for name, brackets in _PART.findall(re.sub(r"\[[^\]\d][^\]]*\]", "", path)):
        field = fields(holder).get(name) if holder is not None else None
        if holder is None or field is None:
            break
        number = _NUMBER.search(brackets)
        found.append((label(holder.__name__, name) or name, int(number[1]) if number else 0))
        holder = field.record
    return tuple(found)
