"""What a model refuses, said as findings of ours: place, plain words, did-you-mean. Never the validator's own text."""

import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from gateway.findings import Finding
from gateway.mapping import names as names_alike
from gateway.settings.base import Section
from gateway.settings.secret import hidden
from gateway.settings.source import Place, Source

# Kinds of refusal by the validator's stable type name.
MANY, FEW = 12, 3  # names that are all shown; of more, so many
_CODES = {
    "extra_forbidden": "CFG105",
    "missing": "CFG106",
    "literal_error": "CFG107",
    "form": "CFG108",
    "weekday": "CFG112",
    "target": "CFG113",
    "purpose": "CFG114",
    "password_open": "CFG140",
    "password_alone": "CFG141",
    "needs_server": "CFG142",
    "not_equipped": "CFG143",
    "parameter": "CFG144",
    "sealed_for_ever": "CFG150",
    "half_login": "CFG155",
    "clear_password": "CFG156",
    "open_door": "CFG157",
}
_EXPECTED = {
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "dict_type": "keys with values",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "text",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "bool_parsing": "`true` or `false`",
    "bool_type": "`true` or `false`",
    "greater_than_equal": "a number from %(ge)s",
    "less_than_equal": "a number up to %(le)s",
    "string_pattern_mismatch": "text of the form %(pattern)s",
    "string_too_long": "text of at most %(max_length)s characters",
    "too_short": "a list of at least %(min_length)s",
}


def nearest(word: str, known: Iterable[str], more: str = "") -> str:
    """The known name that was probably meant, else all of them; of many a few, and where the others are."""
    names = sorted(known)
    if close := names_alike.nearest(word, names):
        return f"`{close}`"
    if not names:
        return "a name that is defined"
    some = names if len(names) <= MANY else names_alike.likely(word, names, FEW)
    left = "" if len(some) == len(names) else f" or another of {len(names)}" + (f" ({more})" if more else "")
    return "one of " + ", ".join(f"`{name}`" for name in some) + left


def from_validation(error: ValidationError, source: Source, model: Any) -> Iterator[Finding]:
    """One finding for each refusal."""
    for refusal in error.errors(include_url=False):
        place: Place = tuple(refusal["loc"])
        yield _finding(refusal, place, source, model)


def _finding(refusal: Mapping[str, Any], place: Place, source: Source, model: Any) -> Finding:
    kind, context = refusal["type"], refusal.get("ctx", {})
    code = _CODES.get(kind, "CFG108")
    if place and place[-1] == "[key]":
        return source.key_finding(code, place[:-2], value=str(place[-2]), expected=_expected(kind, context))
    name = str(place[-1]) if place else ""
    if code == "CFG105":
        return source.key_finding(code, place, name=name, nearest=nearest(name, keys_at(model, place[:-1])))
    if code == "CFG106":
        return source.finding(code, place, name=context.get("missing", name))
    shown = _shown(refusal["input"])
    if code == "CFG107":
        return source.finding(code, place, value=shown, nearest=nearest(shown, options_of(refusal)))
    if code == "CFG108":
        return source.finding(code, place, value=shown, expected=_expected(kind, context))
    said = {key: value for key, value in context.items() if isinstance(value, str)}
    return source.finding(code, place, **({"value": shown} | said))


def options_of(refusal: Mapping[str, Any]) -> list[str]:
    """The words that could stand in the place of one that is none of them."""
    expected: str = refusal["ctx"]["expected"]
    return [option.strip("'") for option in expected.replace(" or ", ", ").split(", ")]


def _expected(kind: str, context: Mapping[str, Any]) -> str:
    return str(context["expected"]) if kind == "form" else _EXPECTED.get(kind, "a value that fits here") % context


def _shown(value: Any) -> str:
    """What stands there, but for a secret that should not."""
    return hidden(value) if isinstance(value, str) else shape(value)


def shape(value: Any) -> str:
    """What stands in the place of a text."""
    return {dict: "keys with values", list: "a list", type(None): "nothing"}.get(type(value), "this")


def keys_at(model: Any, place: Place) -> list[str]:
    """The keys that a section may have, found by walking the annotations along the place."""
    for step in place:
        model = _inside(model, step)
    model = _bare(model)
    if not (isinstance(model, type) and issubclass(model, Section)):
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _inside(model: Any, step: str | int) -> Any:
    model = _bare(model)
    if typing.get_origin(model) in (dict, tuple):
        return typing.get_args(model)[1 if typing.get_origin(model) is dict else 0]
    by_key = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    return by_key.get(str(step))


def _bare(model: Any) -> Any:
    """Without `Annotated` and `| None`."""
    while typing.get_origin(model) in (typing.Annotated, typing.Union, types.UnionType):
        model = next(part for part in typing.get_args(model) if part is not type(None))
    return model
