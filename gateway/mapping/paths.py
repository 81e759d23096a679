"""Paths as they stand in a table: message paths on the left, model paths on the right.

>>> message_key("name | first-name + last-name")[1][0].text()
'first-name'
>>> message_path("Classification[IdentificationTypeCode='TSP']/ID").steps[0].predicates[0].values
('TSP',)
>>> model_path("communications[type=EM].value").steps[0].where
(('type', 'EM'),)
"""

import re

import msgspec

_NAME = re.compile(r"[^\s/\[\]|+'@()=]+(?: [^\s/\[\]|+'@()=]+)*")
_NESTED = re.compile(r"[\[\]()']")
_VALUES = re.compile(r"'[^']*'(?:\s*\|\s*'[^']*')*")
_MODEL_STEP = re.compile(r"([a-z_][a-z0-9_]*)((?:\[[^\]]*\])*)$")
_WHERE = re.compile(r"\[\s*([a-z_]+)\s*=\s*'?([^\]']*?)'?\s*\]")


class PathError(ValueError):
    """The text is no path of a table."""


class Predicate(msgspec.Struct, frozen=True):
    """`[type='IV'|'CI']`, `[p]`, `[not(p)]` or `[2]`: `path` as in the table, its last step may be `@name` or `.`."""

    path: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    present: bool = True
    number: int = 0

    def text(self) -> str:
        if self.number:
            return f"[{self.number}]"
        path = "/".join(self.path)
        if self.values:
            return f"[{path}=" + "|".join(f"'{value}'" for value in self.values) + "]"
        return f"[{path}]" if self.present else f"[not({path})]"


class PathStep(msgspec.Struct, frozen=True):
    """One element, as the table names it (`md:MetaData`), with its predicates."""

    name: str
    predicates: tuple[Predicate, ...] = ()

    def text(self) -> str:
        return self.name + "".join(predicate.text() for predicate in self.predicates)


class MessagePath(msgspec.Struct, frozen=True):
    """`a/b/@x`; `absolute` begins at the document, `up` counts leading `..`; no steps and no attribute: own text."""

    steps: tuple[PathStep, ...] = ()
    attribute: str = ""
    absolute: bool = False
    up: int = 0

    def text(self) -> str:
        parts = [".."] * self.up + [step.text() for step in self.steps]
        if self.attribute:
            parts.append(f"@{self.attribute}")
        return ("/" if self.absolute else "") + "/".join(parts) or "."

    def inner(self) -> bool:
        """Whether it stays inside the element it is written in."""
        return not self.absolute and not self.up


class ModelStep(msgspec.Struct, frozen=True):
    """One name of a model path; `where` picks the entry of a list."""

    name: str
    where: tuple[tuple[str, str], ...] = ()


class ModelPath(msgspec.Struct, frozen=True):
    """`a.b`, from the top record where `absolute`; no steps: own; `number` stands for `#`."""

    steps: tuple[ModelStep, ...] = ()
    absolute: bool = False
    number: bool = False


Key = tuple[tuple[MessagePath, ...], ...]


def message_key(text: str) -> Key:
    """Alternatives of sums: `A | B + C`."""
    return tuple(tuple(message_path(piece) for piece in split(side, "+")) for side in split(text, "|"))


def message_path(text: str) -> MessagePath:
    text = text.strip()
    if text == ".":
        return MessagePath()
    absolute = text.startswith("/")
    parts = split_steps(text.removeprefix("/"))
    up = 0
    while parts and parts[0] == "..":
        up += 1
        parts = parts[1:]
    attribute = ""
    if parts and parts[-1].startswith("@"):
        attribute = _name(parts.pop()[1:])
    if not parts and not attribute and not up:
        raise PathError(text)
    return MessagePath(tuple(_step(part) for part in parts), attribute, absolute, up)


def model_paths(text: str) -> tuple[ModelPath, ...]:
    """Alternatives: `exporter | consignor`."""
    return tuple(model_path(side) for side in split(text, "|"))


def model_path(text: str) -> ModelPath:
    text = text.strip()
    if text in {".", "#"}:
        return ModelPath(number=text == "#")
    absolute = text.startswith("/")
    return ModelPath(tuple(_model_step(part) for part in _cut(text.removeprefix("/"), ".")), absolute)


def split(text: str, mark: str) -> list[str]:
    """Cut at a mark between blanks, outside brackets and quotes."""
    return [part.strip() for part in _cut(text, f" {mark} ")]


def split_steps(text: str) -> list[str]:
    return [part.strip() for part in _cut(text, "/")]


def _cut(text: str, mark: str) -> list[str]:
    if not _NESTED.search(text):
        return text.split(mark)
    parts, depth, quoted, start, at = [], 0, False, 0, 0
    while at < len(text):
        sign = text[at]
        quoted ^= sign == "'"
        if not quoted:
            depth += (sign in "[(") - (sign in "])")
            if not depth and text.startswith(mark, at):
                parts.append(text[start:at])
                at = start = at + len(mark)
                continue
        at += 1
    if depth or quoted:
        raise PathError(text)
    return [*parts, text[start:]]


def _step(text: str) -> PathStep:
    name, bracket, rest = text.partition("[")
    predicates = tuple(_predicate(inner) for inner in _brackets(bracket + rest)) if bracket else ()
    return PathStep(_name(name), predicates)


def _brackets(text: str) -> list[str]:
    found, start, quoted = [], 0, False
    for at, sign in enumerate(text):
        quoted ^= sign == "'"
        if quoted:
            continue
        if sign == "[":
            start = at + 1
        elif sign == "]":
            found.append(text[start:at])
    if "".join(f"[{inner}]" for inner in found) != text:
        raise PathError(text)
    return found


def _predicate(inner: str) -> Predicate:
    inner = inner.strip()
    if inner.isdecimal():
        return Predicate(number=int(inner))
    if inner.startswith("not(") and inner.endswith(")"):
        return Predicate(_relative(inner[4:-1]), present=False)
    if "=" not in inner:
        return Predicate(_relative(inner))
    path, values = inner.split("=", 1)
    if not _VALUES.fullmatch(values.strip()):
        raise PathError(inner)
    return Predicate(_relative(path), tuple(part.strip().strip("'") for part in values.split("|")))


def _relative(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.strip().split("/"))
    for part in parts:
        if part != ".":
            _name(part.removeprefix("@"))
    return parts


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise PathError(text)
    return text


def _model_step(text: str) -> ModelStep:
    found = _MODEL_STEP.fullmatch(text.strip())
    if not found:
        raise PathError(text)
    name, brackets = found.groups()
    where = tuple(_WHERE.findall(brackets))
    if "".join(brackets.split()).count("[") != len(where):
        raise PathError(text)
    return ModelStep(name, where)
