"""JSON as a tree: keys are names, an array is its entries one after another, numbers stay as they are written.

>>> [child.text for child in sample(b'{"w": 1.50, "tags": ["a", "b"], "none": null}').root.children]
['1.50', 'a', 'b', '']
"""

from typing import Any

import msgspec

from gateway.workbench.propose.raw import DEEPEST, Raw, Sample

_FLAGS = {True: "true", False: "false", None: ""}


def sample(data: bytes) -> Sample:
    """The tree of a JSON text, or of JSON lines. Raises: ValueError."""
    try:
        return Sample("json", _raw("", _read(data), 0))
    except msgspec.DecodeError as trouble:
        raise ValueError("not JSON") from trouble


def _read(data: bytes) -> Any:
    decoder = msgspec.json.Decoder(float_hook=str)  # 1.50 stays 1.50
    try:
        return decoder.decode(data)
    except msgspec.DecodeError:
        return [decoder.decode(line) for line in data.splitlines() if line.strip()]


def _raw(name: str, value: Any, depth: int, *, listed: bool = False) -> Raw:
    if depth > DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, dict):
        children = [child for key, inner in value.items() for child in _entries(key, inner, depth)]
        return Raw(name, children=tuple(children), listed=listed)
    if isinstance(value, list):  # of arrays, or the document itself
        return Raw(name, children=tuple(_entries("", value, depth)), listed=listed)
    text = _FLAGS[value] if value is None or isinstance(value, bool) else str(value)
    return Raw(name, text, listed=listed)


def _entries(name: str, value: Any, depth: int) -> list[Raw]:
    if isinstance(value, list):
        return [_raw(name, entry, depth + 1, listed=True) for entry in value]
    return [_raw(name, value, depth + 1)]
