"""Which route takes a record: the first whose role, sender, format and values fit. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gateway.settings.route import Route

Values = Callable[[str], Iterable[str]]


def match(routes: Sequence[Route], role: str, format_name: str, values: Values, partner: str = "") -> Route | None:
    """`values` gives what stands at a model path: none, one or several."""
    return next((route for route in routes if _fits(route, role, format_name, values, partner)), None)


def values_at(record: Any) -> Values:
    """The getter for a record: steps through parts and lists, gives the texts it meets."""
    return lambda path: tuple(_walk(record, path.split(".")))


def _fits(route: Route, role: str, format_name: str, values: Values, partner: str) -> bool:
    origin = route.origin
    return (
        (origin.role, origin.format) == (role, format_name)
        and (not origin.partner or partner in origin.partner)
        and all(any(value in wanted for value in values(path)) for path, wanted in origin.when.items())
    )


def _walk(value: Any, steps: list[str]) -> Iterable[str]:
    if value is None:
        return
    if isinstance(value, (tuple, list)):
        for entry in value:
            yield from _walk(entry, steps)
    elif steps:
        yield from _walk(getattr(value, steps[0], None), steps[1:])
    else:
        yield str(value)
