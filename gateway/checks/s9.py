"""UPU S8 despatch and S9 receptacle identifiers: 20 characters, and 29 that begin with the 20 of their despatch.

Sources: UPU Technical Standards S8 "Despatch identifier" and S9 "Postal receptacles: 29-character identifier"; offices
are IMPC codes (UPU list 108). Names of the two flags are unverified.

>>> validate("FRCDGANLAMSAAUN60012001100105").weight_kg
Decimal('10.5')
>>> validate("FRCDGANLAMSAAUN60012001100105").despatch
'FRCDGANLAMSAAUN60012'
>>> wrong_part("FRCDGANLAMSAEUN60012001100105")
'mail category E'
>>> is_valid("FRCDGANLAMSAAUN6001200110010")
False
"""

from decimal import Decimal

import msgspec

from gateway.checks.countries import is_country

DESPATCH_LENGTH = 20
RECEPTACLE_LENGTH = 29
CATEGORIES = "ABCD"
UNKNOWN_WEIGHT = "9999"


class InvalidIdentifier(ValueError):
    """An S9 identifier is 29 characters in ten parts."""


class Receptacle(msgspec.Struct, frozen=True):
    """The parts of an S9 identifier, as the text has them; the weight is in tenths of a kilogram."""

    origin: str
    destination: str
    category: str
    subclass: str
    year_digit: str
    despatch_serial: str
    serial: str
    highest: str
    registered_or_insured: str
    weight: str

    @property
    def despatch(self) -> str:
        """The S8 identifier of the despatch."""
        offices = self.origin + self.destination
        return offices + self.category + self.subclass + self.year_digit + self.despatch_serial

    @property
    def weight_kg(self) -> Decimal:
        return Decimal(self.weight).scaleb(-1)

    @property
    def doubtful_part(self) -> str:
        """What is formally right and still hardly true."""
        if self.serial == "000":
            return "serial 000"
        return f"weight {self.weight}" if self.weight == UNKNOWN_WEIGHT else ""


def validate(number: str) -> Receptacle:
    """Return the parts of an S9 identifier. Raises: InvalidIdentifier."""
    if wrong_part(number):
        raise InvalidIdentifier
    return Receptacle(
        origin=number[:6],
        destination=number[6:12],
        category=number[12],
        subclass=number[13:15],
        year_digit=number[15],
        despatch_serial=number[16:20],
        serial=number[20:23],
        highest=number[23],
        registered_or_insured=number[24],
        weight=number[25:],
    )


def is_valid(number: str) -> bool:
    return not wrong_part(number)


def wrong_part(number: str) -> str:
    """Name the first part of an S9 identifier that is wrong; empty when all are right."""
    if len(number) != RECEPTACLE_LENGTH:
        return f"{len(number)} characters"
    if part := wrong_despatch_part(number[:DESPATCH_LENGTH]):
        return part
    if not _digits(number[20:23]):
        return f"serial {number[20:23]}"
    if number[23] not in "01" or number[24] not in "01":
        return f"flags {number[23:25]}"
    return "" if _digits(number[25:]) else f"weight {number[25:]}"


def wrong_despatch_part(number: str) -> str:
    """Name the first part of an S8 identifier that is wrong; empty when all are right."""
    if len(number) != DESPATCH_LENGTH:
        return f"{len(number)} characters"
    for office in (number[:6], number[6:12]):
        if not (office.isascii() and office.isalnum() and office.isupper() and is_country(office[:2])):
            return f"office {office}"
    if number[12] not in CATEGORIES:
        return f"mail category {number[12]}"
    if not (number[13:15].isascii() and number[13:15].isalnum() and number[13].isalpha()):
        return f"mail subclass {number[13:15]}"
    return "" if _digits(number[15:]) else f"despatch number {number[15:]}"


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
