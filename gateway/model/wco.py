"""What an annotation of a model field says: WCO ids, format, code list; and the base of all records.

The classes are the dictionary: documentation, lint and coverage read these annotations (`gateway.model.dictionary`).
Formats are written as the WCO Data Model 3.6 writes them: `an..35`, `a2`, `n..16,6` (16 digits, 6 of them decimals).
"""

from decimal import Decimal

import msgspec

Text = str | None
Count = int | None
Number = Decimal | None
Flag = bool | None


class Wco(msgspec.Struct, frozen=True):
    """`ids`: WCO element or class ids, separated by blanks.

    `derived`: the field is stated or derived; stated wins, a difference is a finding (`gateway.model.derivations`).
    """

    ids: str = ""
    format: str = ""
    code_list: str = ""
    derived: bool = False


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A record of the model: absent scalars are None, absent lists `()`; never changed, only replaced."""
