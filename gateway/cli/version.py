"""`gateway version`: of the gateway and of the libraries whose behaviour matters."""

import platform
import sqlite3
from typing import Any

from gateway import __version__
from gateway.cli.report import Report, command_of


@command_of("version")
def command(report: Report) -> dict[str, Any]:
    """Print the versions of the gateway and of what it stands on."""
    from importlib.metadata import version

    from lxml import etree

    versions = {
        "gateway": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "libxml2": ".".join(str(part) for part in etree.LIBXML_VERSION),
        **{name: version(name) for name in ("lxml", "paramiko", "apscheduler", "sqlalchemy", "msgspec")},
    }
    for name, text in versions.items():
        report.line(f"{name:12} {text}")
    return versions
