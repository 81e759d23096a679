"""The crash points, read off the source: what is durable or remote there, and the names it stands under.

A transaction that writes is `….journal.write("step.verb")`. Any other act that outlives the process, on our disk or at
a partner, stands in `with effect("step.verb"):`. What counts as such an act is the table below; whatever is called on
`wire`, or handed it by a function of `gateway.transport`, is remote. Below that, in `gateway.transport`, an effect
stands at what changes something at the partner after another request of the same call has.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDERS = ("steps", "runner", "journal", "cli", "ruleset")
DURABLE = {
    "os.fsync": "a file or a folder",
    "os.sync": "every file of the machine",
    "os.link": "another name",
    "os.mkfifo": "a name in the state folder",
    "unlink": "Path.unlink(), BlobStore.unlink(blobs)",
    "rename": "Path.rename(to)",
    "replace": "Path.replace(to): one argument; of a text it takes two",
    "mkdir": "Path.mkdir(): a folder of the state, below gateway/journal and gateway/ruleset",
    "write_bytes": "Path.write_bytes(data)",
    "write_text": "Path.write_text(text)",
    "copyfile": "shutil.copyfile(of, to)",
    "copytree": "shutil.copytree(of, to)",
    "rmtree": "a folder and all that is in it",
    "keep": "Draft.keep(): synced, renamed, folder synced",
    "blobs.write": "BlobStore.write(…): a draft, kept",
    "sync_folder": "sync_folder(folder)",
    "send_message": "SMTP.send_message(letter)",
    "hand_to": "a program of the operator's",
    "sqlite.scrub": "the journal's own log is emptied",
}
"""Calls by the end of what is called. A test finds each of them in the source."""

GIVEN_AGAIN = {
    "cli/init.py": "a sample configuration in an empty folder",
    "cli/map.py": "bytes of items that are not understood, for a person",
    "cli/mapping/coverage.py": "a page",
    "cli/mapping/document.py": "pages",
    "cli/mapping/new.py": "a draft of a table",
}
"""What these commands write (`WRITTEN`) is for whoever called them; no part of the gateway reads it."""

SEVERAL = ("publish.py",)
"""Of `gateway/transport`: where one call changes more than one thing at a partner, by `line`."""

REMOTE = ("scan", "lstat", "fetch", "write_new", "publish", "remove", "move")
"""Calls on a line (`wire`). `deadline`, `banner` and `free_bytes` neither leave nor take anything."""

CHANGES = ("write_new", "publish", "remove", "move")
WRITTEN = ("write_bytes", "write_text", "copytree")


class Site(NamedTuple):
    """A place in the source: what is called there, and the effect around it (empty: none)."""

    at: str
    call: str
    name: str
    transaction: bool


def sites() -> list[Site]:
    """Every call that is durable or remote."""
    return [site for path in sources() for site in reader(path).sites()]


def sources() -> Iterator[Path]:
    """The modules that are looked through; migrations are steps of one transaction, `journal.upgrade`."""
    for folder in (*FOLDERS, "transport"):
        yield from (p for p in sorted((ROOT / "gateway" / folder).rglob("*.py")) if "migrations" not in p.parts)


def points() -> tuple[str, ...]:
    """The names of all points, in the order of the source."""
    found: dict[str, None] = {}
    for path in sources():
        for name, transaction in reader(path).names():
            found |= dict.fromkeys(f"{name}.{moment}" for moment in moments(transaction=transaction))
    return tuple(found)


@cache
def reader(path: Path) -> "Reader":
    """A module that is read once."""
    return Reader(path)


def moments(*, transaction: bool) -> tuple[str, ...]:
    return ("before", "commit", "after") if transaction else ("before", "after")


class Reader:
    """One module."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text("utf-8"))
        self.around: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.around[child] = node
        self.transport = {
            alias.asname or alias.name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gateway.transport")
            for alias in node.names
        }

    def names(self) -> Iterator[tuple[str, bool]]:
        """Every name given in this module, and whether it is a transaction's."""
        for call in self._calls():
            if (_called(call) == "effect" or self._is_write(call)) and not _handed_on(call):
                yield _literal(call), self._is_write(call)

    def sites(self) -> Iterator[Site]:
        for call in self._calls():
            at = f"{self.path.relative_to(ROOT)}:{call.lineno}"
            if self._is_write(call):
                yield Site(at, "journal.write", _literal(call), transaction=True)
            elif what := self._effect(call):
                yield Site(at, what, self._name_around(call), transaction=False)

    def _calls(self) -> Iterator[ast.Call]:
        found = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        return iter(sorted(found, key=lambda call: (call.lineno, call.col_offset)))

    @staticmethod
    def _is_write(call: ast.Call) -> bool:
        function = call.func
        return (
            isinstance(function, ast.Attribute)
            and function.attr == "write"
            and ast.unparse(function.value).rpartition(".")[2] == "journal"
        )

    def _effect(self, call: ast.Call) -> str:
        """What of the tables this call is; empty when it is none."""
        name = _called(call)
        if "transport" in self.path.parts:
            changes = self.path.name in SEVERAL and name in CHANGES and ast.unparse(call.func) == f"line.{name}"
            return f"line.{name}" if changes else ""
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "wire":
            return f"wire.{name}" if name in REMOTE else ""
        if any(isinstance(one, ast.Name) and one.id == "wire" for one in call.args):
            return f"{name}(wire)" if isinstance(call.func, ast.Name) and name in self.transport else ""
        whole = f".{ast.unparse(call.func)}"
        found = next((one for one in DURABLE if whole.endswith(f".{one}")), "")
        return "" if self._is_another(found, call) else found

    def _is_another(self, name: str, call: ast.Call) -> bool:
        """Whether it only has the name of what leaves something behind."""
        others = {
            "replace": len(call.args) != 1 or bool(call.keywords),
            "mkdir": self.path.parent.name not in {"journal", "ruleset"},
            **dict.fromkeys(WRITTEN, str(self.path.relative_to(ROOT / "gateway")) in GIVEN_AGAIN),
            "keep": bool(call.args) or isinstance(call.func, ast.Name),  # the row of a blob, in a transaction
        }
        return others.get(name, False)

    def _name_around(self, call: ast.Call) -> str:
        """The effect in which a call stands, in its own function."""
        node: ast.AST = call
        while (node := self.around[node]) and not isinstance(node, ast.FunctionDef | ast.Lambda | ast.Module):
            if isinstance(node, ast.With):
                for item in node.items:
                    if isinstance(item.context_expr, ast.Call) and _called(item.context_expr) == "effect":
                        return _literal(item.context_expr)
        return ""


def _called(call: ast.Call) -> str:
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _handed_on(call: ast.Call) -> bool:
    """`effect(name)` of `Journal.write(name)`."""
    return bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == "name"


def _literal(call: ast.Call) -> str:
    """The name given; empty where there is none that can be read here."""
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
