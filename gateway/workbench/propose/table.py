"""A proposal as a table: sure rows as they are, unsure ones commented out, each with its evidence.

Values of the sample are never quoted: they are of persons.
"""

from collections.abc import Iterator, Sequence

import msgspec

from gateway.model.moment import KINDS, parse
from gateway.workbench.propose import shapes
from gateway.workbench.propose.beside import relative
from gateway.workbench.propose.places import Path
from gateway.workbench.propose.proposal import GOODS, Choice, Proposal, Row

MESSAGE, CONSIGNMENT = "Message", "Consignment"
CHECKS = {"s10": "s10", "country": "iso3166", "hs": "hs"}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./: +|*")
_SHAPES = {
    "s10": "S10 with check digit", "s9": "S9", "country": "ISO 3166-1", "hs": "HS 2022", "currency": "ISO 4217",
    "email": "e-mail", "ioss": "IOSS number", "eori": "EORI", "vat": "VAT number", "incoterm": "incoterm",
    "awb": "air waybill", "phone": "telephone", "postcode": "postcode", "date": "date", "number": "number",
    "integer": "whole number", "flag": "yes or no",
}  # fmt: skip


class Written(msgspec.Struct, frozen=True):
    """One line of a table: what stands left and right, why, and whether it counts."""

    depth: int
    key: str
    said: str
    why: str = ""
    sure: bool = True

    def left(self) -> str:
        return "  " * self.depth + ("" if self.sure else "# ") + _quoted(self.key) + ":"


def text(proposal: Proposal, name: str, sources: Sequence[str], record: str) -> str:
    """The table in YAML."""
    lines = list(_Body(proposal, record).lines())
    return "\n".join((*_head(proposal, name, sources, record), "fields:", *_aligned(lines))) + "\n"


def _head(proposal: Proposal, name: str, sources: Sequence[str], record: str) -> Iterator[str]:
    sample = proposal.sample
    yield f"format: {name}"
    yield f"title: {_quoted(name)}, proposed"
    shown = ", ".join(sources)
    yield f'basis: "Proposed by `gateway mapping new` from {shown}: check every row against the sender\'s description"'
    yield f"syntax: {sample.syntax}"
    if sample.namespaces:
        yield (
            "namespaces: {"
            + ", ".join(f'"{prefix}": {_quoted(uri)}' for prefix, uri in sample.namespaces.items())
            + "}"
        )
    yield f"record: {record}"
    yield f"root: {_root(proposal, record)}"


def _root(proposal: Proposal, record: str) -> str:
    around = proposal.places.unit if record == CONSIGNMENT else _envelope(proposal)
    return "/".join(step for step in (proposal.sample.root.name, *around) if step) or "."


def _envelope(proposal: Proposal) -> Path:
    """The innermost element around the parcels and all rows of the envelope."""
    paths = [row.leaf.path[:-1] for row in proposal.rows if row.sure] + [proposal.places.unit[:-1]]
    shared = 0
    while shared < min(map(len, paths)) and len({path[shared] for path in paths}) == 1:
        shared += 1
    return paths[0][:shared]


class _Body:
    """The rows, with a block for each party that is an element of its own and one for the goods."""

    def __init__(self, proposal: Proposal, record: str) -> None:
        self.proposal, self.record = proposal, record
        self.unit = proposal.places.unit
        self.blocks: dict[Path, str] = {b.path: role for b, role in proposal.places.parties.items() if not b.prefix}
        if proposal.places.goods not in {None, self.unit}:
            self.blocks[proposal.places.goods or ()] = GOODS

    def lines(self) -> Iterator[Written]:
        outer = [row for row in self.proposal.rows if row.leaf.path[: len(self.unit)] != self.unit]
        inner = [row for row in self.proposal.rows if row.leaf.path[: len(self.unit)] == self.unit]
        if self.record == CONSIGNMENT:
            yield from self.level(outer, self.unit, "", 1)
            yield from self.level(inner, self.unit, "", 1)
            return
        root = _envelope(self.proposal)
        yield from self.level(outer, root, "", 1)
        yield Written(1, self.key(root, self.unit), "")
        yield Written(2, "is", "consignments")
        yield Written(2, "fields", "")
        yield from self.level(inner, self.unit, "", 3)

    def level(self, rows: Sequence[Row], here: Path, scope: str, depth: int) -> Iterator[Written]:
        """The rows of one block; those of an inner block stay together where its first one stands."""
        done: set[Path] = set()
        for row in rows:
            block = max((path for path in self.blocks if _inside(row, path) and path != here), key=len, default=None)
            if block is None or (len(block) <= len(here) and here == block):
                yield self.row(row, here, scope, depth)
            elif block not in done:
                done.add(block)
                yield from self.block([row for row in rows if _inside(row, block)], here, block, depth)

    def block(self, rows: Sequence[Row], here: Path, path: Path, depth: int) -> Iterator[Written]:
        role = self.blocks[path]
        lines = [self.row(row, path, role, depth + 2) for row in rows]
        sure = any(line.sure for line in lines)
        yield Written(depth, self.key(here, path), "", sure=sure)
        yield Written(depth + 1, "is", role, sure=sure)
        if role == GOODS and self.nested(path):
            yield Written(depth + 1, "only", "read", "two repeating elements: cannot be written", sure=sure)
        yield Written(depth + 1, "fields", "", sure=sure)
        yield from lines

    def nested(self, goods: Path) -> bool:
        document = self.proposal.document
        return any(document.at(goods[:end]).repeats for end in range(len(self.unit) + 1, len(goods)))

    def row(self, row: Row, here: Path, scope: str, depth: int) -> Written:
        key = self.key(here, row.leaf.path)
        if row.choice is None:
            said = f"{row.carries}, beside other rows" if row.carries else "nothing fits"
            return Written(depth, key, "", said if not row.others else f"{said}; {_others(row.others)}", sure=False)
        why = "; ".join(filter(None, (_why(row, row.choice), _others(row.others))))
        return Written(depth, key, _words(row, row.choice, scope), why, sure=row.sure)

    def key(self, here: Path, path: Path) -> str:
        if path[: len(here)] == here:
            return "/".join(path[len(here) :]) or "."
        if self.proposal.sample.syntax == "xml":
            return "/" + "/".join((self.proposal.sample.root.name, *path))
        return relative(here, path)


def _inside(row: Row, block: Path) -> bool:
    return row.leaf.path[: len(block)] == block


def _words(row: Row, choice: Choice, scope: str) -> str:
    """The right side: the path from the block, and what its kind needs."""
    path = choice.path.removeprefix(f"{scope}.") if scope and choice.scope == scope else choice.path
    words = {"is": path if choice.scope == scope or not scope else f"/{path}"}
    if choice.weight.shape in CHECKS:
        words["check"] = CHECKS[choice.weight.shape]
    if choice.target.kind == "moment":
        words["date"] = _date(row.leaf.values)
    if row.beside:
        words[row.beside.keyword] = row.beside.text
    if len(words) == 1:
        return _quoted(path)
    return "{" + ", ".join(f"{word}: {_quoted(said)}" for word, said in words.items()) + "}"


def _date(values: Sequence[str]) -> str:
    return next((kind for kind in ("iso", *KINDS) if all(parse(value, kind) for value in values)), "any")


def _why(row: Row, choice: Choice) -> str:
    weight = choice.weight
    said = [f"{weight.score:.2f}"]
    if weight.fit.term:
        said.append(f"'{weight.fit.term}' {weight.fit.language}")
    if weight.shape and weight.shape in _SHAPES:
        said.append(_SHAPES[weight.shape])
    elif choice.target.wants == "country" and "country3" in shapes.of(row.leaf.values):
        said.append("alpha-3: needs `codes`")
    if choice.evidence:
        said.append(choice.evidence)
    if row.beside and not row.beside.sure:
        said.append(f"{row.beside.keyword} supposed")
    if choice.target.kind == "amount" and row.beside is None:
        said.append("no currency found")
    return ", ".join(said)


def _others(others: Sequence[Choice]) -> str:
    return "or " + ", ".join(f"{other.path} {other.weight.score:.2f}" for other in others) if others else ""


def _aligned(lines: Sequence[Written]) -> Iterator[str]:
    """Right sides and comments in columns."""
    lefts = [line.left() for line in lines]
    wide = min(48, max((len(left) for left, line in zip(lefts, lines, strict=True) if line.said), default=0))
    rows = [f"{left:<{wide}} {line.said}" if line.said else left for left, line in zip(lefts, lines, strict=True)]
    column = min(96, max((len(row) for row, line in zip(rows, lines, strict=True) if line.why), default=0))
    return (f"{row:<{column}}  # {line.why}" if line.why else row for row, line in zip(rows, lines, strict=True))


def _quoted(text: str) -> str:
    """Plain where YAML takes it for the same text."""
    plain = set(text) <= _PLAIN and text[:1].isalnum() and ": " not in text and not text.endswith(":")
    plain = plain or (text.startswith("..") and set(text) <= _PLAIN)
    return (
        text
        if plain and not text.isdecimal() and text.lower() not in {"true", "false", "null", "yes", "no", "on", "off"}
        else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
