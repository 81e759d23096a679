"""An exception's class decides the exit code; a bug's text is never shown."""

import json

import click
import pytest

from gateway.cli.endings import run
from gateway.findings import errors


def failing(error):
    @click.command()
    @click.option("--json", "as_json", is_flag=True)
    def command(as_json):  # noqa: ARG001
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ConfigurationInvalid(), 3),
        (errors.MappingInvalid(), 3),
        (errors.CredentialMissing(), 3),
        (errors.PartnerUnreachable(), 4),
        (errors.HostKeyMismatch(), 4),
        (errors.LoginRefused(), 4),
        (errors.StateLocked(), 5),
        (errors.RemoteChanged(), 1),
        (errors.JournalFault(), 6),
        (click.UsageError("no"), 2),
        (click.Abort(), 130),
        (KeyError("Zephyrine Canarybird"), 6),
        (PermissionError(13, "Permission denied", "/no/such"), 2),
        (OSError(28, "No space left on device"), 6),
    ],
)
def test_class_decides_the_exit_code(error, code, capfd):
    assert run(failing(error), []) == code
    _, said = capfd.readouterr()
    assert said.startswith("error: ")
    assert "Canarybird" not in said


def test_error_in_the_envelope_says_whether_to_retry(capfd):
    assert run(failing(errors.PartnerUnreachable("example-post.live")), ["--json"]) == 4
    out, err = capfd.readouterr()
    assert err == ""
    assert json.loads(out)["error"] == {
        "type": "PartnerUnreachable",
        "message": "example-post.live",
        "exit_code": 4,
        "retryable": True,
        "hint": "",
    }


@pytest.mark.parametrize(
    ("error", "way"), [(errors.StateLocked("held"), "stop it first"), (errors.JournalFault("no"), "gateway doctor")]
)
def test_what_ends_a_command_names_the_next_step(error, way, capfd):
    run(failing(error), [])
    assert way in capfd.readouterr().err


def test_a_name_that_is_no_utf_8_is_told_all_the_same(capfd):
    for words in ([], ["--json"]):
        assert run(failing(click.BadParameter("nothing in bad\udcff.xml")), words) == 2
    out, err = capfd.readouterr()
    assert "bad\\udcff.xml" in json.loads(out)["error"]["message"]
    assert "bad\ufffd.xml" in err


def test_what_a_name_holds_cannot_move_the_cursor(capfd):
    assert run(failing(errors.ConfigurationInvalid("bad\x1b[2J\u202e.yaml")), []) == 3
    _, err = capfd.readouterr()
    assert "\x1b[2J" not in err
    assert "\u202e" not in err
