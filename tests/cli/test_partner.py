"""`gateway partner`: who is configured, a file to begin with, a line tried, a server's key pinned."""

import shutil

import pytest
from click.testing import CliRunner

from gateway.cli.endings import DONE, UNREACHABLE, USAGE
from gateway.cli.main import gateway as command
from gateway.settings import load
from gateway.settings.shipped import shipped_configuration
from tests.servers import running_demo_server

UK = "partners/uk-customs.yaml"


@pytest.fixture
def config(tmp_path):
    return shutil.copytree(shipped_configuration(), tmp_path / "config", ignore=shutil.ignore_patterns("demo"))


@pytest.fixture
def gateway(config):
    """The command in this process: its exit code and what it says."""

    def run(*words):
        done = CliRunner().invoke(command, [*map(str, words), "--config", str(config)], standalone_mode=False)
        code = done.return_value if done.exception is None else USAGE
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
    assert "pinned already" in gateway("partner", "trust", "uk-customs.live")[1]


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


@pytest.mark.usefixtures("server")
def test_a_key_with_another_fingerprint_is_not_pinned(gateway, config):
    before = (config / UK).read_text()
    code, said = gateway("partner", "trust", "uk-customs.live", "--fingerprint", "SHA256:else")
    assert code == USAGE and "nothing was pinned" in said
    assert (config / UK).read_text() == before


@pytest.mark.parametrize("name", ["uk-customs.lve", "uk-custom.live"])
def test_trust_of_a_line_that_is_not_there(gateway, name):
    assert gateway("partner", "trust", name)[0] == USAGE


def test_a_line_is_tried_with_its_folders_and_its_server(gateway, config, server):
    gateway("partner", "trust", "uk-customs.live", "--fingerprint", fingerprint(server))
    (config / UK).write_text((config / UK).read_text().replace("every: 30s", "every: 30s, probe: probe"))
    code, said = gateway("partner", "test", "uk-customs.live")
    assert code == DONE, said
    assert "uk-customs.live: login" in said and "published by rename" in said
    assert list((server.root / "probe").iterdir()) == []


@pytest.mark.usefixtures("server")
def test_a_server_with_another_key_is_not_spoken_to(gateway):
    code, said = gateway("partner", "test", "uk-customs.live")
    assert code == UNREACHABLE and "DLV601" in said


def test_an_unknown_partner_has_a_suggestion(gateway):
    code, said = gateway("partner", "test", "uk-custom")
    assert code == USAGE and "`uk-customs`" in said
