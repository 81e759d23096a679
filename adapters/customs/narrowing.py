"""What an answer to a declaration for several parcels says of one of them; places are chains of WCO ids.

Whatever names a goods item (68A) is of the parcel whose goods it is, under that parcel's own number; whatever names
none is of every parcel.

>>> from gateway.model import Reason
>>> said = Decision(reasons=(Reason(code="A", pointer=(Step(section="68A", number=3),)), Reason(code="B")))
>>> [(one.code, one.pointer[0].number if one.pointer else None) for one in narrowed(said, 2, 2).reasons]
[('A', 2), ('B', None)]
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from gateway.model import Consignment, Decision, Step

GOODS_ITEM = "68A"  # WCO class GovernmentAgencyGoodsItem
OF_ALL = frozenset({"received", "accepted", "cleared", "cancelled"})
"""Outcomes that concern each parcel, whatever goods items the answer names besides."""

Part = Any
"""An entry of a decision: Reason, Amendment, Statement, Tax, Release, GoodsItem."""


def narrowed(said: Decision, first: int, items: int) -> Decision | None:
    """The answer as one parcel hears it, whose goods items are `first` to `first + items - 1` of the declaration.

    None where it speaks of goods of other parcels only, and is not one that concerns every parcel.
    """
    own = range(first, first + items)
    kept = {name: _kept(getattr(said, name), numbered, own) for name, numbered in PARTS.items()}
    changed = _changed(said.changed, own)
    dropped = {name for name, parts in kept.items() if len(parts) < len(getattr(said, name))}
    others = bool(dropped) or changed != said.changed
    speaks = any(kept.values()) or bool(changed and changed.goods_items)
    if others and not speaks and said.outcome not in OF_ALL:
        return None
    total = None if "taxes" in dropped else said.total
    return msgspec.structs.replace(said, **kept, changed=changed, total=total)


Numbered = Callable[[Part, range], Part | None]
"""The entry under the parcel's own number; None where it is of another parcel."""


def _pointed(part: Part, own: range) -> Part | None:
    steps: tuple[Step, ...] = part.pointer
    number = next((step.number for step in steps if step.section == GOODS_ITEM), None)
    if number is None:
        return part
    if number not in own:
        return None
    shifted = tuple(
        msgspec.structs.replace(step, number=number - own.start + 1) if step.section == GOODS_ITEM else step
        for step in steps
    )
    return msgspec.structs.replace(part, pointer=shifted)


def _of_field(field: str) -> Numbered:
    def numbered(part: Part, own: range) -> Part | None:
        number = getattr(part, field)
        if number is None:
            return part
        return msgspec.structs.replace(part, **{field: number - own.start + 1}) if number in own else None

    return numbered


PARTS: Mapping[str, Numbered] = {
    "reasons": _pointed,
    "changes": _pointed,
    "statements": _pointed,
    "taxes": _of_field("goods_item"),
    "releases": _of_field("goods_item"),
}


def _kept(parts: tuple[Part, ...], numbered: Numbered, own: range) -> tuple[Part, ...]:
    return tuple(one for part in parts if (one := numbered(part, own)) is not None)


def _changed(changed: Consignment | None, own: range) -> Consignment | None:
    """The declaration as customs changed it: the goods of one parcel in it."""
    if changed is None:
        return None
    return msgspec.structs.replace(changed, goods_items=_kept(changed.goods_items, _of_field("number"), own))
