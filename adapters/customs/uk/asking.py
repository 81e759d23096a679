"""What every request says: function 13, its kind, a reference of its own, customs' number of the declaration; and why.

Source: HMRC customs-declarations API, examples TT_IM02b, TT_EX010a and the arrival notification.
"""

import msgspec

from gateway.mapping.protocols import Filing
from gateway.model import Declaration, Statement, Step

FUNCTION = "13"
DECLARATION, AMENDMENT = "42A", "06A"  # WCO classes
TEXT = "AES"  # type of a statement that gives the reason in words


def request(filing: Filing, kind: str, known: Declaration | None = None) -> Declaration:
    """The head of a request; `known` are further facts of the declaration that travel with it."""
    return msgspec.structs.replace(
        known or Declaration(), function=FUNCTION, type=kind, lrn=filing.lrn, mrn=filing.mrn or None
    )


def reason(filing: Filing, number: int = 1) -> Statement:
    """Why, in words, of the Amendment with that number."""
    pointer = Step(number=1, section=DECLARATION), Step(number=number, section=AMENDMENT)
    return Statement(text=filing.text or None, type=TEXT, pointer=pointer)
