"""What customs changed of a declaration, value by value: what we had declared, what counts now, where it was said.

Customs tell it in one of two ways, or in both: pointers to what was changed (WCO 06A Amendment), and the changed values
as a declaration that holds nothing else. A value that is pointed at and not told any more was removed.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from gateway.model import Consignment, Decision, Reason
from gateway.steps.pointer import Lead, Trail
from gateway.steps.source import value_at
from gateway.steps.values import values

_GOODS = re.compile(r"^goods_items\[(\d+)\]")
ROLES = {"exporter": "consignor", "importer": "consignee"}
"""Who declares goods, and who sends or receives them where nobody else declares: customs tell the first alone."""


class Change(msgspec.Struct, frozen=True):
    """One value: as we declared it, as it counts now, where it leads at the sender; of a part nothing but where."""

    old: str
    new: str
    lead: Lead


def changes(said: Decision, trail: Trail) -> tuple[Change, ...]:
    """Every change of a decision, those that customs point at first, parts that say no more last."""
    new = dict(_told(said.changed, trail.declared)) if said.changed is not None else {}
    leads = tuple(_pointed(said, trail))
    pointed = {lead.written.model_path: lead.reason for lead in leads if lead.written and lead.written.text}
    found = [_change(path, pointed.get(path, Reason()), new.get(path, ""), trail) for path in {**pointed, **new}]
    return (*(one for one in found if one.old != one.new), *_parts(leads, {**pointed, **new}))


def _pointed(said: Decision, trail: Trail) -> Iterator[Lead]:
    """Where the amendments lead that can be followed."""
    for one in said.changes:
        lead = trail.lead(Reason(code=one.reason, text=one.text, pointer=one.pointer))
        if lead.written is not None and lead.written.model_path:
            yield lead


def _parts(leads: Iterable[Lead], told: Iterable[str]) -> Iterator[Change]:
    """Parts of the declaration that were pointed at, and no value in them was told."""
    for lead in leads:
        path = lead.written.model_path if lead.written and not lead.written.text else ""
        if path and not any(one.startswith(path) for one in told):
            yield Change("", "", lead)


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
