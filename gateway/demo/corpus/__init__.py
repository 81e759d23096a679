"""A corpus of invented mail items for the United Kingdom, as ITMATT V1.5: any number, any share of faults, by seed.

Each item is made from the seed and its own number, so a run of 200,000 needs no more memory than one of ten, and the
truth about an item is known without the file. Used by the demonstration, the benchmarks and the tests.

>>> [(each.ordinal, each.fault) for each in truth(5, seed=7, faults={2: "gross-zero"})]
[(2, 'gross-zero')]
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from random import Random

import msgspec

from gateway.demo.corpus.faults import FAULTS, Fault
from gateway.demo.corpus.item import Draft, draft, xml

__all__ = ["DAY", "FAULTS", "Fault", "Truth", "itmatt", "truth"]

DAY = date(2026, 9, 14)
Faults = float | Sequence[str] | Mapping[int, str]
_CHUNK = 100
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- Synthetic: seed {seed}. Persons, companies and numbers are invented. -->
<interchange xmlns="m33">
  <message>
    <msghead>
      <sender>{sender}</sender>
      <recipient>{recipient}</recipient>
      <prepared>{day}T06:00:00Z</prepared>
      <control-reference>{reference}</control-reference>
      <message-reference>1</message-reference>{test}
    </msghead>
    <msgbody>
      <itmatt_1_5_0>
"""
_TAIL = """\
      </itmatt_1_5_0>
    </msgbody>
  </message>
</interchange>
"""


class Truth(msgspec.Struct, frozen=True):
    """An item that is at fault: its number in the file, its identifier as written, the fault by name."""

    ordinal: int
    item_id: str
    fault: str


def itmatt(
    items: int,
    seed: int = 1,
    faults: Faults = 0.0,
    *,
    day: date = DAY,
    sender: str = "ZZ001",
    recipient: str = "GB001",
    reference: str = "",
    test: bool = False,
) -> Iterator[bytes]:
    """Write one ITMATT interchange, piece by piece, at constant memory.

    `faults` is a share of all items (kinds by lot), a list of kinds (one each, spread evenly), or kinds by item number.
    `day` is the day of preparation; items were posted in the five days before.
    """
    yield _HEAD.format(
        seed=seed,
        sender=sender,
        recipient=recipient,
        day=day.isoformat(),
        reference=reference or f"ITM{seed % 100_000_000_000:011d}",
        test="\n      <test-indicator>1</test-indicator>" if test else "",
    ).encode()
    kinds = _kinds(items, seed, faults)
    for first in range(1, items + 1, _CHUNK):
        yield b"".join(
            _item(ordinal, seed, day, kinds(ordinal)) for ordinal in range(first, min(first + _CHUNK, items + 1))
        )
    yield _TAIL.encode()


def truth(items: int, seed: int = 1, faults: Faults = 0.0, *, day: date = DAY) -> Iterator[Truth]:
    """Every item at fault in the interchange of the same arguments."""
    kinds = _kinds(items, seed, faults)
    for ordinal in range(1, items + 1):
        if name := kinds(ordinal):
            yield Truth(ordinal, _draft(ordinal, seed, day, name).item_id, name)


def _item(ordinal: int, seed: int, day: date, name: str) -> bytes:
    text = xml(_draft(ordinal, seed, day, name)).encode()
    change = FAULTS[name].text if name else None
    return change(text) if change else text


def _draft(ordinal: int, seed: int, day: date, name: str) -> Draft:
    item = draft(ordinal, seed, day)
    change = FAULTS[name].item if name else None
    if change:
        change(item, day)
    return item


def _kinds(items: int, seed: int, faults: Faults) -> Callable[[int], str]:
    """Tell the fault of each item by its number, empty for a sound one."""
    if isinstance(faults, float | int):
        return lambda ordinal: _by_lot(ordinal, seed, faults)
    named = faults if isinstance(faults, Mapping) else _spread(items, faults)
    return lambda ordinal: named.get(ordinal, "")


def _by_lot(ordinal: int, seed: int, share: float) -> str:
    lot = Random(f"{seed}:{ordinal}:fault")
    return lot.choice(_NAMES) if lot.random() < share else ""


def _spread(items: int, names: Sequence[str]) -> dict[int, str]:
    step = max(1, items // max(1, len(names)))
    return {1 + place * step: name for place, name in enumerate(names)}


_NAMES = tuple(FAULTS)
