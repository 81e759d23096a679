"""One invented mail item, and how it looks as an ITMATT V1.5 item."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from xml.sax.saxutils import escape

from gateway.demo.corpus.facts import Goods, Origin, Recipient, goods, origins, recipients

_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)  # UPU S10
_CHECKS = {10: 0, 11: 5}
_CLASSES = {"U": ("UA", "UB", "RR", "RE", "LX", "LZ"), "C": ("CP", "CE", "CX"), "E": ("EE", "EM")}
_TOP_PENCE = {"31": 3500}  # gifts stay below their own limit
_TOP_DEFAULT = 11_000
_LEAST_PENCE = 300  # less than one unit of some moneys is no plausible value


@dataclass(slots=True)
class Piece:
    """One kind of goods in the item; grams and `minor` units of money are of the whole row."""

    units: int
    description: str
    grams: int
    minor: int
    code: str
    origin: str
    currency: str


@dataclass(slots=True)
class Draft:
    """An item before it is written; faults change it."""

    ordinal: int
    item_id: str
    origin: Origin
    recipient: Recipient
    posted: str
    mail_class: str
    mail_category: str
    nature: str
    grams: int
    postage: int
    sender: str
    company: bool
    reference: str
    sender_city: int
    street: str
    phone: str
    sender_street: str
    pieces: list[Piece]
    country: str
    given: str
    family: str
    postcode: str
    invoice: str = ""
    recipient_country: str = "GB"
    omit: set[str] = field(default_factory=set)


def s10(indicator: str, serial: int, country: str) -> str:
    """An item identifier with its check digit (UPU S10-12: weights 8 6 4 2 3 5 9 7, modulo 11).

    >>> s10("RR", 47312482, "GB")
    'RR473124829GB'
    """
    digits = f"{serial:08d}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    return f"{indicator}{digits}{_CHECKS.get(rest, rest)}{country}"


def draft(ordinal: int, seed: int, day: date) -> Draft:
    """The item of that number: the same for the same seed, whatever stands around it."""
    rng = Random(f"{seed}:{ordinal}")
    origin = rng.choice(origins())
    nature = rng.choices(("11", "31", "32", "21"), (70, 20, 6, 4))[0]
    company = nature in {"11", "32"} and rng.random() < 0.8
    pieces = _pieces(rng, origin, nature)
    net = sum(piece.grams for piece in pieces)
    mail_class = "C" if net > 1800 else rng.choices("UCE", (60, 30, 10))[0]
    recipient = rng.choice(recipients())
    city = rng.randrange(len(origin.cities))
    given, family = rng.choice(origin.given), rng.choice(origin.families)
    person = f"{family}{given}" if origin.family_first and not origin.families[0].isascii() else f"{given} {family}"
    serial = (seed * 7919 + ordinal * 13 + 10_000_000) % 90_000_000 + 10_000_000
    number = str(rng.randint(1, 199))
    return Draft(
        ordinal=ordinal,
        item_id=s10(rng.choice(_CLASSES[mail_class]), serial, origin.country),
        origin=origin,
        recipient=recipient,
        posted=_posted(rng, day),
        mail_class=mail_class,
        mail_category=rng.choices("ABC", (85, 10, 5))[0],
        nature=nature,
        grams=net + rng.randint(20, 140),
        postage=_money(rng.randint(250, 1900), origin),
        sender=rng.choice(origin.companies) if company else person,
        company=company,
        reference=f"IM{rng.randint(1_000_000_000, 9_999_999_999)}" if company and rng.random() < 0.4 else "",
        sender_city=city,
        street=recipient.street.format(n=rng.randint(1, 250)),
        phone=f"+447700900{rng.randint(0, 999):03d}",
        sender_street=rng.choice(origin.streets).format(n=number),
        pieces=pieces,
        country=origin.country,
        given=recipient.given,
        family=recipient.family,
        postcode=recipient.postcode,
        invoice=f"INV-{day.year}-{serial % 1_000_000:06d}" if company and rng.random() < 0.3 else "",
    )


def xml(item: Draft) -> str:
    """The item as an element of ITMATT V1.5 (our profile); one line a group."""
    origin, city = item.origin, item.sender_city
    parts = [
        "        <item>\n",
        _line("item-id", item.item_id, item),
        "          <object-type>MI</object-type>\n",
        f"          <origin-operator>{origin.operator}</origin-operator>",
        "<destination-operator>GBA</destination-operator>\n",
        f"          <posting-date>{item.posted}</posting-date>\n",
        f"          <mail-class>{item.mail_class}</mail-class><mail-category>{item.mail_category}</mail-category>\n",
        f"          <nature-of-transaction>{item.nature}</nature-of-transaction>\n",
        f"          <gross-weight>{_kilograms(item.grams)}</gross-weight>\n",
        f'          <postage currency="{origin.currency}">{_amount(item.postage, origin)}</postage>\n',
        "          <sender>",
        f"<name>{escape(item.sender)}</name>",
        f"<company>{escape(item.sender)}</company>" if item.company else "",
        f"<id-ref>{item.reference}</id-ref>" if item.reference else "",
        f"<address><line>{escape(item.sender_street)}</line>",
        f"<postcode>{origin.postcodes[city]}</postcode><city>{escape(origin.cities[city])}</city>",
        f"<state>{origin.states[city]}</state>" if origin.states[0] else "",
        f"<country>{item.country}</country></address>",
        f"<phone>{origin.phone.format(p=f'{item.ordinal % 10_000:04d}')}</phone></sender>\n",
        "          <recipient>",
        "" if "recipient" in item.omit else f"<name>{escape(f'{item.given} {item.family}')}</name>",
        f"<address><line>{escape(item.street)}</line><postcode>{item.postcode}</postcode>",
        f"<city>{escape(item.recipient.city)}</city><country>{item.recipient_country}</country></address>",
        f"<phone>{item.phone}</phone><email>recipient{item.ordinal}@example.org</email></recipient>\n",
        *(_piece(number, piece, item) for number, piece in enumerate(item.pieces, 1)),
        f"          <document><type>IV</type><number>{item.invoice}</number></document>\n" if item.invoice else "",
        "        </item>\n",
    ]
    return "".join(parts)


def _piece(number: int, piece: Piece, item: Draft) -> str:
    currency = "" if "currency" in item.omit else f' currency="{piece.currency}"'
    return (
        f"          <content-piece><index>{number}</index><number-of-units>{piece.units}</number-of-units>"
        f"<description>{escape(piece.description)}</description><net-weight>{_kilograms(piece.grams)}</net-weight>"
        f"<value{currency}>{_amount(piece.minor, item.origin)}</value>"
        + (f"<hs-code>{piece.code}</hs-code>" if piece.code else "")
        + f"<origin-country>{piece.origin}</origin-country></content-piece>\n"
    )


def _pieces(rng: Random, origin: Origin, nature: str) -> list[Piece]:
    """One to four kinds of goods that stay below the value where a fuller declaration is due."""
    left = _TOP_PENCE.get(nature, _TOP_DEFAULT)
    pieces: list[Piece] = []
    for _ in range(rng.choices((1, 2, 3, 4), (55, 25, 13, 7))[0]):
        kind = rng.choice(origin.goods) if origin.goods and rng.random() < 0.3 else rng.choice(goods())
        units = rng.choices((1, 2, 3, 5), (65, 20, 10, 5))[0]
        pence = units * kind.pence * rng.randint(80, 120) // 100
        if pence > left:
            units, pence = 1, min(left, kind.pence) * rng.randint(60, 95) // 100
        if left < _LEAST_PENCE:
            break
        pence = max(pence, _LEAST_PENCE)
        left -= pence
        pieces.append(_make(rng, kind, units, pence, origin))
    return pieces


def _make(rng: Random, kind: Goods, units: int, pence: int, origin: Origin) -> Piece:
    return Piece(
        units=units,
        description=kind.description,
        grams=units * kind.grams,
        minor=_money(pence, origin),
        code=kind.tariff + ("00" if rng.random() < 0.15 else ""),
        origin=origin.country if rng.random() < 0.75 else "CN",
        currency=origin.currency,
    )


def _money(pence: int, origin: Origin) -> int:
    """Pence in the minor unit of the origin's money, at least one."""
    exact = Decimal(pence) / 100 * origin.per_gbp * 10**origin.decimals
    return max(1, int(exact.to_integral_value(ROUND_HALF_UP)))


def _amount(minor: int, origin: Origin) -> str:
    return str(Decimal(minor).scaleb(-origin.decimals))


def _kilograms(grams: int) -> str:
    return f"{grams // 1000}.{grams % 1000:03d}"


def _posted(rng: Random, day: date) -> str:
    posted = (day - timedelta(days=rng.randint(1, 5))).isoformat()
    form = rng.randrange(3)
    clock = f"T{rng.randint(8, 19):02d}:{rng.randint(0, 59):02d}:00"
    return (posted, posted + clock, f"{posted}{clock}Z")[form]


def _line(name: str, text: str, item: Draft) -> str:
    return "" if name in item.omit else f"          <{name}>{text}</{name}>\n"
