"""YAML as a graph of nodes, as much of it as can be read: every fault of the text is told, the rest goes on.

An alias without its anchor becomes the anchor that was probably meant; a line that YAML cannot take is left out and the
others are read again. Aliases may share a block, they never make one endless.
"""

from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node

from gateway.findings.finding import Finding
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.names import nearest

MOST_BYTES = 1_000_000
MOST_FAULTS = 8  # of YAML itself: behind a bad line others only look bad
DEEPEST = 40


class Graph(msgspec.Struct, frozen=True):
    """The root node of a file, None where nothing could be read, and what is wrong with its text."""

    root: Any = None
    faults: tuple[Finding, ...] = ()


def read(path: Path, shown: str) -> Graph:
    """The graph of a file. `shown` is the name that findings give."""
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        return Graph(None, (fault("MAP110", Place(shown), problem=f"longer than {MOST_BYTES:,} bytes"),))
    try:
        return compose(data.decode("utf-8-sig"), shown)
    except UnicodeDecodeError as trouble:
        line = data[: trouble.start].count(b"\n") + 1
        return Graph(None, (fault("MAP110", Place(shown, line), problem="not UTF-8"),))


def compose(text: str, shown: str) -> Graph:
    """The graph of a text; lines that are no YAML are left out one by one."""
    faults: list[Finding] = []
    lines = text.splitlines(keepends=True)
    while True:
        try:
            root, strange = _composed("".join(lines), shown)
        except YAMLError as trouble:
            place, line = _where(trouble, shown)
            faults.append(fault("MAP110", place, problem=_problem(trouble)))
            if line is None or len(faults) == MOST_FAULTS or not lines[line : line + 1] or not lines[line].strip():
                return Graph(None, tuple(faults))
            lines[line] = "\n"
        else:
            return Graph(root, (*faults, *strange))


class _Composer(Composer):
    """Takes an alias that leads nowhere, or into itself, for the block that was meant."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False
        self.strange: list[tuple[str, str, Any]] = []  # code, name, mark
        self.known: dict[str, tuple[str, ...]] = {}
        self.around: list[str] = []

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent):
            return self.alias(event) or super().compose_node(parent, index)
        if event.anchor in self.anchors:
            self.strange.append(("MAP105", f"&{event.anchor}", event.start_mark))
        self.around.append(event.anchor)
        node = super().compose_node(parent, index)
        self.around.pop()
        return node

    def alias(self, event: AliasEvent) -> Node | None:
        """What stands for an alias that cannot be followed; None for a good one."""
        name = event.anchor
        if name in self.anchors and name not in self.around:
            return None
        self.parser.get_event()
        code = "MAP149" if name in self.around else "MAP140"
        self.strange.append((code, name, event.start_mark))
        self.known[name] = tuple(self.anchors)
        meant = nearest(name, [anchor for anchor in self.anchors if anchor not in self.around])
        empty = MappingNode("tag:yaml.org,2002:map", [], event.start_mark, event.end_mark)
        return self.anchors[meant] if meant and code == "MAP140" else empty


def _composed(text: str, shown: str) -> tuple[Any, list[Finding]]:
    """Raises: YAMLError."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    yaml.max_depth = DEEPEST
    root = yaml.compose(text)
    composer = yaml.composer
    return root, [
        unknown(code, _place(mark, shown), name, composer.known.get(name, ())) for code, name, mark in composer.strange
    ]


def _where(trouble: YAMLError, shown: str) -> tuple[Place, int | None]:
    """The place of a fault, and the line to leave out: that where an unfinished value begins."""
    if not isinstance(trouble, MarkedYAMLError):
        return Place(shown), None
    mark = trouble.problem_mark or trouble.context_mark
    if mark is None:
        return Place(shown), None
    opened = "flow" in (trouble.context or "") or "scalar" in (trouble.context or "")
    begins = trouble.context_mark if opened and trouble.context_mark else mark
    return _place(begins if opened else mark, shown), begins.line


def _problem(trouble: YAMLError) -> str:
    """In one line, with what was being read."""
    said = (getattr(trouble, "context", None), getattr(trouble, "problem", None))
    return ", ".join(" ".join(part.split()) for part in said if part) or "no YAML"


def _place(mark: Any, shown: str) -> Place:
    return Place(shown, mark.line + 1, mark.column + 1)
