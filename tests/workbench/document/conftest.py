from datetime import date
from pathlib import Path

import pytest

from gateway.mapping.registry import Registry
from gateway.settings import load
from gateway.workbench.document.book import book
from gateway.workbench.document.words import Words

ROOT = Path(__file__).parents[3]
DAY = date(2026, 9, 14)


@pytest.fixture(scope="session")
def settings():
    found, faults = load(ROOT / "config")
    assert found is not None, faults
    return found


@pytest.fixture(scope="session")
def registry():
    return Registry()


@pytest.fixture(scope="session")
def pages(registry, settings):
    """Every file of the book in a language, by its name."""
    known = {}

    def made(language):
        if language not in known:
            names = registry.names()
            known[language] = dict(book(registry, names, DAY, Words(language), settings=settings, sheets=True))
        return known[language]

    return made
