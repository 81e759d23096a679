"""Which tables fit the head of a file: by its elements, their namespaces and the constants of their predicates.

A namespace alone never decides: the way to the units must be there, as far as the head shows it. Where the units have a
container of their own it may be empty: a message without items is still one of its format.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from adapters.syntax.xml.parse import begun
from gateway.mapping.plan import Plan, Step

_PREDICATE = re.compile(r"\[[^\]]*\]")


class _Seen(NamedTuple):
    """What the head of a file shows; `whole`: nothing is cut off."""

    root: etree._Element
    whole: bool


def may_be(head: bytes, root: str) -> bool:
    """Whether the names of the way to a record stand in the head.

    >>> may_be(b"<x><message>", "interchange/message"), may_be(b"<x><message>", "md:MetaData[a='/']/Declaration")
    (True, False)
    """
    plain = _PREDICATE.sub("", root)
    names = [step.strip().rpartition(":")[2] for step in plain.split("/")]
    if len(names) > 1 and "[" not in root.partition("/")[0]:
        del names[0]  # any name is read there
    return b"<" in head and all(name.encode() in head for name in names)


def recognise(head: bytes, plans: tuple[Plan, ...]) -> tuple[Plan, ...]:
    """The plans that fit, best first."""
    root, whole = begun(head)
    if root is None:
        return ()
    seen = _Seen(root, whole)
    ranked = [(rank, plan) for plan in plans if (rank := _rank(seen, plan)) is not None]
    return tuple(plan for _, plan in sorted(ranked, key=lambda pair: pair[0], reverse=True))


def _rank(seen: _Seen, plan: Plan) -> tuple[int, int, int] | None:
    """How well a plan fits: constants found, steps found, namespaces as accepted; None where it does not."""
    elements, named, constants, depth = [seen.root], 0, 0, 0
    steps = plan.root + plan.unit
    needed = len(steps) - (len(plan.unit) > 1) if seen.whole else len(plan.root)
    for depth, step in enumerate(steps, 1):
        fitting = [e for e in elements if (depth == 1 and plan.any_root) or _is(e, step, plan)]
        judged = [(element, found) for element in fitting if (found := _constants(seen, element, step)) is not None]
        if not judged:
            return None if depth <= needed else (constants, depth - 1, named)
        constants += max(found for _, found in judged)
        named += any(_name(element)[0] for element, _ in judged)
        elements = [child for element, _ in judged for child in element]
    return constants, depth, named


def _is(element: etree._Element, step: Step, plan: Plan) -> bool:
    """Whether an element is the step's: same local name, a namespace that the plan accepts for it, or none."""
    namespace, local = _name(element)
    accepted = {uri for uris in plan.namespaces.values() if uris and uris[0] == step.namespace for uri in uris}
    return local == step.local and namespace in accepted | {"", step.namespace}


def _name(element: etree._Element) -> tuple[str, str]:
    """Namespace and local name. Where a head shows no declaration of a prefix, the prefix stays part of the name."""
    namespace, _, local = str(element.tag).removeprefix("{").rpartition("}")
    return namespace, local


def _constants(seen: _Seen, element: etree._Element, step: Step) -> int | None:
    """How many predicates the head confirms; None where it contradicts one. Several values of one path are a choice."""
    confirmed = 0
    for path in dict(step.constants):
        texts = list(_texts(element, path))
        if any((path, text) in step.constants for text in texts):
            confirmed += 1
        elif texts or seen.whole:
            return None
    return confirmed


def _texts(element: etree._Element, path: str) -> Iterator[str]:
    way, attribute = (path, "") if "@" not in path else (path.rpartition("@")[0], path.rpartition("@")[2])
    names = [f"{{*}}{name.rpartition(':')[2]}" for name in way.strip("/").split("/") if name]
    for found in element.iterfind("/".join(names)) if names else [element]:
        yield (found.get(attribute, "") if attribute else found.text or "").strip()
