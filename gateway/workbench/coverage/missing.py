"""What one record lacks for a target, element by element, before anything is filed; nothing is invented.

Customs' pack, the checks and the target's own table say what must be there (`gateway.workbench.coverage.demands` says
it of a record that says nothing at all). Here it is one real record: what an error speaks of and the declared record
has no value for is missing. For each the sender's own table says in which element it would have been said.
"""

import re
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from gateway.checks.derivations import derived
from gateway.findings.finding import Finding
from gateway.mapping.carriers import BRACKETS, Carriers
from gateway.mapping.derive import stated_or_derived
from gateway.mapping.format import Format
from gateway.mapping.plugins import authority_for
from gateway.mapping.trace import Entry
from gateway.model import Consignment
from gateway.steps.ground.source import value_at
from gateway.steps.working.verdict import called
from gateway.workbench.coverage.lacking import OF_THE_FILER

GOODS = "goods_items."
LINE = re.compile(r"goods_items\[(\d+)\]")
Asked = Literal["sender", "setting", "record", "nobody"]


class Missing(msgspec.Struct, frozen=True):
    """One fact that is not there: where in the model, its WCO id, the target's element, whom to ask for it and by what.

    `asked` is the sender (`how`: its element), or the filer by a setting or by `record:` of the partner's file.
    """

    model_path: str
    wco_id: str
    target: str
    asked: Asked
    how: str
    codes: tuple[str, ...]


class Lack:
    """Looks at records of one source for one target."""

    def __init__(self, source: Format, target: Format) -> None:
        self.source, self.target = source, target
        self.pack = authority_for(target.plan.name)
        self.written = Carriers(target.plan, written=True)
        self.made_of: dict[str, str] = {}
        for path in self.written:
            self.made_of.setdefault(BRACKETS.sub("", self._origin(path.replace(GOODS, f"{GOODS[:-1]}[1]."))), path)

    def of(
        self,
        declared: Consignment,
        read: Iterable[Finding],
        drafted: Iterable[Finding],
        entries: tuple[Entry, ...] = (),
    ) -> tuple[Missing, ...]:
        """What is missing, each once, in the order in which it was found.

        `read` was found in the sender's message, `drafted` on the way to the target; `entries` tell what was said.
        """
        absent = [(one, "") for one in read if _is_absent(one, declared)]
        absent += [(one, one.source.path if one.source else "") for one in drafted if _is_absent(one, declared)]
        found: dict[str, Missing] = {}
        for one, element in absent:
            new = self._missing(one, element, entries)
            known = found.get(new.model_path)
            found[new.model_path] = _both(known, new) if known else new
        return tuple(one for path, one in found.items() if not _is_part(path, found))

    def _missing(self, one: Finding, element: str, entries: tuple[Entry, ...]) -> Missing:
        path = self._origin(one.model_path)
        asked, how = self._asked(one, path, entries)
        bare = BRACKETS.sub("", path)
        target = element or self.written.carrier(one.model_path) or self.written.carrier(self.made_of.get(bare, bare))
        return Missing(path, one.wco_id, target, asked, how, (called(one),))

    def _origin(self, path: str) -> str:
        """The fact behind a declared one."""
        return self.pack.origin(path) if self.pack else path

    def _asked(self, one: Finding, path: str, entries: tuple[Entry, ...]) -> tuple[Asked, str]:
        if key := one.values.get("key"):
            return "setting", key
        if path.partition(".")[0].partition("[")[0] in OF_THE_FILER:
            return "record", BRACKETS.sub("", path)
        if self.source.carriers.carrier(path):
            return "sender", self.source.carriers.element(path, entries)
        return "nobody", ""


def _is_absent(one: Finding, declared: Consignment) -> bool:
    if one.severity != "error" or not one.model_path or value_at(declared, one.model_path):
        return False
    return _derived(declared, one.model_path) is None


def _derived(declared: Consignment, path: str) -> Any:
    """What the rest of the record says that a fact must be."""
    line, _, name = path.rpartition(".")
    number = LINE.fullmatch(line)
    if number is not None and int(number[1]) <= len(declared.goods_items):
        return stated_or_derived(declared.goods_items[int(number[1]) - 1], name, int(number[1]), declared)
    return derived(declared, name) if not line else None


def _both(known: Missing, new: Missing) -> Missing:
    """One fact that two found missing: the first says whom to ask, the longer element has the numbers in it."""
    return msgspec.structs.replace(
        known,
        target=known.target or new.target,
        wco_id=known.wco_id or new.wco_id,
        codes=tuple(dict.fromkeys((*known.codes, *new.codes))),
    )


def _is_part(path: str, found: dict[str, Missing]) -> bool:
    """Whether the whole that a fact is a part of is missing too."""
    return any(path.startswith((f"{other}.", f"{other}[")) for other in found)
