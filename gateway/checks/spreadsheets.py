"""What spreadsheets do to numbers that are names: fifteen digits are kept, leading zeros are not.

ECMA-376-1 keeps every number as an IEEE 754 double and spreadsheets show fifteen digits of it: a longer identifier
ends in zeros, or stands as `3.40434763452009E+17`. What is lost cannot be repaired.

>>> is_scientific("3.40434763452009E+17"), is_scientific("340434763452009007")
(True, False)
>>> may_be_rounded("340434763452009000"), may_be_rounded("340434763452009007"), may_be_rounded("12000")
(True, False, False)
"""

import re

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)
_ROUNDED = re.compile(r"\d{13,}000", re.ASCII)
KEPT = 15


def is_scientific(identifier: str) -> bool:
    """Say whether an identifier is a number in scientific notation."""
    return _SCIENTIFIC.fullmatch(identifier) is not None


def may_be_rounded(identifier: str) -> bool:
    """Say whether an identifier of more than fifteen digits ends in three zeros."""
    return len(identifier) > KEPT and _ROUNDED.fullmatch(identifier) is not None
