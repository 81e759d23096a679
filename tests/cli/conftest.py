"""The command line from outside: a process, its exit code and what it says where."""

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Said:
    """What one run left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def codes(self):
        return [finding["code"] for finding in self.json["findings"]]


@pytest.fixture(scope="session")
def program():
    """Runs `gateway` from a folder."""

    def run(cwd, *arguments, stdin=None):
        done = subprocess.run(
            [sys.executable, "-m", "gateway", *map(str, arguments)],
            cwd=cwd,
            input=stdin,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def gateway(program, tmp_path):
    return lambda *arguments, cwd=tmp_path, stdin=None: program(cwd, *arguments, stdin=stdin)


@pytest.fixture
def configuration(gateway, tmp_path):
    """The sample configuration with a state folder of its own: the machine's is never touched."""
    folder = tmp_path / "config"
    gateway("init", folder)
    settings = folder / "gateway.yaml"
    settings.write_text(settings.read_text().replace("state: /var/lib/gateway", f"state: {tmp_path}/state"))
    return folder
