"""R12 sender and addressee, R13 their countries, R14 telephone, R15 placeholders. No name or address is shown."""

from collections.abc import Iterator

from gateway.checks import postcodes
from gateway.checks.countries import is_country
from gateway.checks.descriptions import has_letters
from gateway.checks.placeholders import is_placeholder
from gateway.checks.rules.fault import Fault
from gateway.checks.yardstick import Yardstick
from gateway.model import Address, Consignment, Party

ROLES = ("consignor", "consignee", "exporter", "importer", "seller", "buyer", "notify", "declarant", "representative")
SHORTEST_NUMBER, LONGEST_NUMBER = 7, 15  # digits, ITU-T E.164
_NOISE = {ord(char): None for char in " -()./\u00a0"}


def sender_and_addressee(consignment: Consignment, yardstick: Yardstick) -> Iterator[Fault]:
    """R12, R15: both are there, with a name and an address that are real."""
    if consignment.consignor is not None:
        yield from _party(consignment.consignor, "consignor", yardstick)
    elif consignment.exporter is None and consignment.seller is None:
        yield "SRC371", "consignor", {"role": "consignor"}
    if consignment.consignee is not None:
        yield from _party(consignment.consignee, "consignee", yardstick)
    elif consignment.importer is None and consignment.buyer is None:
        yield "SRC371", "consignee", {"role": "consignee"}


def reachable(consignment: Consignment, yardstick: Yardstick) -> Iterator[Fault]:
    """R12, R14: the addressee has a postcode of the country's form and can be called."""
    party = consignment.consignee
    if party is None:
        return
    address = party.address
    if address is not None and address.country is not None:
        yield from _postcode(address, address.country)
    found = False
    for number, line in enumerate(party.communications, 1):
        if line.type == "TE":
            found = True
            if not is_international(line.value or ""):
                yield "SRC386", f"consignee.communications[{number}].value", {"role": "consignee"}
        elif line.type == "EM" and yardstick.mail_is_enough:
            found = True
    if not found:
        yield "SRC385", "consignee.communications", {"role": "consignee"}


def countries_known(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R13: ISO 3166-1 alpha-2 for every party and place."""
    for role in ROLES:
        party = getattr(consignment, role)
        if party is not None and party.address is not None:
            country = party.address.country
            if country is not None and not is_country(country):
                yield "SRC382", f"{role}.address.country", {"value": country}
    for name in ("export_country", "destination_country"):
        country = getattr(consignment, name)
        if country is not None and not is_country(country):
            yield "SRC382", name, {"value": country}


def is_international(number: str) -> bool:
    """Say whether a telephone number is written as ITU-T E.164 asks: + or 00, country code, 7 to 15 digits.

    >>> is_international("+44 (20) 7946-0000"), is_international("020 7946 0000")
    (True, False)
    """
    bare = number.translate(_NOISE)
    digits = bare[1:] if bare[:1] == "+" else bare[2:] if bare[:2] == "00" else ""
    return SHORTEST_NUMBER <= len(digits) <= LONGEST_NUMBER and digits.isdigit()


def _party(party: Party, role: str, yardstick: Yardstick) -> Iterator[Fault]:
    yield from _name(party, role, yardstick.shortest_name)
    address = party.address
    if address is not None:
        yield from _address(address, role)
    elif not party.ids:
        yield "SRC375", f"{role}.address", {"role": role}


def _name(party: Party, role: str, shortest: int) -> Iterator[Fault]:
    name = party.name or party.company or party.last_name
    if not name:
        if not party.ids:
            yield "SRC372", f"{role}.name", {"role": role}
    elif is_placeholder(name):
        yield "SRC374", f"{role}.name", {"role": role}
    elif not has_letters(name, shortest):
        yield "SRC373", f"{role}.name", {"role": role, "shortest": str(shortest)}


def _address(address: Address, role: str) -> Iterator[Fault]:
    if not address.text:
        if not (address.lines and address.city):
            yield "SRC375", f"{role}.address", {"role": role}
        elif is_placeholder(address.lines[0]):
            yield "SRC376", f"{role}.address.lines", {"role": role}
    if not address.country:
        yield "SRC381", f"{role}.address.country", {"role": role}


def _postcode(address: Address, country: str) -> Iterator[Fault]:
    if not address.postcode:
        if postcodes.are_used(country):
            yield "SRC377", "consignee.address.postcode", {"role": "consignee", "country": country}
    elif not postcodes.has_form(address.postcode, country):
        values = {"role": "consignee", "country": country, "forms": postcodes.forms(country)}
        yield "SRC378", "consignee.address.postcode", values
