"""One YAML file as plain text values, with the place of every key and value.

Every scalar stays text (`NO`, `0020` and `1496` are never a boolean or a number); the models say what it means. A key
that stands twice, an oversized file and a heap of aliases are faults, not surprises (security.md §13).

>>> source, faults = read_text("a.yaml", "party: {name: Example Post, country: NO}")
>>> source.data
{'party': {'name': 'Example Post', 'country': 'NO'}}
>>> source.position(("party", "country")).path
'a.yaml:1:38'
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gateway.findings import Finding, Position
from gateway.findings.finding import Severity
from gateway.settings import secret

MAX_BYTES = 1_000_000
MAX_NODES = 50_000
MAX_DEPTH = 30
AGAIN = "again"
OURS = frozenset(("expected", "nearest"))  # values of findings that hold no word of the file

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Mark:
    """Line and column, both from 1."""

    line: int
    column: int


@dataclass
class Source:
    """The values of one file and where each stands; `place` is the chain of keys from the top.

    `unquoted` are the lines that hold a secret which should not stand there: whatever is at fault in them, they are not
    shown. `secrets` are those values; no finding says one.
    """

    file: str
    data: Any = None
    keys: dict[Place, Mark] = field(default_factory=dict)
    values: dict[Place, Mark] = field(default_factory=dict)
    unquoted: set[int] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set, repr=False)

    def position(self, place: Place = (), *, key: bool = False) -> Position:
        """The place itself, or the nearest one around it that is written."""
        mark = self.keys.get(place) if key else None
        while mark is None and place not in self.values and place:
            place = place[:-1]
        mark = mark or self.values.get(place, Mark(1, 1))
        return Position(file=self.file, line=mark.line, path=f"{self.file}:{mark.line}:{mark.column}")

    def finding(self, code: str, place: Place = (), **values: str) -> Finding:
        """A fault of the value at a place."""
        return Finding(code, values=self._open(values), source=self.position(place))

    def key_finding(self, code: str, place: Place, *, severity: Severity = "error", **values: str) -> Finding:
        """A fault of the key itself."""
        return Finding(code, severity, values=self._open(values), source=self.position(place, key=True))

    def name_finding(self, code: str, place: Place, name: str, **values: str) -> Finding:
        """A fault of a name that is the key or the value at a place."""
        said = self._open({"name": name, **values})
        return Finding(code, values=said, source=self.position(place, key=place[-1] == name))

    def hide(self, node: Node) -> None:
        """Show nothing of a value: it is a secret."""
        self.unquoted.update(range(node.start_mark.line + 1, node.end_mark.line + 2))
        self.secrets.add(str(node.value))

    def _open(self, values: dict[str, str]) -> dict[str, str]:
        return {name: said if name in OURS else self._hidden(said) for name, said in values.items()}

    def _hidden(self, said: str) -> str:
        return secret.HIDDEN if said in self.secrets else secret.hidden(said)


def read_file(path: Path, shown: str) -> tuple[Source, tuple[Finding, ...]]:
    """The file at `path`, named `shown` in findings."""
    source = Source(shown)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        return source, (source.finding("CFG101", reason=error.strerror or type(error).__name__),)
    except UnicodeDecodeError as error:
        return source, (source.finding("CFG102", problem=f"byte {error.start} is not UTF-8"),)
    if len(data) > MAX_BYTES:
        return source, (source.finding("CFG103", limit=f"{MAX_BYTES:,} bytes"),)
    return read_text(shown, text)


def read_text(file: str, text: str) -> tuple[Source, tuple[Finding, ...]]:
    source = Source(file, unquoted=secret.lines_of(text))
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        if place is not None:
            source.values[()] = Mark(place.line + 1, place.column + 1)
        problem = str(error.problem or error.context or "")
        if secret.may_hold(text):  # who knows in which line, when nobody can read it?
            source.unquoted.update(range(1, text.count("\n") + 2))
            problem = re.sub(r"(['\"]).*\1", secret.HIDDEN, problem)
        return source, (source.finding("CFG102", problem=problem),)
    except RecursionError:
        return source, (source.finding("CFG103", limit=f"{MAX_DEPTH} levels"),)
    except YAMLError as error:
        return source, (source.finding("CFG102", problem=type(error).__name__),)
    return source, tuple(_Reader(source).fill(node))


class _Reader:
    """Walks the nodes once; a repeated walk through aliases ends at the cap."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.nodes = 0
        self.deepest = 0
        self.faults: list[Finding] = []

    def fill(self, node: Node | None) -> Iterator[Finding]:
        if node is not None:
            self.source.data = self._value(node, ())
        if self.nodes > MAX_NODES:
            yield self.source.finding("CFG103", limit=f"{MAX_NODES:,} values")
        if self.deepest > MAX_DEPTH:
            yield self.source.finding("CFG103", limit=f"{MAX_DEPTH} levels")
        yield from self.faults

    def _value(self, node: Node, place: Place) -> Any:
        self.nodes += 1
        self.deepest = max(self.deepest, len(place))
        if self.nodes > MAX_NODES or len(place) > MAX_DEPTH:
            return None
        self.source.values[place] = _mark(node)
        if isinstance(node, ScalarNode):
            return None if str(node.tag).endswith(":null") else self._scalar(node, place)
        if isinstance(node, SequenceNode):
            return [self._value(entry, (*place, at)) for at, entry in enumerate(node.value)]
        assert isinstance(node, MappingNode)
        return self._mapping(node, place)

    def _scalar(self, node: ScalarNode, place: Place) -> str:
        text = str(node.value)
        if secret.is_secret(text) or any(secret.is_kept_by(str(step), text) for step in place):
            self.source.hide(node)
        return text

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            inner = (*place, name)
            if secret.is_secret(name):
                self.source.hide(key)
            if name in found:
                first = self.source.keys[inner]
                self.source.keys[inner] = _mark(key)
                self.faults.append(self.source.key_finding("CFG104", inner, name=name, first=str(first.line)))
                self._value(value, (*inner, AGAIN))  # it may be a secret, too
                continue
            self.source.keys[inner] = _mark(key)
            found[name] = self._value(value, inner)
        return found


def _mark(node: Node) -> Mark:
    return Mark(node.start_mark.line + 1, node.start_mark.column + 1)
