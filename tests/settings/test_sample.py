"""The printed sample, schema and show are made from the models that validate, so they cannot drift from them."""

import re

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from gateway.settings.sample import sample
from gateway.settings.schema import MODELS, json_schema
from gateway.settings.show import as_data, as_yaml
from gateway.settings.source import read_text
from tests.settings.test_values import KEY

RECIPIENT = "age14ayq3yksmtj8nwgxjjyrql5jt0vcy3yhgqpnjxdm04aju8rsm95qm3ljw3"

KINDS = ["gateway", "partner", "routes"]


def parsed(text):
    source, faults = read_text("sample.yaml", text.replace("ssh-ed25519 AAAA…", KEY).replace("age1…", RECIPIENT))
    assert not faults
    return source.data


@pytest.mark.parametrize("kind", KINDS)
def test_sample_is_valid_as_printed(kind):
    TypeAdapter(MODELS[kind]).validate_python(parsed(sample(kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_sample_is_valid_with_everything_switched_on(kind):
    text = re.sub(r"^( *(?:- )?)# (?=[\w/.-]+:)", r"\1", sample(kind), flags=re.MULTILINE)
    data = parsed(text)
    if kind == "partner":  # of keys that exclude each other one must go
        del data["via"], data["connections"]["live"]["directory"]
    if kind == "routes":
        del data[0]["keep"]
    TypeAdapter(MODELS[kind]).validate_python(data)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_the_schema_is_explained(kind):
    schema = json_schema(kind)
    objects = [schema, *schema["$defs"].values()]
    unexplained = [
        name
        for each in objects
        for name, field in each.get("properties", {}).items()
        if "description" not in field and "$ref" not in str(field)
    ]
    assert unexplained == []


def test_show_can_be_read_again(folder):
    settings, _ = folder.load()
    data = YAML(typ="safe").load(as_yaml(as_data(settings)))
    assert data["partners"]["uk-customs"]["receives"]["customs/uk/h7"]["brake"] == "20 of 50"
    for partner in data["partners"].values():
        TypeAdapter(MODELS["partner"]).validate_python(partner)
