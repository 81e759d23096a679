"""What one row says: its words as the typed facts of a value; whatever is wrong with them is collected."""

from collections.abc import Callable, Collection, Mapping
from typing import cast, get_args

import msgspec

from gateway.checks.converters import CONVERTERS
from gateway.checks.currencies import known as known_currencies
from gateway.checks.named import CHECKS
from gateway.findings.finding import Finding
from gateway.mapping import model
from gateway.mapping.codelist import CodeList
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.grammar import Node
from gateway.mapping.kinds import misused
from gateway.mapping.model import Context, Resolved
from gateway.mapping.paths import Key, MessagePath, ModelPath, PathError, message_path, model_paths, split
from gateway.mapping.plan import REST, Only, Ref, Role, Value, When
from gateway.mapping.table import Line
from gateway.mapping.units import UNITS
from gateway.model.dictionary import fields
from gateway.model.moment import KINDS

ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "text")


class Sources(msgspec.Struct, frozen=True):
    """What a table may refer to: grammars and code lists by name."""

    grammar: Callable[[tuple[str, ...]], Node]
    codes: Callable[[str], CodeList]
    code_names: Callable[[], tuple[str, ...]]


class Words(msgspec.Struct, frozen=True):
    """The names and constants of one row, each empty where it is not said or not known."""

    split: tuple[int, ...] = ()
    check: str = ""
    codes: CodeList | None = None
    unit: str = ""
    currency: str = ""
    date: str = ""
    converter: str = ""


class Rows:
    """Reads rows against the model; `top` is the context of the table's own record."""

    def __init__(self, sources: Sources, top: Context) -> None:
        self.sources, self.top = sources, top
        self.faults: list[Finding] = []

    def value(self, line: Line, key: Key, context: Context, number: int, only: str) -> Value | None:
        """The value of a row; None where its model path leads nowhere."""
        said = self.words(line)
        found = self.target(line, context)
        when = self.when(line, context)
        if found is None:
            return None
        kind = "position" if line.text("is").strip() == "#" else found[0].kind if found else "text"
        if kind is None:
            self.faults.append(fault("MAP128", line.place, keyword="is", wanted="a value, not a record"))
            return None
        if any(other.kind != found[0].kind for other in found):
            self.faults.append(fault("MAP128", line.place_of("is"), keyword="is", wanted="places of one kind"))
        value = Value(
            number=number,
            row=line.place.row(),
            key=line.key,
            model=line.text("is").strip(),
            scope=context.scope,
            kind=kind,
            refs=tuple(other.ref for other in found),
            constant=line.word("constant"),
            default=line.word("default"),
            none=line.word("none"),
            required=line.says("required"),
            split=said.split,
            check=said.check,
            codes=said.codes,
            along=self.along(said.codes, context, line) if said.codes else (),
            unit=said.unit,
            currency=said.currency,
            date=said.date,
            beside=tuple(role for role in ROLES if path_in(line.text(role))),
            up=len(key[0][0].steps),
            converter=said.converter,
            when=when,
            only=cast("Only", line.text("only") or only),
            cut=line.says("cut"),
            hint=line.text("hint"),
            note=line.text("note"),
            pieces=tuple(len(side) for side in key),
        )
        self.faults += misused(line, value)
        return value

    def words(self, line: Line) -> Words:
        """What a row says by names and constants, whatever it is a row of."""
        return Words(
            split=self.split(line),
            check=self.named(line, "check", CHECKS, "MAP106"),
            codes=self.codes(line),
            unit=self.plain(line, "unit", UNITS.keys),
            currency=self.plain(line, "currency", known_currencies),
            date=self.plain(line, "date", lambda: KINDS),
            converter=self.named(line, "as", CONVERTERS, "MAP109"),
        )

    def target(self, line: Line, context: Context) -> list[Resolved] | None:
        """Where the row leads in the model: nowhere for a constant or a number, None for a fault."""
        if "is" not in line.words:
            return []
        paths = self.paths(line.text("is"), line.words["is"].place)
        if paths and paths[0].number:
            return []
        found = [other for path in paths if (other := self.resolved(path, context, line))]
        return found if found and len(found) == len(paths) else None

    def resolved(self, path: ModelPath, context: Context, line: Line) -> Resolved | None:
        return self.known(model.resolve(path, context, self.top, line.place_of("is")))

    def block(self, path: ModelPath, context: Context, line: Line) -> Resolved | None:
        """The part or list of a block; one that the model has not is told, and what was probably meant goes on."""
        found = self.resolved(path, context, line)
        guess = None if found else model.meant(path, context, self.top)
        other = model.resolve(guess, context, self.top, line.place) if guess else None
        return other if isinstance(other, Resolved) and (other.record or other.ref.listed) else found

    def known(self, found: Resolved | Finding) -> Resolved | None:
        """A model path that leads somewhere, or one fault more."""
        if isinstance(found, Finding):
            self.faults.append(found)
            return None
        return found

    def paths(self, text: str, place: Place) -> tuple[ModelPath, ...]:
        try:
            return model_paths(text)
        except PathError as trouble:
            self.faults.append(fault("MAP104", place, path=trouble))
            return ()

    def when(self, line: Line, context: Context) -> When | None:
        """`when: path` or `when: not(path)`."""
        text, place = line.text("when").strip(), line.place_of("when")
        present = not (text.startswith("not(") and text.endswith(")"))
        for path in self.paths(text if present else text[4:-1], place) if text else ():
            found = self.known(model.resolve(path, context, self.top, place))
            if found:
                return When(found.ref, present)
        return None

    def split(self, line: Line) -> tuple[int, ...]:
        """`split: [1, rest]`."""
        if "split" not in line.words:
            return ()
        word = line.words["split"]
        widths = word.value if isinstance(word.value, tuple) else (word.value,)
        if all(width == "rest" or str(width).isdecimal() for width in widths):
            return tuple(REST if width == "rest" else int(width) for width in widths)
        self.faults.append(fault("MAP112", word.place, keyword="split", wanted="widths such as [1, rest]"))
        return ()

    def named(self, line: Line, keyword: str, known: Mapping[str, object], code: str) -> str:
        """A check or converter by its name."""
        name = line.text(keyword)
        if name and name not in known:
            self.faults.append(unknown(code, line.place_of(keyword), name, known))
            return ""
        return name

    def plain(self, line: Line, keyword: str, known: Callable[[], Collection[str]]) -> str:
        """The constant of `unit`, `currency` or `date`; a path has its own slot."""
        constant = next((part for part in split(line.text(keyword), "|") if part and part[0] not in "@./"), "")
        if constant and constant not in known():
            self.faults.append(unknown("MAP108", line.place_of(keyword), constant, known()))
            return ""
        return constant

    def codes(self, line: Line) -> CodeList | None:
        if "codes" not in line.words:
            return None
        name, place = line.text("codes"), line.place_of("codes")
        try:
            return self.sources.codes(name)
        except OSError:
            self.faults.append(unknown("MAP107", place, name, self.sources.code_names()))
        except KeyError as trouble:
            self.faults.append(fault("MAP120", place, name=name, problem=f"column {trouble} is missing"))
        return None

    def along(self, codes: CodeList, context: Context, line: Line) -> tuple[Ref | None, ...]:
        """Further columns headed by model paths; a heading that is none is for people."""
        known = fields(context.record) if context.record else {}
        found: list[Ref | None] = []
        for column in codes.columns:
            if column.partition(".")[0] not in known:
                found.append(None)
                continue
            path = self.paths(column, line.place_of("codes"))[0]
            resolved = self.known(model.resolve(path, context, self.top, line.place_of("codes")))
            found.append(resolved.ref if resolved else None)
        return tuple(found)


def path_in(text: str) -> MessagePath | None:
    """The path in `"@unitCode | KGM"`; None in a constant."""
    return next((message_path(part) for part in split(text, "|") if part and part[0] in "@./"), None)
