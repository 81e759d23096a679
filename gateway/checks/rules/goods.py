"""R06 content, R07 descriptions, R08 HS codes, R13 origin."""

from collections.abc import Iterator

from gateway.checks import hs
from gateway.checks.countries import is_country
from gateway.checks.derivations import derived
from gateway.checks.descriptions import has_letters, is_vague
from gateway.checks.rules.fault import Fault
from gateway.checks.rules.nature import is_commercial
from gateway.checks.yardstick import Yardstick
from gateway.model import Consignment

SHOWN = 60  # characters of a description in a message


def present(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R06: at least one kind of goods, and pieces of it."""
    if not consignment.goods_items:
        yield "SRC331", "goods_items", {}
    for number, item in enumerate(consignment.goods_items, 1):
        if item.quantity is not None and item.quantity <= 0:
            yield "SRC332", f"goods_items[{number}].quantity", {"value": str(item.quantity)}


def counts(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """A stated count is the counted one."""
    for name in ("goods_item_count", "package_count", "container_count"):
        stated = getattr(consignment, name)
        if stated is not None:
            counted = derived(consignment, name)
            if counted is not None and counted != stated:
                yield "SRC398", name, {"stated": str(stated), "counted": str(counted)}


def descriptions(consignment: Consignment, yardstick: Yardstick) -> Iterator[Fault]:
    """R07: present, saying what the goods are, and long enough."""
    for number, item in enumerate(consignment.goods_items, 1):
        text = item.description
        if not text:
            yield "SRC333", f"goods_items[{number}].description", {}
        elif is_vague(text):
            yield "SRC335", f"goods_items[{number}].description", {"value": text[:SHOWN]}
        elif not has_letters(text, yardstick.shortest_description):
            values = {"value": text[:SHOWN], "shortest": str(yardstick.shortest_description)}
            yield "SRC334", f"goods_items[{number}].description", values


def hs_codes(consignment: Consignment, yardstick: Yardstick) -> Iterator[Fault]:
    """R08: present for commercial goods, digits, long enough, known in HS 2022."""
    known = hs.codes()
    for number, item in enumerate(consignment.goods_items, 1):
        code = item.hs_code
        if code is not None:
            if len(code) == hs.FULL and code in known:
                continue
            path = f"goods_items[{number}].hs_code"
            if not hs.has_form(code):
                yield "SRC342", path, {"value": code[:SHOWN]}
            elif not hs.is_known(code):
                yield "SRC344", path, {"value": code}
            elif len(code) < yardstick.hs_digits:
                yield "SRC343", path, {"value": code, "digits": str(yardstick.hs_digits)}
        elif not (item.revised_hs_code or item.tariff_code or item.national_code) and (
            yardstick.hs_of_all_goods or is_commercial(consignment.nature)
        ):
            yield "SRC341", f"goods_items[{number}].hs_code", {}


def origins(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R13: where the goods were made, a country that is known."""
    for number, item in enumerate(consignment.goods_items, 1):
        if item.origin is None:
            yield "SRC383", f"goods_items[{number}].origin", {}
        elif not is_country(item.origin):
            yield "SRC382", f"goods_items[{number}].origin", {"value": item.origin}
