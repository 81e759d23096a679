"""Both stores of the journal, for every test that works with a site: a file, and a database on a server."""

import pytest

from tests import postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request):
    """Where a site keeps its journal: empty for a file in its state folder, else the URL of a database of its own."""
    if request.param == "sqlite":
        yield ""
        return
    with postgresql.journal() as url:
        yield url
