"""The daemon's two ends: told to stop (SIGTERM) under load, and by itself (`run --once`); what systemd hears of it."""

import os
import signal
import socket
import time
from contextlib import contextmanager

import pytest

from gateway.demo.scene import CUSTOMS, POST
from tests.acceptance.daemon import Books, Daemon, balanced, gateway, received, running, until

BOUND = 20.0  # seconds: far less than the service manager's TimeoutStopSec


@pytest.mark.slow
def test_a_stop_under_load_ends_soon_and_the_next_start_goes_on(scene, mail):
    with running(scene.settings) as daemon:
        for seed in range(4):
            scene.post.publish(f"{seed}.xml", mail(300, seed=seed))
        until(lambda: len(scene.customs.receipts()) > 20, moves=Books(scene.settings).steps)
        began = time.monotonic()
        assert daemon.stop(BOUND) == 0, f"after {time.monotonic() - began:.1f} s"
        assert daemon.events("gateway.stopped")
    assert balanced(scene.settings)
    assert len(scene.customs.receipts()) < 4 * 300, "it was in the middle of it"
    with running(scene.settings):
        moving = Books(scene.settings).moving
        until(
            lambda: len(scene.customs.receipts()) == 4 * 300 and not moving(),
            moves=Books(scene.settings).steps,
        )
    assert len({receipt.name for receipt in scene.customs.receipts()}) == 4 * 300, "none twice"
    assert balanced(scene.settings)


def test_a_second_signal_changes_nothing(scene):
    with running(scene.settings) as daemon:
        daemon.process.send_signal(signal.SIGTERM)
        daemon.process.send_signal(signal.SIGINT)
        assert daemon.process.wait(BOUND) == 0


@pytest.mark.slow
def test_a_stop_while_a_partner_is_frozen_is_bounded(scene, mail):
    with running(scene.settings) as daemon:
        os.kill(scene.partner(CUSTOMS).pid, signal.SIGSTOP)
        try:
            scene.post.publish("a.xml", mail(3))
            until(lambda: Books(scene.settings).count("delivery").keys() & {"queued", "sending"})
            assert daemon.stop(75.0) == 0  # a request on the line may take its half minute
        finally:
            os.kill(scene.partner(CUSTOMS).pid, signal.SIGCONT)
    assert balanced(scene.settings)


@contextmanager
def service_manager(folder):
    """The socket that systemd would listen on; gives what has been said so far."""
    path = folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(path))
        line.setblocking(False)
        said = []

        def heard():
            while True:
                try:
                    said.append(line.recv(4096).decode())
                except BlockingIOError:
                    return said

        yield str(path), heard


def test_the_service_manager_hears_of_start_life_and_end(scene, tmp_path):
    with service_manager(tmp_path) as (path, heard), running(scene.settings, NOTIFY_SOCKET=path) as daemon:
        until(lambda: heard().count("WATCHDOG=1") >= 3)
        assert heard()[0] == "READY=1"
        assert daemon.stop() == 0
        assert heard().count("READY=1") == heard().count("STOPPING=1") == 1
        after = heard()[heard().index("STOPPING=1") :]
        assert "READY=1" not in after


def test_once_does_all_that_can_be_done_and_ends(scene, mail):
    scene.post.publish("a.xml", mail(12))
    done = gateway(scene.settings, "run", "--once")
    assert done.returncode == 0, done.stderr
    assert len(scene.customs.receipts()) == 12
    assert not Books(scene.settings).moving()
    until(lambda: len(scene.customs.replies()) >= 12)
    assert gateway(scene.settings, "run", "--once").returncode == 0
    assert sum(Books(scene.settings).count("decision").values()) >= 12
    assert balanced(scene.settings)


@pytest.mark.parametrize("down", [POST, CUSTOMS])
def test_once_names_a_partner_that_cannot_be_reached(scene, mail, down):
    scene.post.publish("a.xml", mail(3))
    scene.partner(down).stop()
    done = gateway(scene.settings, "run", "--once")
    assert done.returncode == 4, done.stderr
    assert f"not reached: {down}.live" in done.stderr
    assert Books(scene.settings).file("a.xml") == ("" if down == POST else "read"), "the other one was served"
    scene.partner(down).start()
    until(lambda: gateway(scene.settings, "run", "--once").returncode == 0)
    received(scene, 3)


def test_once_fails_at_once_when_the_configuration_is_wrong(scene):
    scene.settings.write_text(scene.settings.read_text().replace("workers: 2", "wokers: 2"))
    with Daemon(scene.settings, "--once") as daemon:
        assert daemon.process.wait(BOUND) == 3
        assert "workers" in daemon.log.read_text(), "did you mean"
