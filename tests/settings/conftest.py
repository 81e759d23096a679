"""A configuration on disk that tests can change."""

import shutil
from pathlib import Path

import pytest

from gateway.settings import load
from gateway.settings.shipped import shipped_configuration


class Folder:
    """A copy of the sample configuration."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text)

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def load(self):
        return load(self.path)

    def faults(self):
        """Codes with the place: `CFG105 partners/example-post.yaml:12:9`."""
        _, found = self.load()
        return [f"{fault.code} {fault.source.path.partition('/')[2]}" for fault in found]


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(shipped_configuration(), tmp_path / "config", ignore=shutil.ignore_patterns("demo"))
    return Folder(tmp_path / "config")
