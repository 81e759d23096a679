"""A commented sample of each kind of file, made from the models: every key, its meaning, an example; optional ones off.

Taking away the `# ` before a key (and its value) switches it on.
"""

import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from gateway.settings.base import Section
from gateway.settings.schema import FILES, MODELS, Kind

# Names for entries of maps whose keys the operator chooses, and which of two exclusive keys the sample shows.
_ENTRIES = {"connections": "live", "sends": "upu/itmatt-1.5", "receives": "upu/cusrsp-1"}
_CHOSEN = {
    "connections",
    "sends",
    "receives",
    "sftp",
    "key",
    "host_keys",
    "file",
    "answer",
    "from",
    "to",
    "name",
    "timezone",
}
_COLUMN = 60


def sample(kind: Kind) -> str:
    model = MODELS[kind]
    lines = [f"# {FILES[kind]}"]
    if isinstance(model, type):
        lines += _section(model, "")
    else:
        (entry, *_) = typing.get_args(model)
        body = list(_section(entry, "  "))
        lines += [f"- {body[0].strip()}", *body[1:]]
    return "\n".join(lines) + "\n"


def _section(model: type[Section], indent: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        key = field.alias or name
        off = "" if field.is_required() or key in _CHOSEN else "# "
        inner, entry = _inner(field.annotation)
        if inner is None:
            yield _line(f"{indent}{off}{key}: {(field.examples or [''])[0]}", field)
            continue
        yield _line(f"{indent}{off}{key}:", field)
        deeper = f"{indent}  "
        if entry:
            yield f"{deeper}{off}{_ENTRIES[key]}:"
            deeper += "  "
        yield from (_switched(line, off) for line in _section(inner, deeper))


def _switched(line: str, off: str) -> str:
    """Inside a section that is off, everything is off."""
    bare = line.lstrip(" ")
    return line if not off or bare.startswith("# ") else f"{line[: len(line) - len(bare)]}{off}{bare}"


def _line(text: str, field: FieldInfo) -> str:
    return f"{text:{_COLUMN}}  # {field.description}" if field.description else text


def _inner(annotation: Any) -> tuple[type[Section] | None, bool]:
    """The section a field holds, and whether it is an entry of a map."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        annotation = next(part for part in typing.get_args(annotation) if part is not types.NoneType)
    if typing.get_origin(annotation) is dict:
        value = typing.get_args(annotation)[1]
        return (value, True) if _is_section(value) else (None, False)
    return (annotation, False) if _is_section(annotation) else (None, False)


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)
