"""Checks by the name that a row of a table gives them (`check: s10`): a value in, what is wrong with it out.

>>> [code for code, _ in CHECKS["s10"]("RR473124820GB")]
['SRC301']
>>> list(CHECKS["iso3166"]("GB"))
[]
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from gateway.checks import awb, countries, currencies, descriptions, hs, s9, s10, spreadsheets

Fault = tuple[str, dict[str, str]]
Check = Callable[[str], Iterator[Fault]]

SHORTEST_DESCRIPTION = 3


def check_s10(value: str) -> Iterator[Fault]:
    """UPU S10: form, service indicator, country, check digit.

    >>> list(check_s10("RR473124829GB"))
    []
    >>> list(check_s10("RR473124820GB"))
    [('SRC301', {'value': 'RR473124820GB', 'expected': '9'})]
    """
    try:
        s10.validate(value)
    except s10.InvalidFormat:
        repaired = s10.compact(value)
        code = "SRC306" if repaired != value and s10.is_valid(repaired) else "SRC302"
        yield code, {"value": value, "expected": repaired}
    except s10.InvalidComponent:
        if value[0] in "JK":
            yield "SRC303", {"value": value, "indicator": value[:2]}
        if not countries.is_country(value[11:]):
            yield "SRC304", {"value": value, "country": value[11:]}
    except s10.TestNumber:
        yield "SRC305", {"value": value}
    except s10.InvalidChecksum:
        yield "SRC301", {"value": value, "expected": s10.check_digit(value[2:10])}


def check_s9(value: str) -> Iterator[Fault]:
    """UPU S9: 29 characters, offices, category, numbers.

    >>> list(check_s9("GBLALAFRCDGAAUN60123001001234"))
    []
    >>> list(check_s9("GBLALAFRCDGAAUN6012300100123"))
    [('SRC308', {'value': 'GBLALAFRCDGAAUN6012300100123', 'part': '28 characters'})]
    """
    if part := s9.wrong_part(value):
        yield "SRC308", {"value": value, "part": part}
    elif part := s9.validate(value).doubtful_part:
        yield "SRC310", {"value": value, "part": part}


def check_s8(value: str) -> Iterator[Fault]:
    """UPU S8: the first 20 characters of S9.

    >>> list(check_s8("GBLALAFRCDGAAUN60123"))
    []
    >>> list(check_s8("GBLALA"))
    [('SRC309', {'value': 'GBLALA', 'part': '6 characters'})]
    """
    if part := s9.wrong_despatch_part(value):
        yield "SRC309", {"value": value, "part": part}


def check_iso3166(value: str) -> Iterator[Fault]:
    """ISO 3166-1 alpha-2.

    >>> list(check_iso3166("XK"))
    []
    >>> list(check_iso3166("UK"))
    [('SRC382', {'value': 'UK'})]
    """
    if value not in countries.known():
        yield "SRC382", {"value": value}


def check_iso4217(value: str) -> Iterator[Fault]:
    """ISO 4217 alpha-3.

    >>> list(check_iso4217("EUR"))
    []
    >>> list(check_iso4217("EURO"))
    [('SRC351', {'value': 'EURO'})]
    """
    if value not in currencies.known():
        yield "SRC351", {"value": value}


def check_hs(value: str) -> Iterator[Fault]:
    """Digits, and a code of HS 2022.

    >>> list(check_hs("69111000"))
    []
    >>> list(check_hs("69.11"))
    [('SRC342', {'value': '69.11'})]
    >>> list(check_hs("9999"))
    [('SRC344', {'value': '9999'})]
    """
    if not hs.has_form(value):
        yield "SRC342", {"value": value}
    elif not hs.is_known(value):
        yield "SRC344", {"value": value}


def check_description(value: str) -> Iterator[Fault]:
    """Not vague and long enough.

    >>> list(check_description("Porcelain tea cups"))
    []
    >>> list(check_description("gift"))
    [('SRC335', {'value': 'gift'})]
    """
    if descriptions.is_vague(value):
        yield "SRC335", {"value": value}
    elif not descriptions.has_letters(value, SHORTEST_DESCRIPTION):
        yield "SRC334", {"value": value, "shortest": str(SHORTEST_DESCRIPTION)}


def check_intact(value: str) -> Iterator[Fault]:
    """An identifier that no spreadsheet has turned into a number.

    >>> list(check_intact("340434763452009007"))
    []
    >>> list(check_intact("3.40434763452009E+17"))
    [('SRC418', {'value': '3.40434763452009E+17'})]
    """
    if spreadsheets.is_scientific(value):
        yield "SRC418", {"value": value}
    elif spreadsheets.may_be_rounded(value):
        yield "SRC419", {"value": value}


def check_whole_hs(value: str) -> Iterator[Fault]:
    """`hs`, and an even number of digits: of an odd one a spreadsheet has probably dropped the leading zero.

    >>> list(check_whole_hs("610910"))
    []
    >>> list(check_whole_hs("61091"))
    [('SRC420', {'value': '61091', 'digits': '5'})]
    """
    yield from check_hs(value)
    if value.isdigit() and len(value) % 2:
        yield "SRC420", {"value": value, "digits": str(len(value))}


def check_awb(value: str) -> Iterator[Fault]:
    """IATA Resolution 600a: form and check digit of an air waybill.

    >>> list(check_awb("176-12345675"))
    []
    >>> list(check_awb("176-12345670"))
    [('SRC428', {'value': '176-12345670', 'expected': '5'})]
    """
    if not awb.is_form(value):
        yield "SRC429", {"value": value}
    elif (expected := awb.check_digit(value)) != value[-1]:
        yield "SRC428", {"value": value, "expected": expected}


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "s10": check_s10,
        "s9": check_s9,
        "s8": check_s8,
        "iso3166": check_iso3166,
        "iso4217": check_iso4217,
        "hs": check_hs,
        "description": check_description,
        "intact": check_intact,
        "whole-hs": check_whole_hs,
        "awb": check_awb,
    }
)
