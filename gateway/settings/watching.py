"""Who is told when a person is needed, and where figures about the gateway are shown."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gateway.settings.addresses import Door, Mailbox, MailServer
from gateway.settings.base import Section
from gateway.settings.values import BrakeRule, Credential, Duration, LocalPath, Size


class Mail(Section):
    """Alerts as e-mail."""

    to: Annotated[tuple[Mailbox, ...], Field(min_length=1)] = Field(
        description="who is told", examples=["[duty@example.org]"]
    )
    sender: Mailbox = Field(alias="from", description="who says so", examples=["gateway@example.org"])
    smtp: MailServer = Field(description="mail server, with a port where it is not the usual one",
                             examples=["mail.example.org:587"])  # fmt: skip
    tls: Literal["starttls", "implicit", "none"] = Field(
        "starttls", description="how the line is encrypted", examples=["starttls"]
    )
    user: str | None = Field(None, description="account at the mail server", examples=["gateway"])
    password: Credential | None = Field(None, description="of that account", examples=["credential:mail.password"])

    @model_validator(mode="after")
    def _password_stays_secret(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise PydanticCustomError("half_login", "user and password")
        if self.password is not None and self.tls == "none" and not self.smtp.is_here:
            raise PydanticCustomError("clear_password", "no encryption")
        return self


class Alerts(Section):
    """Whom to tell when a person is needed, and when one is."""

    command: LocalPath | None = Field(
        None, description="program that takes one alert as JSON on its input", examples=["/etc/gateway/alert"]
    )
    mail: Mail | None = Field(None, description="or e-mail, or both")
    repeat: Duration = Field(timedelta(hours=4), description="say it again after", examples=["4h"])
    quarantine: BrakeRule = Field(
        "100 of 200",
        validate_default=True,
        description="alarm when so many of the last items of a line could not be used",
        examples=["100 of 200"],
    )
    disk: Size = Field(
        "1 GB", validate_default=True, description="alarm when less is free for journal and spool", examples=["1 GB"]
    )
    certificate: Duration = Field(
        timedelta(days=21), description="alarm so long before a certificate of ours ends", examples=["21d"]
    )


class Metrics(Section):
    """Figures for Prometheus: as a file, over HTTP, or both."""

    textfile: LocalPath | None = Field(
        None,
        description="file that is replaced as a whole, for the node exporter's textfile collector",
        examples=["/var/lib/prometheus/node-exporter/gateway.prom"],
    )
    listen: Door | None = Field(None, description="address to answer at", examples=["127.0.0.1:9464"])
    anywhere: bool = Field(False, description="let `listen` name an address that others reach, too", examples=["false"])
    every: Duration = Field(timedelta(seconds=30), description="how often the file is written", examples=["30s"])

    @model_validator(mode="after")
    def _others_only_when_said(self) -> Self:
        if self.listen is not None and not self.listen.is_here and not self.anywhere:
            raise PydanticCustomError("open_door", "{address}", {"address": str(self.listen)})
        return self
