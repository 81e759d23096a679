"""The JSON Schema for editors: not stale, takes every shipped table, underlines what an editor can know is wrong."""

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from gateway.mapping.editor import FILE, json_schema
from gateway.mapping.language import HEAD, KEYWORDS
from gateway.mapping.registry import Registry, shipped

COMMITTED = Path(__file__).parents[2] / "config" / FILE
SCHEMA = json_schema()
TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "number": (int, float),
}  # fmt: skip


def fits(value, schema):
    """Whether a value is valid: as much of JSON Schema 2020-12 as this schema uses, strictly."""
    unknown = schema.keys() - {
        "$schema", "$defs", "$ref", "title", "description", "type", "properties", "additionalProperties", "required",
        "enum", "const", "anyOf", "pattern", "items",
    }  # fmt: skip
    assert not unknown
    if "$ref" in schema:
        return fits(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return (
        (not kinds or any(of_type(value, kind) for kind in kinds))
        and value in schema.get("enum", [value])
        and value == schema.get("const", value)
        and ("anyOf" not in schema or any(fits(value, one) for one in schema["anyOf"]))
        and ("pattern" not in schema or (isinstance(value, str) and bool(re.search(schema["pattern"], value))))
        and all(fits(one, schema.get("items", {})) for one in (value if isinstance(value, list) else ()))
        and (not isinstance(value, dict) or of_object(value, schema))
    )


def of_type(value, kind):
    return isinstance(value, TYPES[kind]) and not (kind == "number" and isinstance(value, bool))


def of_object(value, schema):
    known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    return all(name in value for name in schema.get("required", [])) and all(
        fits(one, known[name]) if name in known else more is not False and (more is True or fits(one, more))
        for name, one in value.items()
    )


def as_an_editor_reads(text):
    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.yaml_constructors.pop("tag:yaml.org,2002:timestamp", None)
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
    return yaml.load(text)


def test_committed_schema_is_not_stale():
    assert json.loads(COMMITTED.read_text()) == SCHEMA, "`gateway mapping schema > config/mapping.schema.json`"


@pytest.mark.parametrize("head", Registry().heads(), ids=lambda head: head.file)
def test_shipped_table_is_valid(head):
    assert fits(as_an_editor_reads((shipped() / head.file).read_text()), SCHEMA)


def test_every_word_is_described():
    for word in HEAD.values():
        assert word.meaning in SCHEMA["properties"][word.name]["description"]
    for word in KEYWORDS.values():
        assert word.meaning in SCHEMA["$defs"]["row"]["anyOf"][2]["properties"][word.name]["description"]


@pytest.mark.parametrize("keyword", KEYWORDS.values(), ids=lambda keyword: keyword.name)
def test_example_of_a_keyword_is_valid(keyword):
    assert fits(as_an_editor_reads(f"format: a\nfields:\n  {keyword.example}\n"), SCHEMA)


@pytest.mark.parametrize("word", HEAD.values(), ids=lambda word: word.name)
def test_example_of_a_head_word_is_valid(word):
    assert fits(as_an_editor_reads(f"format: a\n{word.example}\n" if word.name != "format" else word.example), SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        "titel: x",
        "valid: {form: 2026-01-01}",
        "valid: {from: tomorrow}",
        "record: Consignmnt",
        "only: reed",
        "fields: {a: {is: b, chek: s10}}",
        "fields: {a: {is: b, check: s11}}",
        "fields: {a: {is: b, as: one-lin}}",
        "fields: {a: {is: b, unit: KG}}",
        "fields: {a: {is: b, required: perhaps}}",
        "fields: {a: {is: b, fields: {c: {is: d, only: reed}}}}",
        "fields: {a: [b]}",
    ],
)
def test_what_an_editor_can_know_is_underlined(text):
    assert not fits(as_an_editor_reads(f"format: a\n{text}\n"), SCHEMA)
