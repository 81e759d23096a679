"""The page on the architecture shows the folders as they are, in the order in which they may import each other."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text()
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
BESIDE = {"gateway": {"locale", "observe"}, "gateway/steps": set()}


def shown(folder):
    """The folders that the table of a folder shows, line by line."""
    table = PAGE.partition(f"| folder of `{folder}/` |")[2].partition("\n\n")[0].splitlines()[2:]
    return [set(re.findall(r"`(\w+)`", line.split("|")[1])) for line in table]


def layers(folder):
    """The same from the contract on imports."""
    (found,) = [one["layers"] for one in CONTRACTS if one["type"] == "layers" and _is_of(one, folder)]
    return [{name.strip().rpartition(".")[2] for name in layer.split("|")} for layer in found]


def _is_of(contract, folder):
    return contract.get("containers", ["gateway"]) == [folder.replace("/", ".")]


@pytest.mark.parametrize("folder", BESIDE)
def test_the_table_is_the_contract(folder):
    assert shown(folder) == layers(folder)


@pytest.mark.parametrize("folder", BESIDE)
def test_every_folder_is_shown(folder):
    there = {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
    assert set().union(*shown(folder)) | BESIDE[folder] == there
