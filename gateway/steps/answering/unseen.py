"""What a command shows of a parcel without being asked for its values: those of persons are covered.

Whoever needs them reveals them, and the audit trail says who (`reveal`).
"""

import msgspec

from gateway.journal import audit
from gateway.mapping.trace import Entry
from gateway.steps.answering.dossier import Dossier, Filed, Said
from gateway.steps.answering.pointer import Lead
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.mask import masked


def reveal(gate: Gate, subject: str, who: str) -> None:
    """Written before anything is shown: what was seen by somebody is in the trail, even if it was not."""
    with gate.journal.write("reveal.audit") as conn:
        audit.append(conn, "reveal", subject, who=who)


def unseen(found: Dossier) -> Dossier:
    """One item from all sides, the values of its persons covered."""
    return msgspec.structs.replace(found, filings=tuple(filed(one) for one in found.filings))


def filed(one: Filed) -> Filed:
    return msgspec.structs.replace(one, decisions=tuple(map(_said, one.decisions)))


def _said(one: Said) -> Said:
    """What customs said; words that quote a person's value are left out."""
    leads = tuple(map(_lead, one.leads))
    told = tuple("" if seen != lead else text for seen, lead, text in zip(leads, one.leads, one.told, strict=True))
    return msgspec.structs.replace(one, leads=leads, told=told)


def _lead(one: Lead) -> Lead:
    path = one.reason.model_path or ""
    return msgspec.structs.replace(
        one, written=_entry(one.written), place=_entry(one.place), value=_covered(one.value, path)
    )


def _entry(one: Entry | None) -> Entry | None:
    return msgspec.structs.replace(one, text=_covered(one.text, one.model_path)) if one is not None else None


def _covered(value: str, path: str) -> str:
    return masked({"value": value}, path)["value"] if value else value
