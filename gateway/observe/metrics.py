"""Every figure that is shown to Prometheus, by its stable name: what it means, its labels, and who knows it.

`journal` figures are asked of the journal by the process that works at its steps, and by no other: they are gauges, as
what is in one state goes on to another; no row is ever purged. `process` figures are a process's own; two processes of
one machine never show the same series: they have other steps, or say their `role`. Labels are names of the
configuration, states and codes: never an id, never a name of a file, never what a message says.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple, cast

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

Kind = Literal["gauge", "counter", "histogram"]
BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0)  # seconds of one step


class Metric(NamedTuple):
    """One figure."""

    name: str
    kind: Kind
    source: Literal["journal", "process"]
    labels: tuple[str, ...]
    help: str


METRICS = (
    Metric("gateway_build_info", "gauge", "process", ("role", "version", "python"), "always 1; which version runs"),
    Metric("gateway_written_seconds", "gauge", "process", ("role",), "when these figures were taken (Unix time)"),
    Metric("gateway_ruleset_info", "gauge", "journal", ("ruleset",), "always 1; the ruleset in force, shortened"),
    Metric("gateway_files", "gauge", "journal", ("state",), "files in the journal"),
    Metric("gateway_items", "gauge", "journal", ("state",), "items in the journal"),
    Metric("gateway_filings", "gauge", "journal", ("state",), "filings in the journal"),
    Metric("gateway_filing_outcomes", "gauge", "journal", ("route", "environment", "outcome"),
           "the newest filings of the last 24 hours, at most 10,000, by what customs said; `none` so far"),
    Metric("gateway_deliveries", "gauge", "journal", ("connection", "state"), "deliveries in the journal"),
    Metric("gateway_decisions", "gauge", "journal", ("state",), "decisions of customs in the journal"),
    Metric("gateway_step_waiting", "gauge", "journal", ("step",), "how much waits for a step that works by itself"),
    Metric("gateway_step_oldest_seconds", "gauge", "journal", ("step",), "age of the oldest that waits for a step"),
    Metric("gateway_filings_overdue", "gauge", "journal", ("connection",), "filings without an answer in time"),
    Metric("gateway_connection_up", "gauge", "journal", ("connection", "environment"),
           "1 while a line is well, 0 while it fails or is stopped"),
    Metric("gateway_connection_failures", "gauge", "journal", ("connection", "environment"), "failures in a row"),
    Metric("gateway_connection_last_file_seconds", "gauge", "journal", ("connection", "environment"),
           "when a file came in last (Unix time)"),
    Metric("gateway_route_stopped", "gauge", "journal", ("route", "state"), "1 for a route that is paused or braked"),
    Metric("gateway_alarms", "gauge", "journal", ("severity",), "alarms that are open"),
    Metric("gateway_alarms_untold", "gauge", "journal", (), "alarms that nobody was told of yet"),
    Metric("gateway_audit_rows", "gauge", "journal", (), "rows of the audit trail"),
    Metric("gateway_disk_free_bytes", "gauge", "journal", (), "room where journal and spool lie"),
    Metric("gateway_disk_free_inodes", "gauge", "journal", (), "files that can still be made there"),
    Metric("gateway_poll_seconds", "gauge", "process", ("connection",), "when a poll ended well last (Unix time)"),
    Metric("gateway_certificate_seconds", "gauge", "process", ("connection",), "when our certificate ends (Unix time)"),
    Metric("gateway_duration_seconds", "histogram", "process", ("step",), "time that one run of a step took"),
    Metric("gateway_done_total", "counter", "process", ("step",), "units of work that a step has done"),
    Metric("gateway_errors_total", "counter", "process", ("step",), "runs of a step that ended in an error"),
    Metric("gateway_messages_total", "counter", "process", ("channel", "result"), "messages about alarms"),
)  # fmt: skip
BY_NAME = {metric.name: metric for metric in METRICS}

cast(
    "Callable[[], None]", disable_created_metrics
)()  # a second series for each counter and bucket that says when the process began
REGISTRY = CollectorRegistry()
"""What this process measures itself."""


def _of(name: str) -> tuple[str, str, tuple[str, ...]]:
    metric = BY_NAME[name]
    return metric.name, metric.help, metric.labels


DURATION = Histogram(*_of("gateway_duration_seconds"), buckets=BUCKETS, registry=REGISTRY)
DONE = Counter(*_of("gateway_done_total"), registry=REGISTRY)
ERRORS = Counter(*_of("gateway_errors_total"), registry=REGISTRY)
POLLED = Gauge(*_of("gateway_poll_seconds"), registry=REGISTRY)
CERTIFICATE = Gauge(*_of("gateway_certificate_seconds"), registry=REGISTRY)
MESSAGES = Counter(*_of("gateway_messages_total"), registry=REGISTRY)


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Measure one run of a step, and count one that ends in an error."""
    began = time.monotonic()
    try:
        yield
    except Exception:
        ERRORS.labels(step).inc()
        raise
    finally:
        DURATION.labels(step).observe(time.monotonic() - began)
