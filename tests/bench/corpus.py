"""A seeded ITMATT file: items of 43 elements with two content pieces each, made for this project; persons are invented.

Some texts hold markup characters and other scripts, some optional elements come and go. `faulty` is the share of items
that checks complain about: their values are readable, so reading and writing has nothing to find.
"""

import random
from collections.abc import Iterator
from pathlib import Path

COUNTRIES = ("PT", "DE", "CN", "US", "JP", "BR", "FR", "IN")
NAMES = (
    "Ana Exemplo",
    "Björn Beispiel",
    "例 太郎",
    "Smith & Sons",
    "Иван Пример",
    "Chloé Exemple",
    "A. Sample",
    "Li Example",
)
STREETS = ("Rua Exemplo", "Beispielweg", "Example Road", "Rue de l'Exemple", "見本町", "Sample Street")
GOODS = (
    ("Cotton T-shirt, men, knitted", "6109100010"),
    ("Ceramic mug", "6912002500"),
    ("Paperback novel", "4901990000"),
    ("Wireless headphones with charging case", "8518300090"),
    ("Leather belt", "4203300000"),
    ("Toy car, plastic", "9503007500"),
    ("Green tea, 250 g", "0902100000"),
    ("Silver ring <925>", "7113110000"),
    ("Spare part for bicycle", "8714999000"),
)
WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<interchange xmlns="m33">
  <message>
    <msghead>
      <sender>PT001</sender>
      <recipient>GB001</recipient>
      <prepared>2026-09-14T10:15:00Z</prepared>
      <control-reference>ITM0000000001</control-reference>
      <message-reference>1</message-reference>
    </msghead>
    <msgbody>
      <itmatt_1_5_0>
"""
TAIL = """      </itmatt_1_5_0>
    </msgbody>
  </message>
</interchange>
"""


def write(path: Path, items: int, seed: int, faulty: float) -> None:
    dice = random.Random(seed)
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for number in range(items):
            out.writelines(f"{line}\n" for line in item(dice, number, bad=dice.random() < faulty))
        out.write(TAIL)


def item(dice: random.Random, number: int, *, bad: bool) -> Iterator[str]:
    country = dice.choice(COUNTRIES)
    values = [dice.randrange(100, 6500) for _ in range(2)]
    masses = [dice.randrange(20, 900) for _ in range(2)]
    yield "        <item>"
    yield from leaves(
        "          ",
        {
            "item-id": s10(number, country, wrong=bad),
            "object-type": "MI",
            "origin-operator": f"{country}A",
            "destination-operator": "GBA",
            "posting-date": f"2026-09-{dice.randrange(1, 14):02}T{dice.randrange(24):02}:{dice.randrange(60):02}:00",
            "mail-class": "U",
            "mail-category": "A",
            "nature-of-transaction": "11",
            "gross-weight": f"{(sum(masses) + dice.randrange(5, 90)) / 1000:.3f}",
        },
    )
    yield f'          <declared-value currency="GBP">{sum(values) / 100:.2f}</declared-value>'
    yield f'          <postage currency="GBP">{dice.randrange(150, 1500) / 100:.2f}</postage>'
    yield from party(dice, "sender", country, email=dice.random() < 0.5)
    yield from party(dice, "recipient", "GB", email=True)
    for index, (value, mass) in enumerate(zip(values, masses, strict=True), 1):
        text, code = dice.choice(GOODS)
        yield "          <content-piece>"
        goods = {
            "index": str(index),
            "number-of-units": str(dice.randrange(1, 9)),
            "description": "gift" if bad and index == 1 else text,
            "net-weight": f"{mass / 1000:.3f}",
        }
        yield from leaves("            ", goods)
        yield f'            <value currency="GBP">{value / 100:.2f}</value>'
        yield from leaves("            ", {"hs-code": code, "origin-country": country})
        yield "          </content-piece>"
    yield "        </item>"


def party(dice: random.Random, role: str, country: str, *, email: bool) -> Iterator[str]:
    yield f"          <{role}>"
    yield from leaves("            ", {"name": dice.choice(NAMES)})
    yield "            <address>"
    lines = [f"{dice.choice(STREETS)} {dice.randrange(1, 200)}"] + (["Flat 3"] if dice.random() < 0.2 else [])
    for line in lines:
        yield from leaves("              ", {"line": line})
    where = {"postcode": f"{dice.randrange(1000, 99999)}", "city": "Exampleton", "country": country}
    yield from leaves("              ", where)
    yield "            </address>"
    yield from leaves("            ", {"phone": f"+44{dice.randrange(10**9, 10**10)}"})
    if email:
        yield from leaves("            ", {"email": "somebody@example.org"})
    yield f"          </{role}>"


def leaves(indent: str, texts: dict[str, str]) -> Iterator[str]:
    for name, text in texts.items():
        safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        yield f"{indent}<{name}>{safe}</{name}>"


def s10(number: int, country: str, *, wrong: bool) -> str:
    """UPU S10, with its check digit right or wrong."""
    serial = f"{number % 10**8:08}"
    remainder = 11 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, serial, strict=True)) % 11
    digit = {10: 0, 11: 5}.get(remainder, remainder)
    return f"RR{serial}{(digit + wrong) % 10}{country}"
