"""What the documentation says exists: commands, options, files, codes, configuration."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gateway.cli.main import COMMANDS, gateway
from gateway.findings.catalogue import all_entries
from gateway.mapping.registry import Registry
from tests.settings.conftest import folder
from tests.settings.test_values import KEY

__all__ = ["folder"]

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def said(page):
    """Every `gateway …` in code, spans or blocks, as words."""
    prose, *fenced = re.split(r"^```.*\n", page.read_text(), flags=re.MULTILINE)
    blocks, prose = fenced[::2], prose + "".join(fenced[1::2])
    code = [line for block in blocks for line in block.splitlines()] + re.findall(
        r"`([^`]+)`", prose.replace("\n", " ")
    )
    found = (re.match(r"(?:\$ )?gateway ([a-z].*)", line.strip()) for line in code)
    return [re.split(r"\s{3,}|, `", match[1])[0].split() for match in found if match]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_exists_with_its_options(page):
    for words in said(page):
        assert words[0] in COMMANDS, words
        command = gateway.get_command(None, words[0])
        if isinstance(command, click.Group) and len(words) > 1:
            assert words[1] in command.commands, words
            command = command.commands[words[1]]
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= known, words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_code_exists(page):
    known = {entry.code for entry in all_entries()}
    assert set(re.findall(r"\b[A-Z]{3}[1-9]\d\d\b", page.read_text())) - {"SHA256"} <= known


def test_partner_of_the_readme_is_a_whole_configuration(folder):
    (partner,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert len(partner.splitlines()) <= 15
    folder.write("partners/example-post.yaml", partner.replace("ssh-ed25519 AAAA…", KEY))
    _, faults = folder.load()
    assert faults == ()


def test_table_of_the_quick_start_reads_a_message(tmp_path):
    (table,) = re.findall(r"```yaml\n(format: .*?)```", (ROOT / "docs/quickstart.md").read_text(), re.DOTALL)
    name = re.match(r"format: (\S+)", table)[1]
    (tmp_path / f"{name}.yaml").parent.mkdir()
    (tmp_path / f"{name}.yaml").write_text(table)
    assert [fault for fault in Registry((tmp_path,)).faults(name) if fault.severity != "info"] == []
    message = tmp_path / "parcels.xml"
    message.write_text(
        '<parcels><header><from>ACM</from><number>7</number></header><parcel barcode="CP200200016CN">'
        '<weight>1.2</weight><article><what>Porcelain cup</what><price currency="EUR">24.00</price></article>'
        "</parcel></parcels>"
    )
    done = CliRunner().invoke(gateway, ["read", str(message), "--tables", str(tmp_path)], standalone_mode=False)
    assert '"value":{"amount":"24.00","currency":"EUR"}' in done.stdout


def test_glossary_is_in_order():
    words = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)[1:]
    assert words == sorted(words, key=str.casefold)
