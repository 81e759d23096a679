"""Figures: what the table says and nothing personal, one file a process, a port of this machine."""

import stat
import threading
import urllib.request
from contextlib import closing
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from gateway.observe.metrics import BY_NAME, METRICS, timed
from gateway.runner import metrics
from gateway.runner.metrics import Figures, Listener, Textfile, families, journal_figures, publish, text_of, ways
from gateway.settings.addresses import Server
from gateway.steps.ground import switches
from gateway.steps.ground.alarm import raise_alarm
from gateway.steps.watching.figures import Figure
from tests.servers import free_port
from tests.steps.test_exchange import itmatt


def read(text):
    """Samples by name and labels."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text if isinstance(text, str) else text.decode())
        for sample in family.samples
    }


def of(gate):
    return read(text_of(families(journal_figures(gate))))


def test_the_journal_tells_where_everything_is(site):
    with site.gate() as gate:
        site.post(itmatt(4, faults={2: "gross-zero", 3: "units-zero"}))
        site.run(gate)
        switches.brake(gate, "uk-h7", None, "x")
        switches.failed(gate, gate.hub.connections["uk-customs.live"], "PartnerUnreachable", lambda *_: timedelta(1))
        with gate.journal.write() as conn:
            raise_alarm(conn, "INT962", "disk", {})
        site.clock.at += timedelta(hours=3)
        found = of(gate)
    assert found["gateway_files", ("state", "read")] == 1
    assert found["gateway_items", ("state", "accepted")] == 2
    assert found["gateway_items", ("state", "held")] == found["gateway_items", ("state", "quarantined")] == 1
    assert found["gateway_filings", ("state", "lodged")] == 2
    route = (("environment", "production"), ("outcome", "none"), ("route", "uk-h7"))
    assert found["gateway_filing_outcomes", *route] == 2
    assert found["gateway_deliveries", ("connection", "uk-customs.live"), ("state", "sent")] == 2
    assert found["gateway_step_waiting", ("step", "customs")] == 2
    assert found["gateway_step_oldest_seconds", ("step", "customs")] >= 0, "ids tell the machine's time"
    assert found["gateway_filings_overdue", ("connection", "uk-customs.live")] == 2
    line = (("connection", "uk-customs.live"), ("environment", "production"))
    assert (found["gateway_connection_up", *line], found["gateway_connection_failures", *line]) == (0, 1)
    assert found["gateway_connection_up", ("connection", "example-post.live"), ("environment", "production")] == 1
    assert found["gateway_route_stopped", ("route", "uk-h7"), ("state", "braked")] == 1
    assert (found["gateway_alarms", ("severity", "error")], found["gateway_alarms_untold",]) == (1, 1)
    assert found["gateway_disk_free_bytes",] > 0
    assert found["gateway_audit_rows",] > 10


def test_every_figure_of_the_journal_is_in_the_table_with_its_labels(site):
    with site.gate() as gate:
        site.post(itmatt(3, faults={2: "gross-zero"}))
        site.run(gate)
        found = journal_figures(gate)
    assert {len(BY_NAME[one.name].labels) == len(one.labels) for one in found} == {True}
    assert {one.name for one in found} <= {one.name for one in METRICS if one.source == "journal"}


def test_no_label_holds_an_id_or_what_a_message_says(site):
    with site.gate() as gate:
        site.post(itmatt(3, faults={2: "gross-zero"}), "Zephyrine Canarybird.xml")
        site.run(gate)
        said = text_of(families(journal_figures(gate))).decode()
        ids = [row["id"] for table in ("file", "item", "filing", "delivery") for row in site.rows(gate, table)]
        named = [row["item_id"] for row in site.rows(gate, "item")]
        lrns = [row["lrn"] for row in site.rows(gate, "filing")]
    assert [one for one in (*ids, *named, *lrns, "Canarybird") if one in said] == []


def test_names_follow_prometheus_customs():
    for metric in METRICS:
        assert metric.name.startswith("gateway_")
        assert metric.name.endswith("_total") == (metric.kind == "counter")
        assert not metric.help.endswith(".")
    assert len(BY_NAME) == len(METRICS)


def registry():
    made = CollectorRegistry()
    made.register(Figures(lambda: (Figure("gateway_alarms", ("error",), 3.0),)))
    return made


def test_the_file_is_replaced_as_a_whole_and_others_may_read_it(tmp_path):
    path = tmp_path / "gateway.prom"
    stop, torn = threading.Event(), []

    def reader():
        while not stop.is_set():
            if path.exists() and not path.read_bytes().endswith(b"end\n"):
                torn.append(path.read_bytes())

    thread = threading.Thread(target=reader)
    thread.start()
    for size in range(200):
        publish(path, b"x" * size * 100 + b"end\n")
    stop.set()
    thread.join()
    assert torn == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [one.name for one in tmp_path.iterdir()] == ["gateway.prom"]


def test_the_file_is_written_again_and_again_and_goes_at_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(metrics, "FRESH", 0.5)
    path = tmp_path / "gateway.prom"
    file = Textfile(path, 0.02, registry())
    file.start()
    first = None
    for _ in range(500):
        if path.exists():
            first = first or path.stat().st_ino
            if path.stat().st_ino != first:
                break
        threading.Event().wait(0.01)
    assert read(path.read_text()) == {("gateway_alarms", ("severity", "error")): 3}
    file.end()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_stops_nothing(tmp_path, caplog):
    file = Textfile(tmp_path / "gone/gateway.prom", 0.02, registry())
    file.start()
    threading.Event().wait(0.2)
    assert file.is_alive()
    file.end()
    assert {record.message for record in caplog.records} == {"metrics.not_written"}
    assert {record.reason for record in caplog.records} == {
        f"metrics.textfile: {tmp_path}/gone/gateway.prom: No such file or directory"
    }


def test_the_port_answers_on_this_machine_and_closes():
    port = free_port()
    door = Listener(Server("127.0.0.1", port), registry())
    door.start()
    with closing(urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10)) as answer:
        assert read(answer.read()) == {("gateway_alarms", ("severity", "error")): 3}
    door.end()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10)


def test_a_port_that_is_taken_stops_nothing(caplog):
    port = free_port()
    first, second = (Listener(Server("127.0.0.1", port), registry()) for _ in range(2))
    first.start()
    second.start()
    second.end()
    first.end()
    assert [record.message for record in caplog.records] == ["metrics.not_listening"]


def test_the_journal_is_not_asked_more_often_than_every_few_seconds():
    asked = []
    figures = Figures(lambda: asked.append(1) or ())
    for _ in range(100):
        list(figures.collect())
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("names", "file", "journal", "listens"),
    [
        (("mover", "core"), "gateway.prom", True, True),
        (("core",), "gateway.prom", True, False),
        (("mover",), "gateway-mover.prom", False, True),
    ],
)
def test_each_process_has_a_file_of_its_own_and_one_shows_the_journal(site, names, file, journal, listens):
    site.change("gateway.yaml", "retention:", "metrics: {textfile: ../gateway.prom, listen: 127.0.0.1:1}\nretention:")
    with site.gate() as gate:
        found = list(ways(gate, names, lambda: "core" in names))
        assert [type(one) for one in found] == [Textfile, *[Listener] * listens]
        assert found[0]._path.name == file
        shown = read(metrics.generate_latest(found[0]._registry))
        assert any(name in {"gateway_files", "gateway_audit_rows"} for name, *_ in shown) == journal
        if listens:
            assert ("gateway_audit_rows",) in read(metrics.generate_latest(found[1]._registry))


def test_two_processes_of_a_machine_show_no_series_twice(site):
    """The collector of a machine reads all files as one: a series that stands in two of them spoils the whole."""
    site.change("gateway.yaml", "retention:", "metrics: {textfile: ../gateway.prom}\nretention:")
    with site.gate() as gate:
        core, mover = (
            next(iter(ways(gate, (name,), lambda name=name: name == "core")))._registry for name in ("core", "mover")
        )
        with timed("translate"):
            pass
        ours, theirs = (read(metrics.generate_latest(one)) for one in (core, mover))
    measured = {key for key in ours if key[0].startswith(("gateway_duration", "gateway_done", "gateway_errors"))}
    alike = {key for key in ours.keys() & theirs.keys() if key not in measured}
    assert {
        key for key in alike if not key[0].startswith(("gateway_messages", "gateway_poll", "gateway_cert"))
    } == set()


def test_of_many_hosts_only_the_one_that_leads_shows_the_journal(site):
    site.change("gateway.yaml", "retention:", "metrics: {textfile: ../gateway.prom}\nretention:")
    with site.gate() as gate:
        (file,) = ways(gate, ("mover", "core"), lambda: False)
        shown = read(metrics.generate_latest(file._registry))
    assert ("gateway_audit_rows",) not in shown
    assert any(name == "gateway_build_info" for name, *_ in shown)


def test_a_step_that_fails_is_measured_and_counted():
    def fails():
        with timed("nonsense"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    found = read(metrics.generate_latest(metrics.REGISTRY))
    assert found["gateway_errors_total", ("step", "nonsense")] == 1
    assert found["gateway_duration_seconds_count", ("step", "nonsense")] == 1


def test_a_route_or_line_of_another_configuration_leaves_no_row_out(site):
    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
    (site.folder / "config/routes.yaml").write_text("[]\n")
    with site.gate() as gate:
        assert of(gate)["gateway_deliveries", ("connection", "uk-customs.live"), ("state", "sent")] == 1
