"""`gateway partner`: who is configured, a file to begin with, a line tried, a server's key pinned."""

import os
import re
import shutil
import subprocess

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from gateway.cli.endings import DONE, UNREACHABLE, USAGE, fault_of
from gateway.cli.main import gateway as command
from gateway.demo.server import public_line
from gateway.settings import load
from gateway.settings.shipped import shipped_configuration
from gateway.transport import private_key
from tests.servers import free_port, running_demo_server

UK = "partners/uk-customs.yaml"


@pytest.fixture
def config(tmp_path):
    """The shipped one, with a state folder of its own: that of this machine's gateway is not ours."""
    copy = shutil.copytree(shipped_configuration(), tmp_path / "config", ignore=shutil.ignore_patterns("demo"))
    settings = copy / "gateway.yaml"
    settings.write_text(re.sub(r"state: [^,}]+", f"state: {tmp_path / 'state'}", settings.read_text()))
    return copy


@pytest.fixture
def gateway(config):
    """The command in this process: its exit code and what it says."""

    def run(*words):
        done = CliRunner().invoke(command, [*map(str, words), "--config", str(config)], standalone_mode=False)
        code = done.return_value if done.exception is None else fault_of(done.exception).exit_code
        return code, done.output + (str(done.exception) if done.exception else "")

    return run


@pytest.fixture
def server(tmp_path, config):
    """A server that the live line of customs leads to, under a key that nobody has pinned yet."""
    with running_demo_server(tmp_path / "server") as found:
        text = (config / UK).read_text()
        text = text.replace("gw@customs.example.org", f"{found.user}@127.0.0.1:{found.port}")
        (config / UK).write_text(text)
        key = config / "credentials/sftp.uk"
        key.parent.mkdir()
        shutil.copy(found.key_file, key)
        key.chmod(0o600)
        yield found


def fingerprint(server):
    kind, blob = server.host_key_line.split()[:2]
    from gateway.transport.dial import pins

    (key,) = pins([f"{kind} {blob}"])
    return key.fingerprint


def test_list_shows_lines_and_formats(gateway):
    code, said = gateway("partner", "list")
    assert code == DONE
    assert "island-post  Island Post (post, MU)\n  post-network.live" in said
    assert "  receives  customs/uk/h7" in said


def test_new_writes_a_file_that_can_be_filled_in(gateway, config):
    code, _ = gateway("partner", "new", "other-post")
    assert code == DONE
    assert (config / "partners/other-post.yaml").read_text().splitlines()[1].startswith("partner: other-post")
    assert gateway("partner", "new", "other-post")[0] == USAGE
    assert gateway("partner", "new", "Other Post")[0] == USAGE


def test_what_is_told_of_a_new_partner_is_filled_in(gateway, config, server):
    account = f"{server.user}@127.0.0.1:{server.port}"
    facts = ("--called", "Other Post", "--role", "carrier", "--country", "BE", "--sftp", account)
    code, said = gateway("partner", "new", "other-post", *facts)
    assert code == DONE and "gateway partner trust other-post.live" in said
    text = (config / "partners/other-post.yaml").read_text()
    for line in (
        'name: "Other Post"',
        "role: carrier",
        "country: BE",
        f"sftp: {account}",
        "key: credential:sftp.other-post",
    ):
        assert re.search(rf"^ *{re.escape(line)}( |$)", text, re.MULTILINE), line
    assert gateway("partner", "trust", "other-post.live", "--fingerprint", fingerprint(server))[0] == DONE
    settings, faults = load(config)
    assert settings is not None, faults
    assert settings.partners["other-post"].timezone is None, "the sample's zone is nobody's"
    assert settings.connection("other-post.live").host_keys == (" ".join(server.host_key_line.split()[:2]),)


@pytest.mark.parametrize("wrong", [("--sftp", "somewhere"), ("--country", "Belgium"), ("--role", "king")])
def test_a_new_partner_is_told_rightly_or_not_at_all(gateway, config, wrong):
    assert gateway("partner", "new", "other-post", *wrong)[0] == USAGE
    assert not (config / "partners/other-post.yaml").exists()


@pytest.mark.parametrize("called", ["Post: the other # one", r"Po\1st \g<2>", 'A "B"', "No"])
def test_whatever_a_new_partner_is_called_is_what_the_file_says(gateway, config, called):
    assert gateway("partner", "new", "other-post", "--called", called, "--sftp", "gw@edi.example.org")[0] == DONE
    assert YAML(typ="safe").load(config / "partners/other-post.yaml")["party"]["name"] == called


def test_trust_shows_a_key_and_pins_nothing_by_itself(gateway, config, server):
    before = (config / UK).read_text()
    code, said = gateway("partner", "trust", "uk-customs.live")
    assert code == DONE and fingerprint(server) in said and server.host_key_line in said
    assert (config / UK).read_text() == before


def test_trust_pins_the_key_that_a_person_names_beside_the_old_one(gateway, config, server):
    code, said = gateway("partner", "trust", "uk-customs.live", "--fingerprint", fingerprint(server))
    assert code == DONE and "pinned in" in said
    settings, faults = load(config)
    assert not faults
    pins = settings.connection("uk-customs.live").host_keys
    assert pins[0] == " ".join(server.host_key_line.split()[:2]) and len(pins) == 2
    said = gateway("partner", "trust", "uk-customs.live")[1]
    assert "pinned already" in said and "pinned besides: ssh-ed25519 SHA256:" in said


@pytest.mark.parametrize("written", ["host_keys: []", "host_keys:\n      - KEY\n      - KEY"])
def test_trust_writes_into_the_list_as_it_stands(gateway, config, server, written):
    _, text = (config / UK).read_text().split("connections:")
    key = text.partition("host_keys: [")[2].partition("]")[0]
    (config / UK).write_text(
        "partner: uk-customs\nparty: {name: Example Customs, role: customs}\nconnections:\n  live:\n"
        f"    environment: production\n    sftp: {server.user}@127.0.0.1:{server.port}\n"
        f"    key: credential:sftp.uk\n    {written.replace('KEY', key)}\n    every: 30s\n"
    )
    assert gateway("partner", "trust", "uk-customs.live", "--fingerprint", fingerprint(server))[0] == DONE
    from gateway.settings.source import read_file

    source, faults = read_file(config / UK, "a")
    assert not faults
    found = source.data["connections"]["live"]["host_keys"]
    assert found == [" ".join(server.host_key_line.split()[:2]), *[key] * written.count("KEY")]
    assert source.data["connections"]["live"]["every"] == "30s"


def test_the_only_file_of_a_partner_is_never_less_than_it_was(gateway, config, server, monkeypatch):
    before = (config / UK).read_bytes()
    seen = []
    keep = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (seen.append((config / UK).read_bytes()), keep(handle)))
    assert gateway("partner", "trust", "uk-customs.live", "--fingerprint", fingerprint(server))[0] == DONE
    assert seen[0] == before, "the new one is on the disk before it takes the place of the old one"
    assert seen[-1] == (config / UK).read_bytes() != before


@pytest.mark.usefixtures("server")
def test_a_key_with_another_fingerprint_is_not_pinned(gateway, config):
    before = (config / UK).read_text()
    code, said = gateway("partner", "trust", "uk-customs.live", "--fingerprint", "SHA256:else")
    assert code == USAGE and "nothing was pinned" in said
    assert (config / UK).read_text() == before


def test_trust_of_a_server_that_is_away_says_which(gateway, config):
    port = free_port()
    file = config / UK
    file.write_text(file.read_text().replace("gw@customs.example.org", f"gw@127.0.0.1:{port}"))
    code, said = gateway("partner", "trust", "uk-customs.live")
    assert code == UNREACHABLE and f"127.0.0.1 port {port} shows no key" in said and "refused" in said


def test_a_folder_is_no_server_that_could_be_tried(gateway, config, tmp_path):
    for folder in ("in", "out"):
        (tmp_path / "box" / folder).mkdir(parents=True)
    file = config / UK
    live = f"live: {{environment: production, directory: {tmp_path / 'box'}, every: 30s}}"
    file.write_text(re.sub(r"live: \{.*\}", live, file.read_text()))
    code, said = gateway("partner", "test", "uk-customs.live")
    assert code == DONE and "takes files" in said and "never tried" not in said


@pytest.mark.parametrize("name", ["uk-customs.lve", "uk-custom.live"])
def test_trust_of_a_line_that_is_not_there(gateway, name):
    assert gateway("partner", "trust", name)[0] == USAGE


def test_a_line_is_tried_with_its_folders_and_its_server(gateway, config, server):
    gateway("partner", "trust", "uk-customs.live", "--fingerprint", fingerprint(server))
    (config / UK).write_text((config / UK).read_text().replace("every: 30s", "every: 30s, probe: probe"))
    code, said = gateway("partner", "test", "uk-customs.live")
    assert code == DONE, said
    assert "uk-customs.live: login" in said and "publishing: by rename, which refuses a name that is taken" in said
    assert "requests on a channel, answered in order; 10 channels" in said and "profile: publish: rename" in said
    assert list((server.root / "probe").iterdir()) == []


def test_a_server_that_was_never_tried_is_told_with_what_that_means(gateway, server):
    gateway("partner", "trust", "uk-customs.live", "--fingerprint", fingerprint(server))
    code, said = gateway("partner", "test", "uk-customs.live")
    assert code == DONE and "was never tried" in said and "DLV640" in said


def test_what_a_server_can_do_is_kept_for_the_daemon_and_listed(gateway, config, server):
    from gateway.runner.gates import load_settings, open_gate
    from gateway.steps.lines.capabilities import known

    gateway("partner", "trust", "uk-customs.live", "--fingerprint", fingerprint(server))
    (config / UK).write_text((config / UK).read_text().replace("every: 30s", "every: 30s, probe: probe"))
    with open_gate(load_settings(config / "gateway.yaml")) as gate:
        line = gate.hub.connections["uk-customs.live"]
        assert known(gate, line) is None
    assert gateway("partner", "test", "uk-customs.live")[0] == DONE
    with open_gate(load_settings(config / "gateway.yaml"), create=False) as gate:
        found = known(gate, line)
        assert found and (found.publish_mode, found.channels) == ("rename", 10)
    assert f"{found.banner}: rename, 256 x 4" in gateway("partner", "list")[1]


def test_days_left_of_our_certificate_are_told(gateway, config, server):
    key = config / "credentials/sftp.uk"
    authority = config / "authority"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", authority], check=True)
    public = key.with_name(f"{key.name}.pub")
    public.write_text(f"{public_line(private_key(key.read_bytes()))}\n")
    subprocess.run(["ssh-keygen", "-q", "-s", authority, "-I", "gw", "-n", "gw", "-V", "+10d", public], check=True)
    assert "our certificate holds for 9 days" in gateway("partner", "list")[1]
    gateway("partner", "trust", "uk-customs.live", "--fingerprint", fingerprint(server))
    assert "certificate: ends in 9 days" in gateway("partner", "test", "uk-customs.live")[1]


@pytest.mark.usefixtures("server")
def test_a_server_with_another_key_is_not_spoken_to(gateway):
    code, said = gateway("partner", "test", "uk-customs.live")
    assert code == UNREACHABLE and "DLV601" in said


def test_an_unknown_partner_has_a_suggestion(gateway):
    code, said = gateway("partner", "test", "uk-custom")
    assert code == USAGE and "`uk-customs`" in said
