"""What a fresh machine meets first: `make`, and the locks it installs from."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(folder, *arguments):
    return subprocess.run(["make", "-C", folder, *arguments], capture_output=True, text=True, check=False)


def pins(lock):
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), flags=re.MULTILINE))


def test_make_alone_lists_what_can_be_made():
    listed = make(ROOT, "--no-print-directory").stdout
    assert {"demo", "test", "lint", "bench"} <= set(re.findall(r"^make (\w+) ", listed, flags=re.MULTILINE))


def test_without_a_python_it_says_what_to_do(tmp_path):
    for name in ("Makefile", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    done = make(tmp_path, "PYTHON=no-such-python", "test")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "make PYTHON=" in done.stderr


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_a_hash_and_no_host_is_named(lock):
    text = lock.read_text()
    assert "://" not in text
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) > 20
    assert [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_locks_hold_what_the_project_needs_and_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, development = (pins(lock) for lock in LOCKS)
    needed = [re.split(r"[<>=!\[;]", line)[0].lower().replace(".", "-") for line in project["project"]["dependencies"]]
    assert set(needed) <= runtime.keys()
    assert runtime.items() <= development.items()
    assert {"hatchling", "editables", "pytest", "ruff", "mypy"} <= development.keys()
