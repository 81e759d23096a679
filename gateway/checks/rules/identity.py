"""R01 item identifier, R17 codes of the postal network."""

from collections.abc import Iterator

from gateway.checks import s10
from gateway.checks.countries import is_country
from gateway.checks.lists import column
from gateway.checks.named import check_s10
from gateway.checks.rules.fault import Fault
from gateway.checks.yardstick import Yardstick
from gateway.model import Consignment


def item_id(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R01: an S10 identifier; another form only with its type."""
    if consignment.item_id and not consignment.item_id_type:
        for code, values in check_s10(consignment.item_id):
            yield code, "item_id", values


def mail_class(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R17: mail class and category are of the lists; the class is the one of the service indicator."""
    stated = consignment.mail_class
    if stated is not None:
        if stated not in column("checks/class-limits", "mail_class"):
            yield "SRC395", "mail_class", {"value": stated}
        number = consignment.item_id or ""
        by_number = s10.mail_class(number)
        if by_number and by_number != stated and s10.has_form(number):
            yield "SRC307", "mail_class", {"mail_class": stated, "indicator": number[:2]}
    category = consignment.mail_category
    if category is not None and category not in column("checks/mail-categories", "mail_category"):
        yield "SRC396", "mail_category", {"value": category}


def operators(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R17: an operator code begins with its country."""
    origin, destination = consignment.origin_operator, consignment.destination_operator
    if origin is not None and not is_country(origin[:2]):
        yield "SRC397", "origin_operator", {"value": origin}
    if destination is not None and not is_country(destination[:2]):
        yield "SRC397", "destination_operator", {"value": destination}
