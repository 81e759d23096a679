"""Words to the service manager arrive at path and abstract sockets, and nowhere when there is none."""

import os
import socket

import pytest

from gateway.observe.notify import Notifier


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    name = f"@gateway-test-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind("\0" + name[1:] if name.startswith("@") else name)
        line.settimeout(5)
        yield name, lambda: line.recv(1000).decode()


def test_states_arrive(manager):
    name, heard = manager
    notifier = Notifier({"NOTIFY_SOCKET": name})
    notifier.ready()
    notifier.status("2 connections,\n1 held")
    notifier.alive()
    notifier.stopping()
    assert [heard() for _ in range(4)] == ["READY=1", "STATUS=2 connections, 1 held", "WATCHDOG=1", "STOPPING=1"]


def test_silent_without_a_service_manager():
    Notifier({}).ready()


def test_a_service_manager_that_has_gone_stops_nothing(tmp_path):
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "60000000"}, 30.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({}, None),
    ],
)
def test_watchdog_is_fed_twice_in_its_time(environment, seconds):
    assert Notifier(environment).interval == seconds
