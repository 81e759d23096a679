"""The sample configuration that comes with the gateway: `config/` of a checkout, `gateway/_config` of a wheel."""

from pathlib import Path


def shipped_configuration() -> Path:
    package = Path(__file__).resolve().parent.parent
    installed = package / "_config"
    return installed if installed.is_dir() else package.parent / "config"
