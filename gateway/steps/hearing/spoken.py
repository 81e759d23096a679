"""What the journal keeps of an answer beside its record: the facts that steps look for, in columns."""

from typing import Any

from gateway.model import Decision
from gateway.model.outcomes import said
from gateway.steps.hearing.words import spelt


def spoken(record: Decision) -> dict[str, Any]:
    """The columns of a decision that its record gives."""
    return {
        "mrn": record.mrn, "version": record.version, "outcome": said(record), "original": record.code,
        "request": record.request_reference, "releases": spelt(record.releases) or None, "cause": cause(record),
    }  # fmt: skip


def cause(record: Decision) -> str | None:
    """What was found wrong: the codes of the reasons, each once, in order.

    >>> from gateway.model import Reason
    >>> cause(Decision(reasons=(Reason(code="CDS40045"), Reason(code="CDS12005"), Reason(code="CDS40045"))))
    'CDS12005 CDS40045'
    """
    return " ".join(sorted({reason.code for reason in record.reasons if reason.code})) or None
