"""The stage itself: real partner processes, real SFTP, a configuration that the gateway accepts."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from gateway.demo.scene import CUSTOMS, POST, Scene
from gateway.findings.errors import HostKeyMismatch, LoginRefused
from gateway.settings import Credentials, load
from gateway.transport import Target, open_line, private_key


@pytest.fixture
def scene(tmp_path):
    with Scene(tmp_path / "demo", seed=7) as scene:
        yield scene


@contextmanager
def line_to(scene, partner, key_of=None, host_key_of=None):
    settings, _ = load(scene.settings)
    to = settings.connection(f"{partner}.live")
    key = settings.connection(f"{key_of or partner}.live").key
    pinned = settings.connection(f"{host_key_of or partner}.live").host_keys
    target = Target("sftp", to.target.host, to.target.port, to.target.user, to.target.path)
    with open_line(target, private_key(Credentials(settings.folder)(key)), pinned) as line:
        yield line


def test_the_configuration_has_no_fault(scene):
    settings, faults = load(scene.settings)
    assert faults == ()
    assert [line.name for line in settings.connections()] == [f"{POST}.live", f"{CUSTOMS}.live"]


def test_the_gateway_finds_what_the_post_publishes(scene):
    scene.post.publish("one.xml", b"<interchange/>")
    with line_to(scene, POST) as line:
        (entry,) = [entry for entry in line.scan("out/itmatt") if entry.kind == "file"]
        assert (entry.name, b"".join(line.fetch("out/itmatt/one.xml", entry.size))) == (b"one.xml", b"<interchange/>")


def test_customs_takes_a_declaration_and_answers(scene, declaration, until):
    with line_to(scene, CUSTOMS) as line:
        line.write_new("in/.one.part", [declaration("DEMOA")])
        line.publish("in/.one.part", "in/one.xml")
        until(lambda: line.lstat("in/one.xml") is None)
        until(lambda: [entry for entry in line.scan("out") if entry.name.endswith(b".xml")])
    (receipt,) = scene.customs.receipts()
    assert scene.customs.read(receipt) == declaration("DEMOA")


def test_each_partner_has_its_own_keys(scene):
    with pytest.raises(LoginRefused), line_to(scene, CUSTOMS, key_of=POST):
        pass
    with pytest.raises(HostKeyMismatch), line_to(scene, CUSTOMS, host_key_of=POST):
        pass


def test_a_partner_that_comes_back_has_the_same_address(scene):
    before = load(scene.settings)[0].connection(f"{POST}.live")
    scene.stop()
    scene.start()
    assert load(scene.settings)[0].connection(f"{POST}.live") == before


def test_partners_end_with_the_process_that_started_them(tmp_path, until):
    program = (
        "import time; from pathlib import Path; from gateway.demo.scene import POST, Scene\n"
        f"scene = Scene(Path({str(tmp_path / 'demo')!r})); scene.start()\n"
        "print(scene.partner(POST).pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as starter:
        partner = int(starter.stdout.readline())
        starter.kill()
    until(lambda: _ended(partner))


def _ended(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{pid}/stat", encoding="utf-8") as state:  # noqa: PTH123
        return state.read().rpartition(")")[2].split()[0] == "Z"
