"""UPU S10 item identifiers: a service indicator of two letters, eight digits, a check digit, the issuing country.

Sources: UPU Technical Standard S10, "Identification of postal items: 13-character identifier" (form, check digit,
indicators JA-KZ reserved); ISO 3166-1 for the country, which is that of the operator that issued the number.

>>> validate("RA123456785CN")
'RA123456785CN'
>>> is_valid("RA123456784CN")
False
>>> compact("rr 473 124 829 gb")
'RR473124829GB'
>>> [is_valid(number) for number in ("UA000000080FR", "CP000000155DE", "JA473124829GB", "RR473124829UK")]
[True, True, False, False]
"""

from gateway.checks.countries import is_country

CHECK_DIGITS = "50987654321"  # by the weighted sum modulo 11: 11 - remainder, 10 becomes 0 and 11 becomes 5
LENGTH = 13
PLACEHOLDER = "X"
LETTER_POST, PARCELS, EMS = "U", "C", "E"
MAIL_CLASS = {"R": LETTER_POST, "L": LETTER_POST, "U": LETTER_POST, "V": LETTER_POST, "M": LETTER_POST}
MAIL_CLASS |= {"C": PARCELS, "E": EMS}


class InvalidFormat(ValueError):
    """An S10 identifier is two letters, nine digits and two letters."""


class InvalidChecksum(ValueError):
    """The check digit does not fit the serial number."""


class InvalidComponent(ValueError):
    """The service indicator is reserved or the country unknown."""


class TestNumber(InvalidChecksum):
    """The check digit is the letter X, as in examples and tests."""

    __test__ = False  # no test class


def check_digit(serial: str) -> str:
    """Return the check digit of eight digits.

    >>> check_digit("47312482")
    '9'
    """
    a, b, c, d, e, f, g, h = map(int, serial)
    return CHECK_DIGITS[(8 * a + 6 * b + 4 * c + 2 * d + 3 * e + 5 * f + 9 * g + 7 * h) % 11]


def compact(number: str) -> str:
    """Return the number without the blanks of labels, in capital letters."""
    return "".join(number.split()).upper()


def validate(number: str) -> str:
    """Return the number when it is an S10 identifier.

    Raises: InvalidFormat, InvalidComponent, TestNumber, InvalidChecksum.
    """
    if not has_form(number):
        raise InvalidFormat
    if number[0] in "JK" or not is_country(number[11:]):
        raise InvalidComponent
    if number[10] == PLACEHOLDER:
        raise TestNumber
    if check_digit(number[2:10]) != number[10]:
        raise InvalidChecksum
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValueError:
        return False


def has_form(number: str) -> bool:
    """Say whether the number is two capital letters, eight digits, a digit or X, two capital letters."""
    if len(number) != LENGTH or not number.isascii():
        return False
    letters = number[:2] + number[11:]
    is_named = letters.isalpha() and letters.isupper()
    return is_named and (number[2:11].isdigit() or (number[2:10].isdigit() and number[10] == PLACEHOLDER))


def mail_class(number: str) -> str:
    """Return the mail class that the first letter stands for, empty where any class may use it."""
    return MAIL_CLASS.get(number[:1], "")
