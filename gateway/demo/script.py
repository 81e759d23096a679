"""The script of a simulated administration, as data: what it refuses, what else it says, and after how many seconds.

A pointer is written as the administration writes it: WCO classes and elements, or a path that begins with `$`.

>>> [step.number for step in steps("42A 67A 68A[n]+108", 2)], steps("42A 67A 68A[n]+108", 2)[-1].tag
([None, None, 2], '108')
>>> steps("$.goodsItems[?(@.sequenceNumber == n)].commodity", 2)[0].path
'$.goodsItems[?(@.sequenceNumber == 2)].commodity'
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

STEP = re.compile(r"(?P<section>\w{3})(?:\[(?P<number>n|\d+)\])?(?:\+(?P<tag>\w+))?")
NTH = re.compile(r"(?<== )n(?=\))")


class Pointed(msgspec.Struct, frozen=True):
    """One step of a pointer: WCO class, element, number of the occurrence; or the whole pointer as a path."""

    section: str = ""
    tag: str = ""
    number: int | None = None
    path: str = ""


class Complaint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the administration holds against one field of a goods item."""

    code: str
    text: str
    field: str
    pointer: str


class Rule(Complaint, frozen=True):
    """A complaint with its condition: one of the three."""

    starts_with: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    per_kilogram_below: Decimal | None = None


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message of a course: its template and how long after the declaration it is written."""

    say: str
    after: float = 0.0


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of a declaration: the messages about it, with the complaint of a rejection by lot."""

    share: int
    answers: tuple[Answer, ...]
    complaint: Complaint | None = None


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `script.yaml`: the format it reads, the country of its MRN, the tax in percent, rules, courses."""

    format: str
    mrn: str
    tax_rate: Decimal
    rules: tuple[Rule, ...]
    courses: tuple[Course, ...]
    refused: tuple[Answer, ...]

    def course(self, lot: int) -> Course:
        """The course that a number drawn for a declaration stands for."""
        left = lot % sum(course.share for course in self.courses)
        for course in self.courses:
            left -= course.share
            if left < 0:
                return course
        raise AssertionError  # the shares sum up to more than `left`


def load(folder: Path) -> tuple[Script, Mapping[str, str]]:
    """Script and templates (by name, without ending) of one administration."""
    content: Any = YAML(typ="safe").load(folder / "script.yaml")
    templates = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.xml"))}
    return msgspec.convert(content, Script), templates


def steps(pointer: str, number: int) -> tuple[Pointed, ...]:
    """The steps of a pointer such as `42A 67A 68A[n]+108`, where n is `number`."""
    if pointer.startswith("$"):
        return (Pointed(path=NTH.sub(str(number), pointer)),)
    found = [re.fullmatch(STEP, step) for step in pointer.split()]
    return tuple(Pointed(step["section"], step["tag"] or "", _number(step["number"], number)) for step in found if step)


def _number(text: str | None, number: int) -> int | None:
    return None if text is None else number if text == "n" else int(text)
