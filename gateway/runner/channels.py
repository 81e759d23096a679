"""Ways by which people are told: a program of the operator's, and e-mail. Each is bounded in time and raises one error.

The program gets one message as JSON on its input (`gateway.runner.program`). Mail is plain text (RFC 5322), marked as
written by a machine (RFC 3834).
"""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.findings.errors import GatewayFault, Retryable
from gateway.findings.failpoint import effect
from gateway.findings.telling import clean
from gateway.runner import program
from gateway.settings import Credentials, Settings
from gateway.settings.watching import Mail
from gateway.steps.watching.message import Message, as_text

SECONDS = 30.0  # for each answer of a mail server
PORTS = {"starttls": 587, "implicit": 465, "none": 25}


class AlertNotSent(GatewayFault, Retryable):
    """An alert did not leave."""


class CommandChannel:
    """A program of the operator's."""

    name = "command"

    def __init__(self, path: Path, seconds: float = program.SECONDS) -> None:
        self._program, self._seconds = path, seconds

    def send(self, message: Message) -> None:
        """Run the program with the message on its input. Raises: ProgramFailed."""
        with effect("alert.command"):
            program.hand_to(self._program, message.as_json(), self._seconds)


class MailChannel:
    """E-mail by a server that takes it from us."""

    name = "mail"

    def __init__(self, mail: Mail, credentials: Credentials, zone: ZoneInfo, seconds: float = SECONDS) -> None:
        self._mail, self._credentials, self._zone, self._seconds = mail, credentials, zone, seconds

    def send(self, message: Message) -> None:
        """Raises: AlertNotSent, CredentialMissing."""
        letter = self._letter(message)
        with effect("alert.mail"):
            try:
                with self._server() as server:
                    self._log_in(server)
                    server.send_message(letter)
            except (OSError, smtplib.SMTPException) as error:
                raise AlertNotSent(type(error).__name__) from error  # its text may quote what the server said

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"] = self._mail.sender, ", ".join(self._mail.to)
        letter["Subject"], letter["Date"] = clean(message.subject), format_datetime(message.at)
        letter["Message-ID"] = make_msgid(domain=self._mail.sender.rpartition("@")[2])
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(as_text(message, self._zone))
        return letter

    def _server(self) -> smtplib.SMTP:
        where = self._mail.smtp
        address = (where.host, where.port or PORTS[self._mail.tls])
        if self._mail.tls == "implicit":
            return smtplib.SMTP_SSL(*address, timeout=self._seconds, context=ssl.create_default_context())
        server = smtplib.SMTP(*address, timeout=self._seconds)
        if self._mail.tls == "starttls":
            _secured(server)
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self._mail.user and self._mail.password:
            server.login(self._mail.user, self._credentials(self._mail.password).decode().strip())


def _secured(server: smtplib.SMTP) -> None:
    try:
        server.starttls(context=ssl.create_default_context())
    except BaseException:
        server.close()
        raise


def channels_of(settings: Settings, credentials: Credentials) -> tuple[CommandChannel | MailChannel, ...]:
    """Every way that the configuration names."""
    alerts, zone = settings.alerts, settings.gateway.timezone
    command = [CommandChannel(settings.folder / alerts.command)] if alerts.command else []
    return (*command, *([MailChannel(alerts.mail, credentials, zone)] if alerts.mail else []))
