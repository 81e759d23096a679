from pathlib import Path

import pytest

from tests.steps.site import Site


@pytest.fixture
def site(tmp_path: Path, store: str) -> Site:
    return Site(tmp_path, journal=store)
