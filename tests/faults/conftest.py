from pathlib import Path

import pytest

from tests.steps.conftest import compiled_once
from tests.steps.site import Site

__all__ = ["compiled_once"]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def stored(tmp_path: Path, store: str) -> Site:
    """A site on each of both stores, where the store has a say in the fault."""
    return Site(tmp_path, journal=store)
