"""A gateway that is watched from outside: alarms by a program, figures in a file and at a port."""

import json
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.daemon import answer, gateway, running, until
from tests.servers import free_port
from tests.steps.site import Site

NEVER = "999999 GB"
"""More room than any disk has: the alarm of a full one."""


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    program = tmp_path / "alert"
    program.write_text(f"#!/bin/sh\ncat >> {tmp_path}/told\n")
    program.chmod(0o700)
    return made


def settings(site, text):
    site.change("gateway.yaml", "retention:", f"{text}\nretention:")
    return site.folder / "config/gateway.yaml"


def told(site):
    file = site.folder / "told"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def names(text):
    return {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}


def values(text, name):
    families = text_string_to_metric_families(text)
    return [(one.labels, one.value) for family in families for one in family.samples if one.name == name]


def test_a_run_that_ends_by_itself_tells_what_it_has_found_once(site):
    config = settings(site, f"alerts: {{command: ../alert, disk: {NEVER}}}")
    assert gateway(config, "run", "--once").returncode == 0
    (message,) = told(site)
    assert message["counts"] == {"new": 1, "still": 0, "over": 0}
    (group,) = message["groups"]
    assert (group["code"], group["alarms"][0]["subject"]) == ("INT962", "disk")
    assert gateway(config, "run", "--once").returncode == 0
    assert len(told(site)) == 1
    said = gateway(config, "status").stdout
    assert "INT962" in said and "nobody was told" not in said


def test_a_program_that_fails_harms_nothing_and_is_told_of_in_status(site):
    (site.folder / "alert").write_text("#!/bin/sh\nexit 3\n")
    config = settings(site, f"alerts: {{command: ../alert, disk: {NEVER}}}")
    assert gateway(config, "run", "--once").returncode == 0
    said = gateway(config, "status").stdout
    assert "INT964  alerts do not get through by command: the program ended with code 3" in said
    assert "nobody was told yet" in said


def steps(text):
    return {labels["step"] for labels, _ in values(text, "gateway_duration_seconds_count")}


def test_figures_stand_in_a_file_and_at_a_port_while_the_daemon_lives(site):
    port, path = free_port(), site.folder / "gateway.prom"
    config = settings(site, f"metrics: {{textfile: ../gateway.prom, listen: 127.0.0.1:{port}, every: 1s}}")
    with running(config):
        until(lambda: path.exists() and steps(path.read_text()) >= {"poll", "translate", "certificates"})
        filed = path.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as said:
            shown = said.read().decode()
    for text in (filed, shown):
        assert {"gateway_audit_rows", "gateway_build_info", "gateway_run_process_resident_memory_bytes"} <= names(text)
        assert {"poll", "translate", "certificates"} <= steps(text)
    assert not path.exists(), "what nobody renews must not look alive"


def test_two_processes_write_a_file_each_and_no_series_twice(site):
    core, mover = site.folder / "gateway.prom", site.folder / "gateway-mover.prom"
    config = settings(site, "metrics: {textfile: ../gateway.prom, every: 1s}")
    with running(config, "--role", "core"), running(config, "--role", "mover"):
        until(lambda: core.exists() and mover.exists() and "gateway_poll_seconds" in names(mover.read_text()))
        ours, theirs = core.read_text(), mover.read_text()
    assert "gateway_audit_rows" in names(ours) and "gateway_audit_rows" not in names(theirs)
    series = [{line.rpartition(" ")[0] for line in text.splitlines() if line[:1] != "#"} for text in (ours, theirs)]
    assert series[0] & series[1] == set()


def test_doctor_and_status_work_beside_a_daemon_and_without_one(site):
    config = settings(site, "alerts: {command: ../alert}")
    with running(config):
        beside = gateway(config, "doctor")
        assert gateway(config, "status").returncode == 0
    without = gateway(config, "doctor")
    for said in (beside, without):
        assert said.returncode == 0, said.stdout
    figures = gateway(config, "metrics")
    assert {"gateway_audit_rows", "gateway_connection_up"} <= names(figures.stdout)
    told = answer(config, "metrics")["metrics"]
    assert {"name": "gateway_alarms_untold", "labels": {}, "value": 0} in told
    assert "daemon: runs: mover by process" in beside.stdout
    assert "daemon: does not run" in without.stdout
    assert list(Path(site.folder).glob("*/in/.*")) == [], "nothing of the look is left with a partner"
