"""What is in force: every key with its value or default, and the connections and rules that follow from it.

References to secrets are shown, never the secrets.
"""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from gateway.settings.settings import Settings


def as_data(settings: Settings) -> dict[str, Any]:
    """Plain data, as the files would say it."""
    return {
        "gateway": _plain(settings.gateway),
        "retention": _plain(settings.retention),
        "at_rest": _plain(settings.at_rest),
        "audit": _plain(settings.audit),
        "alerts": _plain(settings.alerts),
        "metrics": _plain(settings.metrics),
        "limits": _plain(settings.limits),
        "partners": {name: _plain(partner) for name, partner in settings.partners.items()},
        "routes": [_plain(route) for route in settings.routes],
    }


def as_yaml(data: dict[str, Any]) -> str:
    writer = YAML()
    writer.width = 120
    stream = StringIO()
    writer.dump(data, stream)
    return stream.getvalue().rstrip()


def _plain(section: Any) -> Any:
    return section.model_dump(mode="json", by_alias=True, exclude_none=True)
