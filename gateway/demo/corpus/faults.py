"""Faults by name: what senders get wrong, and what the gateway must make of it.

A fault changes the item before it is written (`item`), or the text that was written (`text`: what is not XML any
more). `code` is the finding to expect; `fate` says whether the item is quarantined, held for a person, or passes.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

import msgspec

from gateway.demo.corpus.item import Draft

Fate = Literal["quarantined", "held", "passes"]


class Fault(msgspec.Struct, frozen=True):
    """One kind of fault."""

    name: str
    fate: Fate
    code: str
    item: Callable[[Draft, date], None] | None = None
    text: Callable[[bytes], bytes] | None = None


def _unclosed_element(text: bytes) -> bytes:
    return text.replace(b"</city>", b"", 1)


def _unclosed_item(text: bytes) -> bytes:
    return text.replace(b"        </item>\n", b"", 1)


def _bare_ampersand(text: bytes) -> bytes:
    return text.replace(b"<description>", b"<description>Salt & pepper ", 1)


def _wrong_encoding(text: bytes) -> bytes:
    return text.replace(b"<description>", "<description>Fächer ".encode("latin-1"), 1)


def _control_character(text: bytes) -> bytes:
    return text.replace(b"<description>", b"<description>Tab\x0bular ", 1)


def _entity(text: bytes) -> bytes:
    return text.replace(b"<description>", b"<description>Caf&eacute; ", 1)


def _nested(text: bytes) -> bytes:
    return text.replace(b"<description>", b"<description>" + b"<b>" * 300, 1).replace(
        b"</description>", b"</b>" * 300 + b"</description>", 1
    )


def _decimal_comma(text: bytes) -> bytes:
    start = text.index(b"<gross-weight>")
    return text[:start] + text[start:].replace(b".", b",", 1)


def _unknown_element(text: bytes) -> bytes:
    return text.replace(b"<object-type>", b"<fragile>yes</fragile><object-type>", 1)


def _check_digit(item: Draft, _: date) -> None:
    digits = item.item_id
    item.item_id = f"{digits[:10]}{(int(digits[10]) + 1) % 10}{digits[11:]}"


def _reserved_indicator(item: Draft, _: date) -> None:
    item.item_id = f"JA{item.item_id[2:]}"


def _id_missing(item: Draft, _: date) -> None:
    item.omit.add("item-id")


def _country_unknown(item: Draft, _: date) -> None:
    item.country = "XX"


def _currency_unknown(item: Draft, _: date) -> None:
    item.pieces[-1].currency = "XYZ"


def _currency_missing(item: Draft, _: date) -> None:
    item.omit.add("currency")


def _vague(item: Draft, _: date) -> None:
    item.pieces[0].description = "gifts"


def _overlong(item: Draft, _: date) -> None:
    item.pieces[0].description = "Decorative hand-made table runner with fringes, " * 11


def _hs_missing(item: Draft, _: date) -> None:
    item.nature, item.pieces[0].code = "11", ""


def _hs_unknown(item: Draft, _: date) -> None:
    item.pieces[0].code = "61099900"


def _hs_short(item: Draft, _: date) -> None:
    item.pieces[0].code = item.pieces[0].code[:6]


def _posted_in_future(item: Draft, day: date) -> None:
    item.posted = (day + timedelta(days=40)).isoformat()


def _recipient_missing(item: Draft, _: date) -> None:
    item.omit.add("recipient")


def _postcode_overlong(item: Draft, _: date) -> None:
    item.postcode = "SW1A 1AA-GB"


def _nature_unknown(item: Draft, _: date) -> None:
    item.nature = "77"


def _net_above_gross(item: Draft, _: date) -> None:
    item.grams = sum(piece.grams for piece in item.pieces) * 3 // 4


def _gross_zero(item: Draft, _: date) -> None:
    item.grams = 0


def _units_zero(item: Draft, _: date) -> None:
    item.pieces[0].units = 0


def _above_threshold(item: Draft, _: date) -> None:
    item.nature = "11"
    item.pieces[0].minor = int(400 * item.origin.per_gbp * 10**item.origin.decimals)


def _gift_above_limit(item: Draft, _: date) -> None:
    item.nature, item.company, item.invoice = "31", False, ""
    item.pieces[0].minor = int(80 * item.origin.per_gbp * 10**item.origin.decimals)


_ALL = (
    Fault("unclosed-element", "quarantined", "SRC223", text=_unclosed_element),
    Fault("unclosed-item", "quarantined", "SRC221", text=_unclosed_item),
    Fault("bare-ampersand", "quarantined", "SRC227", text=_bare_ampersand),
    Fault("wrong-encoding", "quarantined", "SRC224", text=_wrong_encoding),
    Fault("control-character", "quarantined", "SRC225", text=_control_character),
    Fault("entity-reference", "quarantined", "SRC203", text=_entity),
    Fault("nested-deeply", "quarantined", "SRC231", text=_nested),
    Fault("decimal-comma", "quarantined", "SRC260", text=_decimal_comma),
    Fault("unknown-element", "quarantined", "SRC254", text=_unknown_element),
    Fault("check-digit", "quarantined", "SRC301", _check_digit),
    Fault("reserved-indicator", "quarantined", "SRC303", _reserved_indicator),
    Fault("id-missing", "quarantined", "SRC253", _id_missing),
    Fault("country-unknown", "quarantined", "SRC382", _country_unknown),
    Fault("currency-unknown", "quarantined", "SRC351", _currency_unknown),
    Fault("currency-missing", "quarantined", "SRC264", _currency_missing),
    Fault("description-vague", "passes", "SRC335", _vague),
    Fault("description-overlong", "quarantined", "SRC250", _overlong),
    Fault("hs-missing", "held", "SRC341", _hs_missing),
    Fault("hs-unknown", "held", "SRC344", _hs_unknown),
    Fault("hs-short", "held", "TGT551", _hs_short),
    Fault("posted-in-future", "quarantined", "SRC311", _posted_in_future),
    Fault("recipient-missing", "quarantined", "SRC253", _recipient_missing),
    Fault("postcode-overlong", "held", "TGT502", _postcode_overlong),
    Fault("nature-unknown", "quarantined", "SRC392", _nature_unknown),
    Fault("net-above-gross", "held", "SRC322", _net_above_gross),
    Fault("gross-zero", "quarantined", "SRC321", _gross_zero),
    Fault("units-zero", "held", "SRC332", _units_zero),
    Fault("above-threshold", "held", "TGT555", _above_threshold),
    Fault("gift-above-limit", "held", "TGT556", _gift_above_limit),
)
FAULTS: Mapping[str, Fault] = MappingProxyType({fault.name: fault for fault in _ALL})
