"""Files are published as the connection says, else as the probe found to be safe at that server, once a banner."""

from contextlib import contextmanager

import pytest

from gateway.findings.errors import RequestRefused
from gateway.steps.lines import capabilities
from gateway.steps.lines.capabilities import known, publish_mode
from gateway.steps.sending.deliver import Deliver
from gateway.transport import open_line
from gateway.transport.publish import MARKS, mode_of
from tests.steps.test_exchange import itmatt
from tests.transport.test_server_variety import NoExtensions, RenameOverwrites, line_to

CUSTOMS, LINE = "partners/uk-customs.yaml", "uk-customs.live"
LIVE = "live: {environment: production,"


def says(site, words):
    site.change(CUSTOMS, LIVE, f"{LIVE} {words},")


@contextmanager
def at_a(server, tmp_path):
    root = tmp_path / "server"
    root.mkdir()
    with line_to(server, root) as line:
        yield line


def modes(site, gate):
    """By which request each file was published."""
    seen = []

    def publish(whole, temp, final, mode="rename"):
        seen.append(mode)
        return whole(temp, final, mode)

    line = gate.hub.connections[LINE]
    site.on(gate, LINE, lambda wire: Deliver(gate, line, site.crew).deliver(wire), publish=publish)
    return seen


def written(site, gate):
    site.post(itmatt(2))
    site.poll(gate)
    site.work(gate)


@pytest.mark.parametrize(("word", "mode"), [("rename", "rename"), ("posix-rename", "posix_rename"), ("auto", "rename")])
def test_a_connection_says_how(site, word, mode):
    says(site, f"publish: {word}")
    with site.gate() as gate:
        written(site, gate)
        assert modes(site, gate) == [mode, mode] and len(site.filed()) == 2


@pytest.mark.parametrize(("server", "mode"), [(RenameOverwrites, "hardlink"), (NoExtensions, "posix_rename")])
def test_the_probe_finds_what_is_safe(site, tmp_path, server, mode):
    says(site, "probe: probe")
    with site.gate() as gate, at_a(server, tmp_path) as wire:
        assert publish_mode(gate, gate.hub.connections[LINE], wire) == mode


def test_a_sound_server_is_published_to_by_rename(site, sftp_server):
    says(site, "probe: probe")
    with site.gate() as gate, open_line(sftp_server.target, sftp_server.key, [sftp_server.host_key_line]) as wire:
        line = gate.hub.connections[LINE]
        assert publish_mode(gate, line, wire) == "rename"
        assert known(gate, line, wire.banner).results["rename_refuses"]


@pytest.mark.parametrize("mode", ["rename", "posix_rename", "hardlink"])
def test_every_way_gives_the_file_its_name_and_overwrites_none(sftp_server, mode):
    with open_line(sftp_server.target, sftp_server.key, [sftp_server.host_key_line]) as wire:
        wire.write_new("in/.a.part", [b"ours"])
        wire.publish("in/.a.part", "in/a.xml", mode)
        assert [entry.name for entry in wire.scan("in")] == [b"a.xml"] or mode == "hardlink"
        assert (sftp_server.root / "in/a.xml").read_bytes() == b"ours"


def test_it_is_tried_once_and_again_when_the_server_is_another(site, tmp_path, monkeypatch):
    says(site, "probe: probe")
    tried = []
    whole = capabilities.probe
    monkeypatch.setattr(capabilities, "probe", lambda *given, **named: tried.append(1) or whole(*given, **named))
    with site.gate() as gate, at_a(RenameOverwrites, tmp_path) as wire:
        line = gate.hub.connections[LINE]
        for _ in range(3):
            assert publish_mode(gate, line, wire) == "hardlink"
        assert len(tried) == 1
        with gate.journal.write() as conn:
            capabilities.switches.put(gate, conn, "connection", LINE, banner="SSH-2.0-another")
        assert publish_mode(gate, line, wire) == "hardlink" and len(tried) == 2


def test_a_folder_that_is_not_there_leaves_the_plain_rename(site):
    says(site, "probe: nowhere")
    with site.gate() as gate:
        written(site, gate)
        assert modes(site, gate) == ["rename", "rename"] and known(gate, gate.hub.connections[LINE]) is None


def test_evidence_is_read_by_the_way_a_file_was_published(site):
    """Died after a link, taken by the partner: with a rename it would be sent again, with a link a person looks."""
    says(site, "publish: hardlink")
    with site.gate() as gate:
        written(site, gate)

        def dies(whole, temp, final, mode):
            whole(temp, final, "rename")
            (site.folder / "customs" / final.decode()).rename(site.folder / "customs" / temp.decode())
            assert mode == "hardlink" and mode_of(temp) == "hardlink"
            raise RequestRefused

        line = gate.hub.connections[LINE]
        site.on(gate, LINE, lambda wire: Deliver(gate, line, site.crew).deliver(wire), publish=dies)
        assert site.states(gate, "delivery") == {"in_doubt": 2}


def test_temporary_names_tell_the_ways_apart():
    assert {mark: mode_of(f".a.xml.GW1-{mark}deadbeef.part") for mark in MARKS.values()} == {
        "": "rename",
        "h": "hardlink",
    }
