"""What customs changed of a declaration, value by value: what we had declared, what counts now, where it was said.

Customs tell it by pointers to what was changed (WCO 06A Amendment), with the value before and after or without, and by
the changed values as a declaration that holds nothing else. What is pointed at and not told any more was removed.
"""

import re
from collections.abc import Collection, Iterator, Mapping

import msgspec

from gateway.model import Amendment, Consignment, Decision, Reason
from gateway.steps.answering.pointer import Lead, Trail
from gateway.steps.answering.values import values
from gateway.steps.ground.source import value_at

_GOODS = re.compile(r"^goods_items\[(\d+)\]")
ROLES = {"exporter": "consignor", "importer": "consignee"}
"""Who declares goods, and who sends or receives them where nobody else declares: customs tell the first alone."""


class Change(msgspec.Struct, frozen=True):
    """One value: as we declared it, as it counts now, where it leads at the sender; of a part nothing but where."""

    old: str
    new: str
    lead: Lead


def changes(said: Decision, trail: Trail) -> tuple[Change, ...]:
    """Every change of a decision: those that customs point at, then other values that it tells anew."""
    new = dict(_told(said.changed, trail.declared)) if said.changed is not None else {}
    pointed = [(one, trail.lead(Reason(code=one.reason, text=one.text, pointer=one.pointer))) for one in said.changes]
    known = [_pointed(one, lead, new, trail) for one, lead in pointed]
    paths = {lead.written.model_path for _, lead in pointed if lead.written}
    rest = [_change(path, Reason(), value, trail) for path, value in new.items() if path not in paths]
    told = {one.lead.reason.model_path or "" for one in (*known, *rest) if one.old != one.new}
    return tuple(one for one in (*known, *rest) if one.old != one.new or _says_only_where(one, told))


def _pointed(one: Amendment, lead: Lead, new: Mapping[str, str], trail: Trail) -> Change:
    """What customs say of a place: what stood there and stands there now, in their own words where they tell it."""
    if one.before is not None or one.after is not None:
        return Change(one.before or "", one.after or "", lead)
    if lead.written is None or not lead.written.text:
        return Change("", "", lead)
    path = lead.written.model_path
    return Change(value_at(trail.declared, path), new.get(path, ""), lead)


def _says_only_where(one: Change, told: Collection[str]) -> bool:
    """A part of the declaration that was pointed at, and of which no value was told; or one that cannot be followed."""
    path, written = one.lead.reason.model_path, one.lead.written
    if one.old or one.new or (written is not None and written.text):
        return False
    return not path or not any(other.startswith(path) for other in told)


def _told(changed: Consignment, declared: Consignment) -> Iterator[tuple[str, str]]:
    """The values that count now, under the numbers and the roles that goods items and parties have as declared."""
    for path, one in values(changed).items():
        found = _GOODS.match(path)
        goods = changed.goods_items[int(found[1]) - 1] if found else None
        if goods is None or not goods.number:
            yield _in_its_role(path, declared), one.text
        elif not path.endswith("].number"):
            yield _GOODS.sub(f"goods_items[{goods.number}]", path), one.text


def _change(path: str, reason: Reason, new: str, trail: Trail) -> Change:
    old = value_at(trail.declared, path)
    return Change(old, new, trail.fact(path, reason, old))


def _in_its_role(path: str, declared: Consignment) -> str:
    """A fact of a party under the role in which it was declared."""
    role, _, rest = path.partition(".")
    other = ROLES.get(role)
    if other is None or getattr(declared, role) is not None or getattr(declared, other) is None:
        return path
    return f"{other}.{rest}"
