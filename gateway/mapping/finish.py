"""What is done with a grown tree: constants of predicates, what the grammar leaves out, what repeats or must stand."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from gateway.findings.finding import Finding, Row
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.paths import MessagePath, PathStep
from gateway.mapping.plan import Slot, Step, Value
from gateway.mapping.tree import Branch, Names, tag


def imply(document: Branch, names: Names, constant: Callable[[Branch, str], Slot]) -> None:
    """A predicate's value is written as a constant, unless its element has a row of its own."""
    for branch in document.walk():
        for test in branch.tests:
            if not test.values or len(test.path) > 1:
                continue
            name = test.path[0] if test.path else ""
            if not name:
                branch.texts = branch.texts or [constant(branch, test.values[0])]
            elif name.startswith("@"):
                if name[1:] not in branch.attributes:
                    branch.attributes[name[1:]] = [constant(branch, test.values[0])]
            elif not any(child.tag == name and (child.texts or child.children) for child in branch.children):
                child = branch.at(MessagePath((PathStep(_prefixed(name, names)),)))
                child.asked = not child.row
                child.texts.append(constant(branch, test.values[0]))


def prune(
    document: Branch, values: Sequence[Value], places: Mapping[Row, Place], *, profile: bool
) -> Iterator[Finding]:
    """What the grammar does not know: left out of a profile and of a shared block, else a fault."""
    known = {branch.row for branch in document.walk() if not branch.strange}
    for branch in document.walk():
        for child in [child for child in branch.children if child.strange]:
            branch.children.remove(child)
            row = child.row or _row(branch, values)
            pruned = profile or (child.row in known and not child.asked)
            yield _strange(row, child.path, child.local, branch, places, pruned=pruned)
        for name in _strange_attributes(branch):
            row = values[branch.attributes.pop(name)[0].value].row
            yield _strange(row, f"{branch.path}/@{name}", f"@{name}", branch, places, pruned=profile)
        for name in _strange_predicates(branch):
            yield _strange(_row(branch, values), f"{branch.path}/{name}", name, branch, places, pruned=profile)


def _row(branch: Branch, values: Sequence[Value]) -> Row | None:
    """The first row that leads to an element; those on the way to another have none of their own."""
    if branch.row:
        return branch.row
    slots = (slot for inner in branch.walk() for some in (inner.texts, *inner.attributes.values()) for slot in some)
    return next((values[slot.value].row for slot in slots if not values[slot.value].implied), None)


def _strange(
    row: Row | None, path: str, name: str, above: Branch, places: Mapping[Row, Place], *, pruned: bool
) -> Finding:
    """One element or attribute too many, with the one that was probably meant."""
    place = places[row] if row else Place()
    if pruned:
        return fault("MAP123", place, path=path)
    return unknown("MAP116", place, name, above.node.children if above.node else (), path=path)


def _strange_attributes(branch: Branch) -> list[str]:
    """Attributes that rows carry and the grammar has not. A namespace's own (`xml:lang`) are no concern of it."""
    if branch.node is None:
        return []
    return [name for name in branch.attributes if f"@{name}" not in branch.node.children and not name.startswith("{")]


def _strange_predicates(branch: Branch) -> list[str]:
    """What predicates of presence look for and the grammar has not; a value's own element is among the children."""
    firsts = [test.path[0].rpartition("}")[2] for test in branch.tests if test.path and not test.values]
    return [name for name in firsts if branch.node is not None and name not in branch.node.children]


def occur(document: Branch, values: list[Value]) -> None:
    """What may stand several times, what must stand once: the grammar says, else the row."""
    for branch in document.walk():
        own = [values[slot.value] for slot in branch.texts if slot.role == "text"]
        if branch.node:
            branch.repeats = branch.node.most != 1
            branch.required = branch.required or branch.node.least > 0
        else:
            branch.repeats = branch.repeats or any(value.listed or value.column for value in own)
        branch.required = branch.required or any(value.required and value.pieces == (1,) for value in own)


def steps_to(document: Branch, wanted: Callable[[Branch], bool]) -> tuple[Step, ...]:
    """The way from the document to the first element of a kind; empty where there is none."""
    return tuple(_step(branch) for branch in _way(document, wanted))


def _way(branch: Branch, wanted: Callable[[Branch], bool]) -> list[Branch]:
    if wanted(branch):
        return [branch]
    for child in branch.children:
        if found := _way(child, wanted):
            return [branch, *found]
    return []


def _step(branch: Branch) -> Step:
    namespace = branch.tag[1:].partition("}")[0] if branch.tag.startswith("{") else ""
    constants = tuple(
        ("/".join(part.rpartition("}")[2] for part in test.path), value)
        for test in branch.tests
        for value in test.values
    )
    return Step(branch.local, namespace, constants)


def _prefixed(name: str, names: Names) -> str:
    """How the table would write a tag."""
    local = name.rpartition("}")[2]
    spelt = (f"{prefix}:{local}" if prefix else local for prefix in dict.fromkeys((*names, "")))
    return next(each for each in spelt if tag(each, names) == name)
