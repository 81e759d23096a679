"""The configuration from the command line: written, checked, shown, described."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def config(gateway, tmp_path):
    assert gateway("init", tmp_path / "config").code == 0
    return tmp_path / "config"


def spoil(config, file, old, new):
    path = config / file
    path.write_text(path.read_text().replace(old, new))


def test_init_writes_a_configuration_that_validates(gateway, config):
    assert gateway("config", "validate", config).code == 0
    assert not (config / "demo").exists()


def test_init_keeps_credentials_to_itself(config):
    assert (config / "credentials").stat().st_mode & 0o777 == 0o700


def test_init_never_writes_into_a_folder_with_something_in_it(gateway, config):
    said = gateway("init", config)
    assert said.code == 2
    assert "is not empty" in said.err


def test_faults_are_shown_with_their_line_and_what_to_do(gateway, config):
    spoil(config, "partners/example-post.yaml", "role: post", "role: psot")
    said = gateway("config", "validate", config)
    assert said.code == 3
    assert said.err.splitlines()[:5] == [
        "error[CFG107]: `psot` is not allowed here",
        "  --> config/partners/example-post.yaml:3:35",
        "  3 | party: {name: Example Post, role: psot, country: FR, ids: {upu: FRA}}",
        "   = fix:    did you mean `post`?",
        "   = more:   gateway rule CFG107",
    ]


def test_faults_are_in_the_envelope(gateway, config):
    spoil(config, "partners/example-post.yaml", "role: post", "role: psot")
    spoil(config, "routes.yaml", "default: hold", "default: hlod")
    said = gateway("config", "validate", config, "--json")
    assert (said.code, said.err) == (3, "")
    assert said.codes == ["CFG107", "CFG107"]
    assert said.json["error"]["type"] == "ConfigurationInvalid"
    assert said.json["findings"][1]["source"]["path"] == "config/partners/example-post.yaml:3:35"


def test_configuration_is_found_from_the_folder_above(gateway, config):
    assert gateway("config", "show", cwd=config.parent).code == 0
    assert gateway("config", "show", cwd=config).code == 0


def test_without_configuration_the_way_out_is_named(gateway, tmp_path):
    said = gateway("config", "show", cwd=tmp_path)
    if Path("/etc/gateway/gateway.yaml").exists():
        pytest.skip("this machine has a gateway configured")
    assert said.code == 3
    assert "gateway init" in said.err


def test_show_has_no_secret(gateway, config):
    (config / "credentials/sftp.example-post").write_text("CANARY")
    said = gateway("config", "show", "--config", config)
    assert "credential:sftp.example-post" in said.out
    assert "CANARY" not in said.out
    assert gateway("config", "show", "--config", config, "--json").json["data"]["gateway"]["id"] == "GW1"


CANARY = "S3CRETb3Blbn"
PASTED = [
    ("partners/example-post.yaml", "key: credential:sftp.example-post,", f'key: "-----BEGIN KEY-----{CANARY}",'),
    ("partners/example-post.yaml", "key: credential:sftp.example-post,", f"key: {CANARY},"),
    ("partners/example-post.yaml", "sftp: gw@", f"sftp: gw:{CANARY}@"),
    ("partners/example-post.yaml", "key: credential", f"password: {CANARY}, key: credential"),
    ("partners/example-post.yaml", "key: credential", f"evry: 1s, pass: {CANARY}, key: credential"),
    ("partners/example-post.yaml", "key: credential", f"password: *{CANARY}, key: credential"),
    ("gateway.yaml", "gateway: {", f'gateway: {{journal: "postgresql://u:{CANARY}@h/x", '),
    ("gateway.yaml", "gateway: {", f'gateway: {{journal: "postgresql://u@h/x?sslpassword={CANARY}", '),
    ("gateway.yaml", "gateway: {", f'gateway: {{journal: "postgresql://u@h/x", journal_password: {CANARY}, '),
]


@pytest.mark.parametrize("pasted", range(len(PASTED)))
def test_a_secret_in_the_configuration_is_refused_and_not_quoted(gateway, config, pasted):
    file, old, new = PASTED[pasted]
    assert old in (config / file).read_text()
    spoil(config, file, old, new)
    for words in (("config", "validate"), ("config", "validate", "--json"), ("config", "show"), ("run", "--once")):
        said = gateway(*words, "--config", config)
        assert said.code == 3, words
        assert CANARY not in said.out + said.err, words


def test_what_belongs_in_the_place_of_a_secret_is_said(gateway, config):
    spoil(config, "partners/example-post.yaml", "sftp: gw@", f"sftp: gw:{CANARY}@")
    assert "`***` is not an account such as user@host" in gateway("config", "validate", config).err


@pytest.mark.parametrize("kind", ["gateway", "partner", "routes"])
def test_schema_is_json_schema(gateway, kind):
    assert json.loads(gateway("config", "schema", kind).out)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize("kind", ["gateway", "partner", "routes"])
def test_sample_explains_every_key(gateway, kind):
    assert "  # " in gateway("config", "sample", kind).out
