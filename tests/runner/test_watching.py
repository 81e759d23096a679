"""What a process does so that it can be watched: its share by its roles."""

import shutil
import subprocess
from datetime import UTC, datetime

import pytest
from prometheus_client import generate_latest
from sqlalchemy import select

from gateway.demo.server import new_key, public_line
from gateway.journal.schema import alert
from gateway.observe.metrics import REGISTRY
from gateway.runner.watching import Watching
from gateway.steps.ground.alarm import raise_alarm
from gateway.transport import private_key
from tests.runner.test_metrics import read


def codes(gate):
    with gate.journal.read() as conn:
        return dict(conn.execute(select(alert.c.code, alert.c.cleared_at).order_by(alert.c.code)).all())


def signed(folder, *validity):
    """Our key with a certificate beside it."""
    (folder / "credentials").mkdir(exist_ok=True)
    key, authority = folder / "credentials/uk", folder / "authority"
    for path in (key, authority):
        path.write_bytes(new_key())
        path.chmod(0o600)
        path.with_name(f"{path.name}.pub").write_text(public_line(private_key(path.read_bytes())) + "\n")
    words = ["ssh-keygen", "-q", "-s", authority, "-I", "gateway", "-n", "gw", *validity, f"{key}.pub"]
    subprocess.run(words, check=True)


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs openssh-client")
def test_a_certificate_that_ends_soon_is_an_alarm_until_there_is_another(site):
    config = site.folder / "config"
    pin = public_line(private_key(new_key()))
    site.change(
        "partners/uk-customs.yaml",
        f"directory: {site.folder}/customs, every",
        f"sftp: gw@127.0.0.1:9, key: credential:uk, host_keys: [{pin}], every",
    )
    site.clock.at = datetime(2026, 9, 15, 8, tzinfo=UTC)
    signed(config, "-V", "20260101120000Z:20260925120000Z")
    with site.gate() as gate:
        mover = Watching(gate, ("mover",), lambda: False)
        mover.start()
        assert codes(gate) == {"DLV607": None}
        ends = read(generate_latest(REGISTRY))["gateway_certificate_seconds", ("connection", "uk-customs.live")]
        assert ends == datetime(2026, 9, 25, 12, tzinfo=UTC).timestamp()
        signed(config, "-V", "20260101120000Z:20280925120000Z")
        site.clock.at = datetime(2026, 9, 15, 10, tzinfo=UTC)
        mover.turn()
        site.clock.at = datetime(2026, 9, 15, 12, tzinfo=UTC)
        mover.turn()
        assert codes(gate)["DLV607"] is not None
        mover.end(by_itself=False)


def test_the_core_tells_nobody_and_looks_at_no_certificate(site):
    """It has neither network nor keys."""
    told = site.folder / "told"
    program = site.folder / "alert"
    program.write_text(f"#!/bin/sh\ncat >> {told}\n")
    program.chmod(0o700)
    site.change("gateway.yaml", "retention:", "alerts: {command: ../alert}\nretention:")
    with site.gate() as gate:
        with gate.journal.write() as conn:
            raise_alarm(conn, "INT962", "disk", {})
        core, mover = (Watching(gate, (role,), lambda: False) for role in ("core", "mover"))
        core.start()
        core.turn()
        core.end(by_itself=True)
        assert not told.exists()
        mover.start()
        mover.end(by_itself=True)
        assert "INT962" in told.read_text()


def test_a_gateway_that_is_stopped_does_not_wait_for_those_it_would_tell(site):
    program = site.folder / "alert"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o700)
    site.change("gateway.yaml", "retention:", "alerts: {command: ../alert}\nretention:")
    with site.gate() as gate:
        with gate.journal.write() as conn:
            raise_alarm(conn, "INT962", "disk", {})
        watching = Watching(gate, ("mover", "core"), lambda: True)
        watching.start()
        watching.end(by_itself=False)
        assert codes(gate) == {"INT962": None}
