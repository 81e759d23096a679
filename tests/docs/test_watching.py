"""The page about watching says what is so: figures, codes, rules."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from gateway.observe.metrics import BY_NAME
from gateway.settings.gateway import GatewayFile
from gateway.steps.watching.overview import STAGES
from gateway.steps.watching.watch import WATCHES
from tests.docs import figures

PAGE = figures.PAGE.read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_table_of_figures_is_the_one_of_the_source():
    assert figures.table() in PAGE, "python -m tests.docs.figures"


def test_every_code_that_is_watched_is_in_the_table_of_alarms():
    codes = {code for several in WATCHES.values() for code in several}
    assert sorted(code for code in codes if code not in PAGE) == []


@pytest.mark.parametrize("block", [block for block in BLOCKS if not block.startswith("groups")])
def test_settings_of_the_page_can_be_loaded(block):
    base = {"gateway": {"id": "GW1", "timezone": "UTC", "state": "s"}}
    base |= {"retention": {"raw": "1d", "record": "1d", "filed": "1d"}}
    assert GatewayFile.model_validate(base | YAML(typ="safe", pure=True).load(block))


def test_rules_ask_for_figures_that_exist_with_labels_that_they_have():
    (block,) = (block for block in BLOCKS if block.startswith("groups"))
    rules = YAML(typ="safe", pure=True).load(block)["groups"][0]["rules"]
    assert len(rules) >= 8
    for rule in rules:
        asked = re.findall(r"gateway_\w+", rule["expr"])
        assert asked, rule
        labels = {label for name in asked for label in BY_NAME[name].labels}
        used = re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])
        used += re.findall(r"by \((\w+)\)", rule["expr"]) + re.findall(r"(\w+)!?=~?\"", rule["expr"])
        assert set(used) <= labels, rule


def test_steps_that_a_rule_names_exist():
    named = re.search(r'step=~"([^"]+)"', PAGE)[1].split("|")
    assert set(named) <= {stage.step for stage in STAGES}


def test_no_path_of_a_machine_stands_in_it():
    assert str(Path(__file__).parents[2]) not in PAGE
