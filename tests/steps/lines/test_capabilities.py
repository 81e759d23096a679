"""What a server was found to bear is used, kept, and found anew when the server is another one."""

from contextlib import contextmanager

import pytest

from gateway.findings.errors import PartnerUnreachable
from gateway.steps.ground import switches
from gateway.steps.lines import capabilities
from gateway.steps.lines.capabilities import known, prepare, publish_mode
from gateway.transport import Timeouts, open_line
from gateway.transport.wire import DEPTH
from tests.faults.far import odd
from tests.faults.manners import DropsMany, Folder

LINE = "uk-customs.live"
BRIEF = Timeouts(connect=10, request=2, listing=5, transfer=5)


def says(site, words):
    site.change("partners/uk-customs.yaml", "live: {environment", f"live: {{{words}, environment")
    (site.folder / "customs/probe").mkdir(exist_ok=True)


@contextmanager
def at(site, *manners):
    with (
        odd(site, "customs", *manners) as server,
        open_line(server.target, server.key, [server.host_key_line], BRIEF) as line,
    ):
        yield line


def window(line):
    return {(wire.depth, len(line.talks.wires)) for wire in line.talks.wires}


def alarms(site, gate):
    return {row["code"]: row["cleared_at"] is None for row in site.rows(gate, "alert")}


def test_a_server_that_was_never_tried_is_asked_for_little(site):
    with site.gate() as gate, at(site, Folder) as line:
        prepare(gate, gate.hub.connections[LINE], line)
        assert window(line) == {(DEPTH, 1)} and alarms(site, gate) == {}
        assert switches.read(gate, "connection", LINE)["banner"] == line.banner


def test_what_the_probe_has_found_is_used(site):
    says(site, "probe: probe")
    with site.gate() as gate, at(site, Folder) as line:
        prepare(gate, gate.hub.connections[LINE], line)
        assert window(line) == {(256, 4)} and line.at_a_time == 64
        assert known(gate, gate.hub.connections[LINE], line.banner).channels == 10


def test_what_the_file_says_counts_before_it(site):
    says(site, "probe: probe, requests: 8, channels: 2, publish: hardlink")
    with site.gate() as gate, at(site, Folder) as line:
        prepare(gate, gate.hub.connections[LINE], line)
        assert window(line) == {(8, 2)} and publish_mode(gate, gate.hub.connections[LINE], line) == "hardlink"


def test_another_server_is_tried_anew(site, monkeypatch):
    says(site, "probe: probe")
    tried = []
    whole = capabilities.probe
    monkeypatch.setattr(capabilities, "probe", lambda *given, **named: tried.append(1) or whole(*given, **named))
    with site.gate() as gate, at(site, Folder) as line:
        for banner in ("SSH-2.0-one", "SSH-2.0-one", "SSH-2.0-two"):
            line.banner = banner
            prepare(gate, gate.hub.connections[LINE], line)
        assert len(tried) == 2 and alarms(site, gate) == {}


def meet(site, gate, *banners):
    """Servers that show these banners, one after the other."""
    with at(site, Folder) as line:
        for banner in banners:
            line.banner = banner
            prepare(gate, gate.hub.connections[LINE], line)
        return window(line)


def test_another_server_that_cannot_be_tried_is_taken_on_the_safe_path_and_told(site):
    says(site, "probe: nowhere")
    with site.gate() as gate:
        assert meet(site, gate, "SSH-2.0-one", "SSH-2.0-two", "SSH-2.0-two") == {(DEPTH, 1)}
        assert alarms(site, gate) == {"DLV641": True}
        (alarm,) = site.rows(gate, "alert")
        assert alarm["times"] == 1 and "SSH-2.0-one" in alarm["masked"]
    site.change("partners/uk-customs.yaml", "probe: nowhere", "probe: probe")
    with site.gate() as gate:
        meet(site, gate, "SSH-2.0-two")
        assert alarms(site, gate) == {"DLV641": False}


def test_where_nothing_is_to_be_tried_another_server_is_no_alarm_and_ends_one(site):
    says(site, "probe: nowhere")
    with site.gate() as gate:
        meet(site, gate, "SSH-2.0-one", "SSH-2.0-two")
    site.change("partners/uk-customs.yaml", "probe: nowhere, ", "")
    with site.gate() as gate:
        assert meet(site, gate, "SSH-2.0-two") == {(DEPTH, 1)} and alarms(site, gate) == {"DLV641": False}
        meet(site, gate, "SSH-2.0-three", "SSH-2.0-four")
        assert alarms(site, gate) == {"DLV641": False}
        assert switches.read(gate, "connection", LINE)["banner"] == "SSH-2.0-four"


def test_a_folder_for_trying_that_is_not_there_leaves_the_safe_path(site):
    says(site, "probe: nowhere")
    with site.gate() as gate, at(site, Folder) as line:
        prepare(gate, gate.hub.connections[LINE], line)
        assert window(line) == {(DEPTH, 1)}


def test_a_trial_that_costs_the_line_is_kept_all_the_same(site, monkeypatch):
    monkeypatch.setattr("gateway.transport.probe.PATIENCE", 2.0)
    says(site, "probe: probe")
    with site.gate() as gate:
        customs = gate.hub.connections[LINE]
        with at(site, Folder, DropsMany) as line, pytest.raises(PartnerUnreachable):
            prepare(gate, customs, line)
        with at(site, Folder, DropsMany) as line:
            prepare(gate, customs, line)
            assert window(line) == {(16, 1)}


def test_what_an_older_version_has_kept_is_found_anew(site):
    says(site, "probe: probe")
    with site.gate() as gate, at(site, Folder) as line:
        customs = gate.hub.connections[LINE]
        with gate.journal.write() as conn:
            old = {"state": "active", "environment": "production", "banner": line.banner, "probe": '{"banner": "x"}'}
            switches.put(gate, conn, "connection", LINE, **old)
        assert known(gate, customs) is None
        prepare(gate, customs, line)
        assert known(gate, customs).depth == 256
