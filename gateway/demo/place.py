"""Where the demonstration's own data is."""

from functools import cache
from pathlib import Path


@cache
def shipped() -> Path:
    """`config/demo` of a checkout, `gateway/_config/demo` of an installed wheel."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_config"
    return (installed if installed.is_dir() else package.parent / "config") / "demo"
