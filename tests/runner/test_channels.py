"""Messages leave by a program and by mail: whole, bounded in time, without our secrets; what fails says so."""

import json
import smtplib
import socketserver
import threading
import time
from datetime import UTC, datetime
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest

from gateway.findings.errors import CredentialMissing
from gateway.runner.channels import PORTS, AlertNotSent, CommandChannel, MailChannel
from gateway.runner.program import ProgramFailed
from gateway.settings import CredentialReference, Credentials
from gateway.settings.addresses import Server
from gateway.settings.watching import Mail
from gateway.steps.watching.message import message_of
from gateway.steps.watching.notice import Alarm, Taken

AT = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)


def alarm(subject="uk.live", status="new", message="no connection to uk.live"):
    words = message, "Ask the partner", "gateway rule DLV602"
    return Alarm("DLV602", "delivery.unreachable", "error", subject, status, AT, 3, *words)


def message(*alarms):
    return message_of("GW1", Taken(AT, alarms or (alarm(),)))


def program(folder, text):
    path = folder / "alert"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return path


def test_the_program_gets_the_message_as_json_on_its_input(tmp_path):
    CommandChannel(program(tmp_path, f"cat > {tmp_path}/got; echo noise; echo noise >&2")).send(message())
    got = json.loads((tmp_path / "got").read_text())
    assert (got["schema_version"], got["gateway"], got["severity"]) == (1, "GW1", "error")
    assert got["counts"] == {"new": 1, "still": 0, "over": 0}
    (group,) = got["groups"]
    assert (group["code"], group["status"], group["count"]) == ("DLV602", "new", 1)
    assert group["alarms"][0]["subject"] == "uk.live"
    assert got["subject"] == "[GW1] alarms: 1 new, 0 still there, 0 over: no connection to uk.live"


def test_the_program_inherits_none_of_our_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials/gateway")
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/notify")
    CommandChannel(program(tmp_path, f"cat > /dev/null; env > {tmp_path}/env")).send(message())
    said = (tmp_path / "env").read_text()
    assert "PATH=" in said
    assert "CREDENTIALS" not in said
    assert "NOTIFY" not in said


@pytest.mark.parametrize(
    ("text", "why"), [("cat > /dev/null; exit 3", "ended with code 3"), ("exec 0<&-; exit 1", "code 1")]
)
def test_a_program_that_fails_has_not_told_anybody(tmp_path, text, why):
    with pytest.raises(ProgramFailed, match=why):
        CommandChannel(program(tmp_path, text)).send(message())


def test_a_program_that_does_not_read_its_input_is_fine_when_it_says_so(tmp_path):
    CommandChannel(program(tmp_path, "exit 0")).send(message(*(alarm(f"line-{n}" * 20) for n in range(5))))


def test_a_program_that_is_not_there_is_named_as_such(tmp_path):
    with pytest.raises(ProgramFailed, match="No such file"):
        CommandChannel(tmp_path / "nothing").send(message())


def test_a_program_that_does_not_end_is_ended_with_its_children(tmp_path):
    began = time.monotonic()
    channel = CommandChannel(program(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait"), seconds=0.5)
    with pytest.raises(ProgramFailed, match="had not ended after"):
        channel.send(message())
    assert time.monotonic() - began < 30
    child = (tmp_path / "child").read_text().strip()
    assert _gone(child)


def _gone(process):
    """Ended, or ended and not yet looked after by whoever is first in this machine."""
    for _ in range(100):
        try:
            with open(f"/proc/{process}/stat", encoding="ascii") as stat:  # noqa: PTH123
                if stat.read().split()[2] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


class Postbox(socketserver.ThreadingTCPServer):
    """A mail server that takes everything, or refuses what it is told to."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self, refuses=""):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.refuses, self.said, self.mails = refuses, [], []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def server(self):
        return Server("127.0.0.1", self.server_address[1])


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self._say(b"220 here")
        while line := self.rfile.readline():
            verb = line.split()[0].upper().decode()
            self.server.said.append(line.decode().strip())
            if verb == self.server.refuses:
                self._say(b"550 no")
            elif verb == "EHLO":
                self._say(b"250-here\r\n250 AUTH PLAIN")
            elif verb == "AUTH":
                self._say(b"235 welcome")
            elif verb == "DATA":
                self._say(b"354 go on")
                self.server.mails.append(self._data())
                self._say(b"250 taken")
            else:
                self._say(b"221 bye" if verb == "QUIT" else b"250 fine")

    def _say(self, text):
        self.wfile.write(text + b"\r\n")

    def _data(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return message_from_bytes(b"".join(lines), policy=policy.default)


@pytest.fixture
def postbox():
    with Postbox() as server:
        yield server
        server.shutdown()


def mail(server, **more):
    facts = {"to": ("duty@example.org", "night@example.org"), "sender": "gateway@example.org", "tls": "none"}
    return Mail(**facts | {"smtp": server} | more)


def channel(folder, settings, seconds=5.0):
    return MailChannel(settings, Credentials(folder, ""), ZoneInfo("Europe/Brussels"), seconds)


def test_mail_says_what_where_since_when_and_what_to_do(tmp_path, postbox):
    channel(tmp_path, mail(postbox.server)).send(message(alarm(), alarm("dk.live", "over", "no connection to dk.live")))
    (got,) = postbox.mails
    assert (got["From"], got["To"]) == ("gateway@example.org", "duty@example.org, night@example.org")
    assert got["Subject"] == "[GW1] alarms: 1 new, 0 still there, 1 over: no connection to uk.live"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Date"].datetime == AT
    assert got["Message-ID"].endswith("@example.org>")
    assert got.get_content().replace("\r", "") == (
        "error DLV602 (new): 1\n  no connection to uk.live (since 2026-09-15 10:00 CEST)\n"
        "  what to do: Ask the partner\n\n"
        "error DLV602 (over): 1\n  no connection to dk.live (since 2026-09-15 10:00 CEST)\n\n"
    )


def test_what_a_message_says_makes_no_header(tmp_path, postbox):
    channel(tmp_path, mail(postbox.server)).send(message(alarm(message="x\r\nBcc: other@example.org")))
    (got,) = postbox.mails
    assert got["Bcc"] is None


def test_the_password_is_read_when_it_is_needed(tmp_path, postbox):
    (tmp_path / "credentials").mkdir()
    secret = tmp_path / "credentials/mail"
    login = {"user": "gw", "password": CredentialReference("credential:mail")}
    with pytest.raises(CredentialMissing):
        channel(tmp_path, mail(postbox.server, **login)).send(message())
    secret.write_text("open sesame\n")
    secret.chmod(0o600)
    channel(tmp_path, mail(postbox.server, **login)).send(message())
    assert any(said.startswith("AUTH PLAIN") for said in postbox.said)
    assert len(postbox.mails) == 1


@pytest.mark.parametrize("refuses", ["MAIL", "RCPT", "DATA"])
def test_mail_that_the_server_refuses_has_not_left(tmp_path, refuses):
    with Postbox(refuses) as server:
        with pytest.raises(AlertNotSent):
            channel(tmp_path, mail(server.server)).send(message())
        server.shutdown()


def test_a_server_without_encryption_gets_nothing_where_that_is_wanted(tmp_path, postbox):
    with pytest.raises(AlertNotSent):
        channel(tmp_path, mail(postbox.server, tls="starttls")).send(message())
    with pytest.raises(AlertNotSent):
        channel(tmp_path, mail(postbox.server, tls="implicit"), seconds=1.0).send(message())
    assert postbox.mails == []


def test_a_server_that_is_not_there_or_says_nothing_is_given_up_in_time(tmp_path):
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as silent:
        where = Server("127.0.0.1", silent.server_address[1])
        with pytest.raises(AlertNotSent, match=r"Disconnected|imeout"):
            channel(tmp_path, mail(where), seconds=0.3).send(message())
    with pytest.raises(AlertNotSent, match="ConnectionRefused"):
        channel(tmp_path, mail(where), seconds=0.3).send(message())


def test_usual_ports_are_those_of_the_kinds_of_encryption():
    assert PORTS == {"starttls": 587, "implicit": smtplib.SMTP_SSL_PORT, "none": smtplib.SMTP_PORT}
