"""The coverage matrix: formats by elements of the model, each with its WCO ids, their names, and read and write marks.

Every element of the model stands in it. A record that no format goes into (a party nobody names) is one line; one that
some format goes into is shown field by field, so that what no format carries is seen too.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gateway.mapping.plan import Plan
from gateway.mapping.reach import Key, Reached, reach
from gateway.model import Record
from gateway.model.dictionary import ROOTS, FieldInfo, fields
from gateway.model.labels import label, wco_name
from gateway.model.naming import STEP

MANY_IDS = 3  # more are one for each role of a record, and none of them is meant
MARKS = {"rw": "read, write", "r": "read", "w": "write", "": ""}


class Line(msgspec.Struct, frozen=True):
    """One element of the model with its mark in each format: `rw`, `r`, `w` or nothing."""

    record: str
    path: str
    labels: tuple[str, ...]
    wco: tuple[str, ...]
    wco_names: tuple[str, ...]
    format: str
    repeats: bool
    marks: tuple[str, ...]

    @property
    def is_carried(self) -> bool:
        return any(self.marks)


class Coverage(msgspec.Struct, frozen=True):
    """The whole matrix."""

    formats: tuple[str, ...]
    lines: tuple[Line, ...]

    def carried(self, number: int) -> int:
        """How many elements the format of that column carries."""
        return sum(bool(line.marks[number]) for line in self.lines)


def coverage(plans: Sequence[Plan]) -> Coverage:
    """The matrix of these tables."""
    return Coverage(tuple(plan.name for plan in plans), tuple(_Matrix([reach(plan) for plan in plans]).lines()))


class _Matrix:
    """Walks the model with what each format reaches in hand."""

    def __init__(self, reached: Sequence[Mapping[Key, Reached]]) -> None:
        self.reached = reached
        self.paths: dict[Key, set[str]] = {}
        for found in reached:
            for (record, path), one in found.items():
                self.paths.setdefault((record, one.place.bare), set()).add(path)

    def lines(self) -> Iterator[Line]:
        for root in ROOTS:
            if any(record == root.__name__ for record, _ in self.paths):
                yield from self.walk(root.__name__, root, "", ())

    def walk(
        self, root: str, record: type[Record], above: str, labels: tuple[str, ...], *, whole: bool = True
    ) -> Iterator[Line]:
        """The fields of a record; not `whole`, only those that some format carries."""
        for name, field in fields(record).items():
            path, said = f"{above}{name}", (*labels, label(record.__name__, name) or name)
            inside = field.record is not None and self.entered(root, path)
            if inside and field.record is not None:
                yield from self.walk(root, field.record, f"{path}.", said, whole=whole and field.record not in ROOTS)
            if (root, path) in self.paths or not (
                inside or self.told(root, path) or field.record in ROOTS or not whole
            ):
                yield from self.element(root, path, field, said)

    def entered(self, root: str, path: str) -> bool:
        """Whether some format goes into a record."""
        return any(record == root and bare.startswith(f"{path}.") for record, bare in self.paths)

    def told(self, root: str, path: str) -> bool:
        """Whether filters say it: `ids[kind=EORI].id` has a kind."""
        above, _, name = path.rpartition(".")
        below = (
            one
            for (record, bare), some in self.paths.items()
            if record == root
            for one in some
            if bare.startswith(f"{above}.")
        )
        return any(f"[{name}=" in one for one in below)

    def element(self, root: str, path: str, field: FieldInfo, labels: tuple[str, ...]) -> Iterator[Line]:
        """The element, and those with filters beside it."""
        for shown in sorted(self.paths.get((root, path), {path})):
            known = [found.get((root, shown)) for found in self.reached]
            wco = _of_role(field.wco, {one for each in known if each for one in each.wco})
            yield Line(
                record=root,
                path=shown,
                labels=labels,
                wco=wco,
                wco_names=tuple(wco_name(one) for one in wco),
                format=field.format,
                repeats=field.is_list,
                marks=tuple(each.marks if each else "" for each in known),
            )


def _of_role(ids: tuple[str, ...], in_grammars: set[str]) -> tuple[str, ...]:
    """A record that stands in several roles has an id for each: that of this role, as the grammars say."""
    return tuple(one for one in ids if one in in_grammars) or (ids if len(ids) <= MANY_IDS else ())


def sheet(found: Coverage) -> str:
    """The matrix as CSV."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(("record", "element", "label", "wco_ids", "wco_names", "format", "repeats", *found.formats))
    for line in found.lines:
        names = " / ".join(filter(None, line.wco_names))
        facts = (
            line.record,
            line.path,
            STEP.join(line.labels),
            " ".join(line.wco),
            names,
            line.format,
            "*" if line.repeats else "",
        )
        write.writerow((*facts, *(MARKS[mark] for mark in line.marks)))
    return out.getvalue()
