"""A proposal as a table: sure rows as they are, unsure ones commented out, each with its evidence."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gateway.mapping.paths import PathError, message_path
from gateway.model.moment import KINDS, parse
from gateway.workbench.propose.beside import relative
from gateway.workbench.propose.evidence import why
from gateway.workbench.propose.places import Path
from gateway.workbench.propose.proposal import GOODS, LINES, Choice, Proposal, Row
from gateway.workbench.propose.quoting import quoted
from gateway.workbench.propose.shapes import dotless

MESSAGE, CONSIGNMENT = "Message", "Consignment"
CHECKS = {"s10": "s10", "country": "iso3166", "hs": "hs", "awb": "awb"}
GROUPED = ("master_reference", "receptacle_id", "item_id")
JSON, UNIT = "json", "parcel"
POINTS = "hs-points"
WIDEST_LEFT, WIDEST = 44, 90


class Written(msgspec.Struct, frozen=True):
    """One line of a table: what stands left and right, why, and whether it counts."""

    depth: int
    key: str
    said: str = ""
    why: str = ""
    sure: bool = True
    listed: tuple[Path, str] | None = None  # the block and the list of lines that it is a line of

    def left(self) -> str:
        return "  " * self.depth + ("" if self.sure else "# ") + quoted(self.key) + ":"


def text(proposal: Proposal, name: str, sources: Sequence[str], record: str) -> str:
    """The table in YAML."""
    body = _Rows(proposal) if proposal.places.flat else _Body(proposal, record)
    return "\n".join((*_head(proposal, name, sources, record), "fields:", *_aligned(list(body.lines())))) + "\n"


def _head(proposal: Proposal, name: str, sources: Sequence[str], record: str) -> Iterator[str]:
    sample, shown = proposal.sample, ", ".join(sources)
    yield f"format: {name}"
    yield f"title: {quoted(f'{name}, proposed')}"
    yield f"basis: {quoted(f'Proposed from {shown}: check every row against the description of the sender')}"
    yield f"syntax: {sample.syntax}"
    if sample.namespaces:
        pairs = (f'"{prefix}": {quoted(uri)}' for prefix, uri in sample.namespaces.items())
        yield "namespaces: {" + ", ".join(pairs) + "}"
    yield f"record: {record}"
    yield f"root: {_root(proposal, record)}"
    if columns := _group(proposal):
        yield f"group: [{', '.join(map(quoted, columns))}]"


def _root(proposal: Proposal, record: str) -> str:
    if proposal.places.flat:
        return UNIT
    around = proposal.places.unit if record == CONSIGNMENT else _envelope(proposal)
    if proposal.sample.syntax == JSON:  # a document has no name of its own: what stands in it recognises it
        return quoted("/".join(step for step in (UNIT, *around) if step) + _sign(proposal))
    return "/".join((proposal.sample.root.name, *around))


def _sign(proposal: Proposal) -> str:
    """A predicate of what the format is told by: its goods, else its first party."""
    places = proposal.places
    inner = [path[len(places.unit) :] for path in (places.goods, *(block.path for block in places.parties)) if path]
    return next((f"[{'/'.join(path)}]" for path in inner if path and _nameable(path)), "")


def _group(proposal: Proposal) -> list[str]:
    """The columns of which rows of one parcel hold the same."""
    known = {row.choice.path: row.leaf.name for row in proposal.rows if row.sure and row.choice}
    return [known[path] for path in GROUPED if path in known] if proposal.places.flat and "item_id" in known else []


def _envelope(proposal: Proposal) -> Path:
    """The innermost element around the parcels and all rows of the envelope."""
    paths = [row.leaf.path[:-1] for row in proposal.rows if row.sure] + [proposal.places.unit[:-1]]
    shared = 0
    while shared < min(map(len, paths)) and len({path[shared] for path in paths}) == 1:
        shared += 1
    return paths[0][:shared]


class _Rows:
    """Rows of cells: the parcel's columns, then what each row says of its goods."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal

    def lines(self) -> Iterator[Written]:
        goods = [row for row in self.proposal.rows if row.choice and row.choice.scope.partition(".")[0] == GOODS]
        yield from _joined(self.row(row, 1) for row in self.proposal.rows if row not in goods)
        if goods:
            sure = any(row.sure for row in goods)
            yield Written(1, ".", sure=sure)
            yield Written(2, "is", GOODS, sure=sure)
            yield Written(2, "fields", sure=sure)
            yield from (self.row(row, 3) for row in goods)

    def row(self, row: Row, depth: int) -> Written:
        if row.choice is None:
            return Written(depth, row.leaf.name, "", why(row), sure=False)
        scope = GOODS if row.choice.scope == GOODS else ""
        words = _words(row, row.choice, scope)
        if row.choice.target.path in LINES:
            words["as"] = "one-line"
        return Written(depth, row.leaf.name, _flow(words), why(row), sure=row.sure, listed=_listed(row, (), words))


class _Body:
    """Trees: a block for each party that is an element of its own, for the goods, for other parts."""

    def __init__(self, proposal: Proposal, record: str) -> None:
        self.proposal, self.record = proposal, record
        self.unit = proposal.places.unit
        self.blocks: dict[Path, str] = {b.path: role for b, role in proposal.places.parties.items() if not b.prefix}
        if proposal.places.goods is not None:
            self.blocks[proposal.places.goods] = GOODS
        self.blocks |= {path: part.path for path, part in proposal.places.parts.items()}

    def lines(self) -> Iterator[Written]:
        outer = [row for row in self.proposal.rows if row.leaf.path[: len(self.unit)] != self.unit]
        inner = [row for row in self.proposal.rows if row.leaf.path[: len(self.unit)] == self.unit]
        if self.record == CONSIGNMENT:
            yield from self.level(outer, self.unit, "", 1)
            yield from self.level(inner, self.unit, "", 1)
            return
        root = _envelope(self.proposal)
        envelope = [row for row in outer if row.choice is None or row.choice.target.record == MESSAGE]
        yield from self.level(envelope, root, "", 1)
        yield Written(1, self.key(root, self.unit))
        yield Written(2, "is", "consignments")
        yield Written(2, "fields")
        around = [row for row in outer if row not in envelope]
        yield from (self.row(row, self.unit, "", 3, only="read") for row in around)
        yield from self.level(inner, self.unit, "", 3)

    def level(self, rows: Sequence[Row], here: Path, scope: str, depth: int) -> Iterator[Written]:
        """The rows of one block; those of an inner block stay together where its first one stands."""
        yield from _joined(self.apart(rows, here, scope, depth))

    def apart(self, rows: Sequence[Row], here: Path, scope: str, depth: int) -> Iterator[Written]:
        done: set[Path] = set()
        for row in rows:
            inner = (path for path in self.blocks if _inside(row, path) and path != here[: len(path)])
            block = min(inner, key=len, default=None)
            if block is None:
                yield self.row(row, here, scope, depth)
            elif block not in done:
                done.add(block)
                yield from self.block([row for row in rows if _inside(row, block)], here, scope, block, depth)

    def block(self, rows: Sequence[Row], here: Path, scope: str, path: Path, depth: int) -> Iterator[Written]:
        lines = list(self.level(rows, path, self.blocks[path], depth + 2))
        sure = any(line.sure for line in lines)
        yield Written(depth, self.key(here, path), sure=sure)
        yield Written(depth + 1, "is", self.blocks[path].removeprefix(f"{scope}." if scope else ""), sure=sure)
        if self.nested(path):
            yield Written(depth + 1, "only", "read", "two elements that repeat: cannot be written", sure=sure)
        yield Written(depth + 1, "fields", sure=sure)
        yield from lines

    def nested(self, path: Path) -> bool:
        """Whether a list stands in an element that repeats and is no block itself."""
        ends = (end for end in range(len(self.unit) + 1, len(path)) if path[:end] not in self.blocks)
        return any(self.proposal.document.at(path[:end]).repeats for end in ends)

    def row(self, row: Row, here: Path, scope: str, depth: int, only: str = "") -> Written:
        key = self.key(here, row.leaf.path)
        if row.choice is None:
            return Written(depth, key, "", why(row), sure=False)
        words = _words(row, row.choice, scope)
        if row.beside and row.beside.path and scope == GOODS and not _inside_path(row.beside.path, here):
            only = "read"
        if only:  # the same for every entry of the list: it cannot be written back
            words["only"] = only
        sure = row.sure and _nameable(row.leaf.path)
        return Written(
            depth, key, _flow(words), why(row), sure=sure, listed=_listed(row, here, words) if sure else None
        )

    def key(self, here: Path, path: Path) -> str:
        if path[: len(here)] == here:
            return "/".join(path[len(here) :]) or "."
        if self.proposal.sample.syntax == "xml":
            return "/" + "/".join((self.proposal.sample.root.name, *path))
        return relative(here, path)


def _inside(row: Row, block: Path) -> bool:
    return _inside_path(row.leaf.path, block)


def _inside_path(path: Path, block: Path) -> bool:
    return path[: len(block)] == block


def _listed(row: Row, block: Path, words: dict[str, str]) -> tuple[Path, str] | None:
    return (block, words["is"]) if row.sure and row.choice and row.choice.target.path in LINES else None


def _nameable(path: Path) -> bool:
    """Whether a table can name it: a JSON key may hold what a path cannot."""
    try:
        return all(message_path(step).steps or step.startswith("@") for step in path if step)
    except PathError:
        return False


def _joined(lines: Iterable[Written]) -> Iterator[Written]:
    """Lines of one address that stand in elements of their own make one row: `line1 + line2`."""
    every = list(lines)
    for line in every:
        same = [other for other in every if other.listed and other.listed == line.listed]
        if len(same) < 2:
            yield line
        elif same[0] is line:
            key = " + ".join(other.key for other in same)
            words = {"is": same[0].listed[1] if same[0].listed else "", "as": "lines"}
            yield Written(line.depth, key, _flow(words), line.why, sure=line.sure)


def _words(row: Row, choice: Choice, scope: str) -> dict[str, str]:
    """The right side: the path from the block, and what its kind needs."""
    if not scope:
        words = {"is": choice.path}
    elif choice.scope == scope:
        words = {"is": choice.target.path}
    else:
        words = {"is": f"/{choice.path}"}
    if choice.weight.shape in CHECKS:
        words["check"] = CHECKS[choice.weight.shape]
    if choice.target.kind == "moment":
        words["date"] = next((kind for kind in ("iso", *KINDS) if all(parse(v, kind) for v in row.leaf.values)), "any")
    if row.codes:
        words["codes"] = row.codes
        words.pop("check", None)
    if row.beside:
        words[row.beside.keyword] = row.beside.text
    if words.get("check") == "hs" and any(dotless(value) != value for value in row.leaf.values):
        words["as"] = POINTS
        words.pop("check")
    return words


def _flow(words: dict[str, str]) -> str:
    if len(words) == 1:
        return quoted(words["is"])
    return "{" + ", ".join(f"{word}: {quoted(said)}" for word, said in words.items()) + "}"


def _aligned(lines: Sequence[Written]) -> Iterator[str]:
    """Right sides and comments in columns."""
    lefts = [line.left() for line in lines]
    wide = min(WIDEST_LEFT, max((len(left) for left, one in zip(lefts, lines, strict=True) if one.said), default=0))
    rows = [f"{left:<{wide}} {line.said}" if line.said else left for left, line in zip(lefts, lines, strict=True)]
    column = min(WIDEST, max((len(row) for row, line in zip(rows, lines, strict=True) if line.why), default=0))
    return (f"{row:<{column}}  # {line.why}" if line.why else row for row, line in zip(rows, lines, strict=True))
