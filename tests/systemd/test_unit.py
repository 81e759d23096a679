"""The systemd units: accepted by systemd, exposed as little as promised, starting the commands that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gateway.cli.endings import fault_of
from gateway.findings.errors import BackupUnusable, ConfigurationInvalid, CredentialMissing, StateLocked
from gateway.journal.store import JournalUnavailable

SYSTEMD = Path(__file__).parents[2] / "systemd"
SERVICES = ("gateway.service", "gateway-mover.service", "gateway-core.service")
SHARED = SYSTEMD / "gateway-.service.d/10-sandbox.conf"
MOST = {"gateway.service": 1.0, "gateway-mover.service": 1.0, "gateway-core.service": 0.5}

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")


def directives(name):
    """What a unit says, with what is laid over it."""
    text = (SYSTEMD / name).read_text() + SHARED.read_text()
    return re.findall(r"^(\w+)=(.*)$", text, flags=re.MULTILINE)


def verify(folder, *names):
    return subprocess.run(
        [folder / "verify", *[folder / name for name in names]], capture_output=True, text=True, check=False
    )


@needs_systemd
def test_units_and_example_drop_ins_are_accepted_and_exposed_as_little_as_promised():
    done = verify(SYSTEMD, *SERVICES, "gateway.target")
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.findall(r"Overall exposure level for (\S+): ([\d.]+)", done.stdout)
    assert [name for name, _ in found] == list(SERVICES) and not done.stderr
    assert all(float(level) <= MOST[name] for name, level in found), found


@needs_systemd
def test_verification_finds_a_misspelt_directive(tmp_path):
    folder = shutil.copytree(SYSTEMD, tmp_path / "systemd", symlinks=True)
    broken = folder / "gateway-core.service"
    broken.write_text(broken.read_text().replace("PrivateNetwork=", "PrivateNetworks="))
    done = verify(folder, "gateway-core.service")
    assert "PrivateNetworks" in done.stdout + done.stderr


@needs_systemd
def test_a_unit_without_what_protects_it_does_not_pass(tmp_path):
    folder = shutil.copytree(SYSTEMD, tmp_path / "systemd", symlinks=True)
    (folder / "gateway-.service.d/10-sandbox.conf").write_text("")
    assert verify(folder, "gateway-core.service").returncode != 0


def test_the_single_unit_is_protected_by_the_same_file():
    assert (SYSTEMD / "gateway.service.d/10-sandbox.conf").resolve() == SHARED


@pytest.mark.parametrize("name", SERVICES)
def test_units_notify_and_are_watched(name):
    said = dict(directives(name))
    assert said["Type"] == "notify"
    assert int(said["WatchdogSec"]) >= 30
    role = ["--role", name[8:-8]] if "-" in name else []
    assert said["ExecStart"].split()[1:] == ["run", *role, "--config", "%E/gateway/gateway.yaml"]


@pytest.mark.parametrize("name", SERVICES)
def test_what_passes_ends_no_unit_for_good_and_a_wrong_configuration_does(name):
    """Started anew without end while a database is away; a unit that a person must see to is `failed` at once."""
    said = dict(directives(name))
    assert (said["Restart"], said["StartLimitIntervalSec"]) == ("on-failure", "0")
    assert 1 <= int(said["RestartSec"]) <= 60
    for_a_person = set(said["RestartPreventExitStatus"].split())
    assert for_a_person == {str(fault_of(error).exit_code) for error in (ConfigurationInvalid(), CredentialMissing())}
    passing = (JournalUnavailable(), StateLocked(), OSError(28, "No space left on device", "state"), BackupUnusable())
    assert not for_a_person & {str(fault_of(error).exit_code) for error in passing}


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_and_no_partner_stands_in_a_unit(name):
    said = directives(name)
    assert not [value for key, value in said if key.startswith("LoadCredential")]
    assert [value for key, value in said if key == "IPAddressAllow"] == ["localhost"]


def test_the_core_has_no_network_and_its_example_no_key_of_a_partner():
    said = directives("gateway-core.service")
    assert ("PrivateNetwork", "yes") in said
    assert [value for key, value in said if key == "RestrictAddressFamilies"] == ["AF_UNIX"]
    assert "sftp" not in (SYSTEMD / "gateway-core.service.d/credentials.conf.example").read_text()
