"""HS codes: the Harmonized System 2022 as a table of facts; longer codes begin with the six digits of the HS.

Source: WCO Harmonized System 2022, in force from 1 January 2022 (`mappings/codes/hs2022.csv`).

>>> is_known("610910"), is_known("61"), is_known("6109100010"), is_known("610999"), is_known("999999")
(True, True, True, False, False)
>>> has_form("6109.10"), has_form("610910")
(False, True)
"""

from functools import cache

from gateway.checks.lists import rows

SHORTEST, LONGEST, FULL = 2, 12, 6


@cache
def codes() -> frozenset[str]:
    """Every chapter, heading and six-digit code."""
    found = {
        (row["heading"][:2], row["heading"], *(row["heading"] + digits for digits in row["subheadings"].split()))
        for row in rows("hs2022")
    }
    return frozenset(code for group in found for code in group)


def has_form(code: str) -> bool:
    """Say whether the code is 2 to 12 digits."""
    return code.isdigit() and code.isascii() and SHORTEST <= len(code) <= LONGEST


def is_known(code: str) -> bool:
    """Say whether the HS has this code; of a longer one its six digits count, of five digits the heading."""
    return (code[:FULL] if len(code) >= FULL else code[: len(code) // 2 * 2]) in codes()
