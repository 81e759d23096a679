from tests.steps.conftest import compiled_once, site

__all__ = ["compiled_once", "site"]
