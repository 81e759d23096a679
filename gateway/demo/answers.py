r"""What a simulated administration writes: templates filled with the facts of one declaration.

A line of a template whose value is empty is left out.

>>> fill("<a>$x</a>\n<b>$y</b>\n", {"x": "A & B", "y": ""})
'<a>A &amp; B</a>\n'
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from string import Template
from uuid import UUID
from xml.sax.saxutils import escape

import msgspec

from gateway.demo.script import steps
from gateway.demo.verdict import Fault
from gateway.model import Consignment

PLACEHOLDER = re.compile(r"\$(\w+)")
CENT = Decimal("0.01")

Templates = Mapping[str, str]


class Case(msgspec.Struct, frozen=True):
    """One declaration as the administration keeps it; `faults` stand in its rejection."""

    declared: Consignment
    lrn: str
    mrn: str
    faults: tuple[Fault, ...]


class Writer:
    """One administration's answers."""

    def __init__(self, templates: Templates, seed: int, tax_rate: Decimal) -> None:
        self._templates = templates
        self._seed = seed
        self._tax_rate = tax_rate

    def write(self, case: Case, say: str, at: datetime) -> tuple[str, str]:
        """The id of the notification (32 hexadecimal digits) and its text."""
        notification = lot(self._seed, "notification", case.lrn, say).hex()
        values = {
            "notification": notification,
            "guid": str(UUID(notification)),
            "issued": f"{at:%Y%m%d%H%M%SZ}",  # format 304 of UN/EDIFACT 2379
            "lrn": case.lrn,
            "mrn": case.mrn,
            "version": "1",
        }
        fragments = {
            "errors": "".join(self._error(fault) for fault in case.faults),
            "taxes": "".join(self._taxes(case.declared)),
        }
        return notification, fill(self._templates[say], values, fragments)

    def _error(self, fault: Fault) -> str:
        pointers = "".join(
            fill(
                self._templates["pointer"],
                {"number": str(step.number or ""), "section": step.section, "tag": step.tag, "path": step.path},
            )
            for step in steps(fault.complaint.pointer, fault.number)
        )
        said = {"code": fault.complaint.code, "text": fault.complaint.text}
        return fill(self._templates["error"], said, {"pointers": pointers})

    def _taxes(self, declared: Consignment) -> list[str]:
        rate = self._tax_rate
        return [
            fill(
                self._templates["tax"],
                {
                    "number": str(number),
                    "currency": goods.value.currency,
                    "base": str(goods.value.amount),
                    "rate": str(rate),
                    "amount": str((goods.value.amount * rate / 100).quantize(CENT)),
                },
            )
            for number, goods in enumerate(declared.goods_items, start=1)
            if goods.value
        ]


def lot(seed: int, *words: str) -> bytes:
    """A draw that hangs on the seed and the words only."""
    return hashlib.blake2b("\x1f".join((str(seed), *words)).encode(), digest_size=16).digest()


def movement_number(country: str, year: int, seed: int, lrn: str) -> str:
    """An MRN: two digits of the year, the country, fourteen letters or digits."""
    return f"{year % 100:02}{country}{lot(seed, 'mrn', lrn).hex()[:14].upper()}"


def fill(template: str, values: Mapping[str, str], fragments: Mapping[str, str] | None = None) -> str:
    """The template with values (escaped) and fragments (as they are) in their places."""
    texts = {name: escape(value) for name, value in values.items()}
    texts |= {name: fragment.removesuffix("\n") for name, fragment in (fragments or {}).items()}
    lines = template.splitlines(keepends=True)
    return Template("".join(x for x in lines if all(texts[name] for name in PLACEHOLDER.findall(x)))).substitute(texts)
