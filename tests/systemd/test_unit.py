"""The systemd unit: accepted by systemd, exposed as little as promised, starting the command that exists."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNIT = SYSTEMD / "gateway.service"

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")


def directives(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^(\w+)=(.*)$", text, flags=re.MULTILINE)


@needs_systemd
def test_unit_and_example_drop_in_are_accepted():
    done = subprocess.run([SYSTEMD / "verify", UNIT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs_systemd
def test_verification_finds_a_misspelt_directive(tmp_path):
    broken = tmp_path / "gateway.service"
    broken.write_text(UNIT.read_text().replace("WatchdogSec=", "WatchdogSecs="))
    done = subprocess.run([SYSTEMD / "verify", broken], capture_output=True, text=True, check=False)
    assert "WatchdogSecs" in done.stdout + done.stderr


@needs_systemd
def test_exposure_is_at_most_one_and_a_half():
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", UNIT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) <= 1.5


def test_unit_notifies_and_is_watched():
    said = dict(directives(UNIT.read_text()))
    assert said["Type"] == "notify"
    assert int(said["WatchdogSec"]) >= 30
    assert said["ExecStart"].split()[1:] == ["run", "--config", "%E/gateway/gateway.yaml"]


def test_no_secret_and_no_partner_stands_in_the_unit():
    said = directives(UNIT.read_text())
    assert not [name for name, _ in said if name.startswith("LoadCredential")]
    assert [value for name, value in said if name == "IPAddressAllow"] == ["localhost"]
