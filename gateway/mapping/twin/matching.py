"""Elements against predicates, and their places in words."""

from typing import Any

from gateway.mapping.plan import Element, Test
from gateway.mapping.twin.frames import Steps


def passes(tests: tuple[Test, ...], body: Any) -> bool:
    """Whether an element is the one that predicates ask for."""
    return all(_passed(test, body) for test in tests)


def child_of(body: Any, element: Element) -> Any:
    """The first child that is that element, None where there is none."""
    if body is None:
        return None
    return next((child for child in body if child.tag == element.tag and passes(element.tests, child)), None)


def shown(steps: Steps) -> str:
    """`item/content-piece[2]/value`."""
    return "/".join(f"{name}[{number}]" if number > 1 else name for name, number in steps)


def _passed(test: Test, body: Any) -> bool:
    text = _asked(test.path, body)
    if test.values:
        return text is not None and text.strip() in test.values
    return (text is not None) == test.present


def _asked(path: tuple[str, ...], body: Any) -> str | None:
    for step in path:
        if step.startswith("@"):
            found: str | None = body.get(step[1:])
            return found
        body = next((child for child in body if child.tag == step), None)
        if body is None:
            return None
    return body.text or ""
