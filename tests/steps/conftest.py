from pathlib import Path

import pytest

from gateway.steps.ground import gate
from gateway.steps.working import translation
from tests.steps.site import Site


@pytest.fixture
def site(tmp_path: Path, store: str) -> Site:
    return Site(tmp_path, journal=store)


FIRST: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = {}


@pytest.fixture(autouse=True, scope="module")
def compiled_once():
    """Every site archives the same tables under the same hash: compile them once, not once a test."""
    compile_ = translation.registry_for

    def registry_for(roots, *, whole=False):
        same = tuple(Path(root).parts[-3:] for root in roots)  # hash, `mappings`, number
        return compile_(FIRST.setdefault(same, roots), whole=whole)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "registry_for", registry_for)
        patch.setattr(translation, "registry_for", registry_for)
        yield
