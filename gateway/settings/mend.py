"""A file at fault read on as it was probably meant, so that faults between files show together with those inside them.

A misspelt key or word counts as the nearest known one, a value that cannot be read as not said. Nothing of it is ever
used: the configuration is refused all the same. Where more is at fault than that (something is missing, or what others
rely on cannot be read) nothing is guessed, and nothing is said of what depends on it.
"""

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gateway.mapping.names import nearest
from gateway.settings.faults import keys_at, options_of
from gateway.settings.source import Place

ROUNDS = 4  # a mended key may hold faults of its own
RELIED_ON = frozenset(
    ("partner", "party", "role", "ids", "environment", "carries", "via", "connections", "sends", "receives", "from",
     "format", "file", "keep", "when", "with", "as", "route")
)  # fmt: skip
"""What cross-checks ask for: never taken as unsaid."""


def mended(data: Any, model: Any) -> Any:
    """The model of what was probably meant, None where that cannot be told."""
    data, adapter = copy.deepcopy(data), TypeAdapter(model)
    for _ in range(ROUNDS):
        try:
            return adapter.validate_python(data)
        except ValidationError as error:
            refusals = [one for one in error.errors(include_url=False) if one["type"] != "missing"]
            if not refusals or not all(_mend(data, model, one) for one in refusals):
                return None
    return None


def _mend(data: Any, model: Any, refusal: Mapping[str, Any]) -> bool:
    """Change the place of one refusal; False where nothing can be told."""
    place: Place = tuple(refusal["loc"])
    above = _at(data, place[:-1]) if place else None
    name = place[-1] if place else ""
    if not isinstance(above, dict) or name not in above:
        return False
    if refusal["type"] == "extra_forbidden":
        value = above.pop(name)
        meant = nearest(str(name), keys_at(model, place[:-1]))
        if meant and meant not in above:
            above[meant] = value
        return True
    if refusal["type"] == "literal_error" and (meant := nearest(str(above[name]), options_of(refusal))):
        above[name] = meant
        return True
    if RELIED_ON.intersection(map(str, place[-2:])):
        return False
    del above[name]
    return True


def _at(data: Any, place: Place) -> Any:
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
