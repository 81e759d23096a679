"""The wheel, built from this checkout and installed in an environment of its own."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Installed:
    """The `gateway` program of the installed wheel, run from a folder that is not the checkout."""

    def __init__(self, environment: Path, folder: Path):
        self.site = next((environment / "lib").glob("python*/site-packages"))
        self.folder = folder
        self._programs = environment / "bin"

    def run(self, *arguments: str | Path, program: str = "gateway") -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GATEWAY_", "PYTHON"))}
        return subprocess.run(
            [self._programs / program, *arguments],
            cwd=self.folder,
            env=kept,
            capture_output=True,
            text=True,
            check=False,
        )

    def json(self, *arguments: str | Path) -> dict:
        """The `data` of a command that must succeed."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)["data"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """The dependencies are those of this environment, reached by a path file; no index is asked."""
    environment = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(install, check=True)
    here = Installed(environment, tmp_path_factory.mktemp("elsewhere"))
    (here.site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return here
