"""The frame of every command: help fast and without heavy imports, envelope, exit codes, form of errors."""

import resource
import subprocess
import sys

import pytest

from gateway.cli.main import COMMANDS, gateway

HEAVY = {"lxml", "msgspec", "paramiko", "pycountry", "pydantic", "rich", "ruamel", "sqlalchemy", "structlog"}


def test_help_is_fast():
    def seconds():
        """Of processor time: a busy machine must not fail the test."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "gateway", "--help"], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    assert min(seconds() for _ in range(5)) < 0.2


def test_help_imports_nothing_heavy():
    program = (
        "import sys; from gateway.cli.main import gateway as g; g(['-h'], standalone_mode=False); print(*sys.modules)"
    )
    modules = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert not HEAVY & {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_loaded_and_is_described(name):
    command = gateway.get_command(None, name)
    assert command.name == name
    assert command.help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_answers_in_json(name):
    command = gateway.get_command(None, name)
    for each in getattr(command, "commands", {"": command}).values():
        assert "--json" in {option for parameter in each.params for option in parameter.opts}


def test_unknown_command_is_a_usage_error_with_a_suggestion(gateway):
    said = gateway("statsu")
    assert (said.code, said.out) == (2, "")
    assert "Did you mean 'status'?" in said.err
    assert "= fix:" in said.err


def test_usage_error_is_an_envelope_too(gateway):
    said = gateway("version", "--json", "--nonsense")
    assert said.code == 2
    assert (said.json["ok"], said.json["error"]["exit_code"], said.json["schema_version"]) == (False, 2, 1)


def test_envelope_of_success(gateway):
    said = gateway("version", "--json")
    assert said.code == 0
    assert set(said.json) == {"schema_version", "ok", "data", "findings", "error"}
    assert (said.json["ok"], said.json["error"], said.json["findings"]) == (True, None, [])
    assert said.json["data"]["gateway"] == gateway("version").out.split()[1]


def test_reader_that_goes_away_is_no_error():
    program = f"{sys.executable} -m gateway rule | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["/bin/bash", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("CFG101")
