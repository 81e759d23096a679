"""The look at a line: each step with its cause, up to the first that fails; others go on."""

import contextlib
import os
import re
import shutil
import socket
import threading
import time

import pytest

from gateway.demo.server import new_key, public_line
from gateway.runner import examine
from gateway.runner.gates import load_settings
from gateway.transport import private_key
from tests.servers import free_port

CUSTOMS = """partner: uk-customs
party: {name: Example Customs, role: customs, country: GB}
connections:
  live: {environment: production, sftp: %(user)s@%(host)s:%(port)s, key: credential:uk, host_keys: [%(pin)s], every: 1s}
receives:
  customs/uk/h7: {to: in, name: "{lrn}.xml", per_file: 1}
sends:
  customs/uk/response: {from: out/*.xml, complete: rename, after: move to probe/}
settings: {declarant-id: GB123456789000, lrn-prefix: GW1, location: GBAUXXX}
"""
POST = """partner: example-post
party: {name: Example Post, role: post, country: FR, ids: {upu: FRA}}
connections:
  live: {environment: production, directory: %(post)s, every: 1s}
sends:
  upu/itmatt-1.5: {from: out/*.xml, complete: rename, after: none}
receives:
  upu/cusrsp-1: {to: in}
"""
GATEWAY = "gateway: {id: GW1, timezone: Europe/Paris, state: ../state}\nretention: {raw: 90d, record: 3y, filed: 3y}\n"


class World:
    """A configuration that leads to a server; `change` makes something of it wrong."""

    def __init__(self, folder, server):
        self.folder, self.server = folder, server
        self.facts = {"user": server.user, "host": "127.0.0.1", "port": server.port, "pin": server.host_key_line}
        (folder / "config/partners").mkdir(parents=True)
        (folder / "config/credentials").mkdir()
        for place in ("in", "out"):
            (folder / "post" / place).mkdir(parents=True)
        self.key = folder / "config/credentials/uk"
        shutil.copy(server.key_file, self.key)
        self.key.chmod(0o600)

    def look(self, **other):
        config = self.folder / "config"
        (config / "gateway.yaml").write_text(GATEWAY)
        (config / "routes.yaml").write_text("[]\n")
        (config / "partners/uk-customs.yaml").write_text(CUSTOMS % (self.facts | other))
        (config / "partners/example-post.yaml").write_text(POST % {"post": self.folder / "post"})
        settings = load_settings(config)
        found = list(examine.examined(settings, settings.connections()))
        return {one.what.removeprefix("uk-customs.live: "): one for one in found if one.what.startswith("uk")}, found


@pytest.fixture
def world(tmp_path, sftp_server):
    return World(tmp_path, sftp_server)


@pytest.fixture
def demo(tmp_path, demo_server):
    return World(tmp_path, demo_server)


def last(found):
    return list(found.values())[-1]


def test_a_line_that_is_well_passes_every_step_and_leaves_nothing_behind(world):
    found, everything = world.look()
    assert {one.grade for one in everything} == {"ok"}
    assert list(found) == [
        "name", "port", "our key", "host key", "login", "folder out/", "folder in/", "folder probe/",
    ]  # fmt: skip
    assert found["folder in/"].found == found["folder probe/"].found == "takes files: written, renamed, removed"
    assert found["folder out/"].found == "can be listed"
    assert [path for path in world.server.root.rglob("*") if path.is_file()] == []
    assert "example-post.live: folder in/" in {one.what for one in everything}


def test_a_name_that_nobody_knows(demo):
    found, everything = demo.look(host="nowhere.invalid")
    assert list(found) == ["name"]
    assert found["name"].grade == "fail"
    assert "getent" in found["name"].fix
    assert any(one.what == "example-post.live: folder in/" and one.grade == "ok" for one in everything), "others go on"


def test_a_resolver_that_does_not_answer_is_given_up(demo, monkeypatch):
    monkeypatch.setattr(examine, "SECONDS", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(5))
    found, _ = demo.look(host="slow.example.org")
    assert (list(found), found["name"].found) == (["name"], "slow.example.org: no answer within 0.2 seconds")


def test_a_port_where_nobody_listens(demo):
    port = free_port()
    found, _ = demo.look(port=port)
    assert list(found) == ["name", "port"]
    assert (found["port"].grade, found["port"].found) == ("fail", f"127.0.0.1 port {port}: Connection refused")
    assert "firewall" in found["port"].fix


def test_a_host_key_that_is_not_pinned_is_shown_beside_the_pinned_one(world):
    other = public_line(private_key(new_key()))
    found, _ = world.look(pin=other)
    assert last(found).what == "uk-customs.live: host key"
    assert len(re.findall("SHA256:", last(found).found)) == 2
    assert "gateway partner trust uk-customs.live" in last(found).fix
    assert "DLV601" in last(found).fix


def test_a_key_that_the_partner_refuses_is_named(world):
    world.key.write_bytes(new_key())
    found, _ = world.look()
    assert list(found) == ["name", "port", "our key", "host key", "login"]
    assert found["host key"].grade == "ok"
    assert found["login"].grade == "fail"
    assert private_key(world.key.read_bytes()).fingerprint in found["login"].found
    assert "DLV603" in found["login"].fix


def test_a_key_that_others_may_read_or_that_is_not_there_ends_the_line_before_anybody_is_dialled(demo):
    demo.key.chmod(0o640)
    found, _ = demo.look()
    assert (last(found).what, last(found).grade) == ("uk-customs.live: our key", "fail")
    assert "chmod 600" in last(found).found
    demo.key.unlink()
    found, _ = demo.look()
    assert str(demo.key.parent) in last(found).fix


def test_an_old_key_is_told(demo):
    os.utime(demo.key, (0, 0))
    found, _ = demo.look()
    assert found["our key"].grade == "warn"
    assert found["login"].grade == "ok", "and nothing ends for it"


def test_what_is_no_ssh_server(demo):
    """Whoever answers hangs up at once."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        threading.Thread(target=_hang_up, args=(other,), daemon=True).start()
        found, _ = demo.look(port=other.getsockname()[1])
    assert last(found).what == "uk-customs.live: host key"
    assert "no SSH server" in last(found).found


def _hang_up(listener):
    with contextlib.suppress(OSError):
        while True:
            listener.accept()[0].close()


def test_folders_stand_for_themselves(demo):
    shutil.rmtree(demo.server.root / "in")
    found, _ = demo.look()
    assert found["folder in/"].grade == "fail"
    assert "DLV611" in found["folder in/"].fix
    assert found["folder probe/"].grade == "ok"


def test_a_folder_that_takes_no_file_is_told(demo):
    if os.geteuid() == 0:
        (demo.server.root / "in").rmdir()
        (demo.server.root / "in").write_text("a file")
    else:
        (demo.server.root / "in").chmod(0o500)
    found, _ = demo.look()
    assert found["folder in/"].grade == "fail"


def test_a_clock_that_is_far_from_ours_is_told(demo, monkeypatch):
    now = time.time
    monkeypatch.setattr(examine.time, "time", lambda: now() + 300)
    found, _ = demo.look()
    assert found["clock"].grade == "warn"
    assert re.match(r"-(299|30\d) s from ours", found["clock"].found)
