"""The mapping language as JSON Schema, for editors: completion, hover texts, a red line while one types.

Made from the language's own definition and from the checks, converters and units that there are. It says less than
lint, which knows the model, the grammar and the other tables; whatever lint takes, it takes.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gateway.checks.converters import CONVERTERS
from gateway.checks.named import CHECKS
from gateway.mapping.language import DAYS, HEAD, KEYWORDS, SIDES, Form, HeadWord, Keyword
from gateway.mapping.units import UNITS
from gateway.model.dictionary import ROOTS
from gateway.model.moment import KINDS

FILE = "mapping.schema.json"
Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "number", "boolean"]}  # every scalar of a table is text, however YAML reads it
_TEXTS: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_ROWS: Schema = {"$ref": "#/$defs/rows"}
_PATH = {"pattern": r"^\s*[@./]", "description": "a path in the message"}
_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}

_FORMS: dict[Form, Schema] = {
    "text": _TEXT,
    "texts": _TEXTS,
    "widths": _TEXTS,
    "flag": {"type": "boolean"},
    "side": {"enum": list(SIDES)},
    "rows": _ROWS,
    "days": {"type": "object", "properties": dict.fromkeys(DAYS, _DAY), "additionalProperties": False},
    "prefixes": {"type": "object", "additionalProperties": _TEXTS},
}


def json_schema() -> Schema:
    """The schema of one table."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A mapping table of the gateway",
        "type": "object",
        "properties": {word.name: _word(word) for word in HEAD.values()},
        "required": ["format"],
        "additionalProperties": False,
        "$defs": {"rows": _rows(), "row": _row()},
    }


def _rows() -> Schema:
    return {
        "type": "object",
        "description": "Rows: the message's own path, and what it is in the model.",
        "additionalProperties": {"$ref": "#/$defs/row"},
    }


def _row() -> Schema:
    """A model path, nothing (a profile removes the path), or keywords."""
    keywords = {
        "type": "object",
        "properties": {word.name: _word(word) for word in KEYWORDS.values()},
        "additionalProperties": False,
    }
    path = {**_TEXT, "description": KEYWORDS["is"].meaning}
    removed = {"type": "null", "description": "The profile removes this path and all below it."}
    return {"anyOf": [path, removed, keywords]}


def _word(word: Keyword | HeadWord) -> Schema:
    special = _KNOWN.get(word.name) if isinstance(word, Keyword) else _HEAD.get(word.name)
    description = f"{word.meaning}\n\nTakes {word.takes}: `{word.example}`"
    return {"description": description, **(special() if special else _FORMS[word.form])}


def _named(names: Mapping[str, str]) -> list[Schema]:
    return [{"const": name, "description": said} if said else {"const": name} for name, said in names.items()]


def _checks() -> Schema:
    return {"anyOf": _named({name: _said(check) for name, check in CHECKS.items()})}


def _converters() -> Schema:
    return {"anyOf": _named({name: _said(converter.format) for name, converter in CONVERTERS.items()})}


def _or_path(names: Iterable[str]) -> Callable[[], Schema]:
    """One of some names, or a path to it (perhaps with a name for where it is missing)."""
    return lambda: {"type": "string", "anyOf": [*_named(dict.fromkeys(names, "")), _PATH]}


def _said(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or "").partition("\n\n")[0]


_KNOWN: dict[str, Callable[[], Schema]] = {
    "check": _checks,
    "as": _converters,
    "unit": _or_path(UNITS),
    "date": _or_path(sorted(KINDS)),
    "currency": lambda: {"type": "string", "anyOf": [{"pattern": "^[A-Z]{3}$", "description": "ISO 4217"}, _PATH]},
}
_HEAD: dict[str, Callable[[], Schema]] = {
    "record": lambda: {"enum": [record.__name__ for record in ROOTS]},
    "replaces": lambda: {"type": "string", "pattern": "^[0-9a-f]{16}$"},
}
