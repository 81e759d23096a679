"""`gateway metrics`: the figures of the journal once, as Prometheus reads them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of

if TYPE_CHECKING:
    from gateway.steps.watching.figures import Figure


@command_of("metrics")
@config_option
def command(report: Report, *, config: Path | None) -> dict[str, Any]:
    """Print what the journal and the disk tell; what the daemon measures itself is in its file or at its port."""
    from gateway.observe.metrics import BY_NAME
    from gateway.runner.metrics import families, journal_figures, text_of

    with gate_of(report, config) as gate:
        found = journal_figures(gate)
    if not report.as_json:
        report.raw(text_of(families(found)))
    return {"metrics": [_told(one, BY_NAME[one.name].labels) for one in found]}


def _told(one: "Figure", labels: Sequence[str]) -> dict[str, Any]:
    return {"name": one.name, "labels": dict(zip(labels, one.labels, strict=True)), "value": one.value}
