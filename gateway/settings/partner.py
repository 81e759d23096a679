"""`partners/<name>.yaml`: one party we exchange messages with, its lines, what it sends and what it receives."""

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from gateway.settings.base import Section
from gateway.settings.gateway import OwnLimits
from gateway.settings.hostkeys import HostKey
from gateway.settings.keeping import OwnRetention
from gateway.settings.names import FileNameTemplate
from gateway.settings.values import (
    BrakeRule,
    CompletionRule,
    Credential,
    CutOff,
    Duration,
    Files,
    Folder,
    LocalPath,
    Schedule,
    SftpAccount,
    TidyRule,
    Timetable,
    Zone,
)

Environment = Literal["production", "test"]
Role = Literal["post", "carrier", "platform", "customs", "network"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Party(Section):
    """Who the partner is."""

    name: str = Field(description="as people call it", examples=["Example Post"])
    role: Role = Field(description="what it is in the exchange; routes choose by it", examples=["post"])
    country: Country | None = Field(None, description="ISO 3166 alpha-2", examples=["FR"])
    language: Literal["en", "fr", "es"] = Field(
        "en", description="of the words in which it is told why an item was refused", examples=["fr"]
    )
    ids: dict[str, str] = Field(
        {}, description="identifiers in messages, by scheme; may be `credential:<name>`", examples=["{upu: FRA}"]
    )


class Line(Section):
    """One account at one partner: a *connection*. Its environment is the environment of all that comes by it."""

    environment: Environment = Field(
        description="production or test; a message can only lower it", examples=["production"]
    )
    sftp: SftpAccount | None = Field(
        None, description="account at an SFTP server", examples=["gw@edi.example.org:2222/drop"]
    )
    directory: LocalPath | None = Field(
        None, description="or a folder on this machine", examples=["/srv/exchange/example-post"]
    )
    key: Credential | None = Field(None, description="our private key", examples=["credential:sftp.example-post"])
    passphrase: Credential | None = Field(
        None, description="of the private key", examples=["credential:sftp.example-post.passphrase"]
    )
    host_keys: tuple[HostKey, ...] = Field(
        (), description="public keys of the server; two during a rotation", examples=["[ssh-ed25519 AAAA…]"]
    )
    every: Timetable = Field(Schedule(timedelta(seconds=60)), description="how often we look", examples=["60s"])
    carries: tuple[Name, ...] = Field(
        (), description="partners behind this mailbox; a header picks among them only", examples=["[island-post]"]
    )
    probe: Folder | None = Field(
        None, description="folder at the partner where we may try what its server can do", examples=["probe"]
    )

    publish: Literal["auto", "rename", "posix-rename", "hardlink"] = Field(
        "auto",
        description="how a file gets its final name: `auto` is what the probe found to be safe, without one `rename`",
        examples=["auto"],
    )
    requests: Annotated[int, Field(ge=1, le=1024)] | None = Field(
        None,
        description="requests under way at a time on a channel; absent: what the probe found, without one 16",
        examples=["64"],
    )
    channels: Annotated[int, Field(ge=1, le=10)] | None = Field(
        None, description="sessions on the one connection; absent: one, or more where one takes little", examples=["1"]
    )

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.sftp is None) == (self.directory is None):
            raise PydanticCustomError("target", "one of sftp and directory")
        missing = [name for name in ("key", "host_keys") if self.sftp and not getattr(self, name)]
        if missing:
            raise PydanticCustomError("missing", "{missing}", {"missing": missing[0]})
        return self


class Numbering(Section):
    """References that run: ITM0041, ITM0042. They differ in a number at their end and in nothing else."""

    of: Literal["control_reference", "reference"] = Field(
        "control_reference",
        description="which one of the message's head: that of the interchange, or of the message in it",
        examples=["control_reference"],
    )
    grace: Duration = Field(description="alarm when a number is missing for so long", examples=["2h"])
    digits: Annotated[int, Field(ge=1, le=17)] | None = Field(
        None,
        description="so many digits at the end run, and begin anew after the last number; absent: all of them",
        examples=["4"],
    )
    shared: bool = Field(False, description="one run for all formats of the sender that say so", examples=["true"])


class Sends(Section):
    """Files of one format that the partner leaves for us."""

    files: Files | None = Field(None, alias="from", description="folder and pattern", examples=["out/itmatt/*.xml"])
    complete: CompletionRule | None = Field(
        None,
        description="when a file is whole: `rename`, `stable 2 polls 30s`, `done-file *.done`",
        examples=["rename"],
    )
    after: TidyRule | None = Field(
        None, description="once we have it: `delete`, `none`, `move to done/`", examples=["move to done/"]
    )
    sequence: Numbering | None = Field(
        None, description="its references run, a missing one is looked for; absent: they do not run"
    )


class Receives(Section):
    """Files of one format that we leave for the partner."""

    to: Folder | None = Field(None, description="folder", examples=["in/cusrsp"])
    name: FileNameTemplate | None = Field(
        None,
        description="final name; placeholders: lrn, control_reference, format, syntax, gateway",
        examples=['"CUSRSP_{control_reference}.xml"'],
    )
    per_file: Annotated[int, Field(ge=1, le=50_000)] | None = Field(
        None,
        description="messages in one file; absent: one, or what was collected by `every`",
        examples=["500"],
    )
    every: Timetable | None = Field(None, description="collect for so long; absent: at once", examples=["5m"])
    cut_off: CutOff | None = Field(
        None,
        description="collect no longer than until then, where a parcel says when its transport leaves",
        examples=["2h before departure"],
    )
    answer_within: Duration | None = Field(None, description="alarm when no answer came", examples=["2h"])
    receipt_within: Duration | None = Field(
        None,
        description="alarm when customs has said nothing about a file: any answer about a filing in it is its receipt",
        examples=["30m"],
    )
    in_doubt: Literal["resend", "hold"] | None = Field(
        None,
        description="when a delivery may or may not have arrived: send the same again, or a person decides",
        examples=["resend"],
    )
    lrn_unique: Duration | None = Field(
        None,
        description="the partner keeps LRNs apart for so long after acceptance; later ones count with their MRN only",
        examples=["2d"],
    )
    brake: BrakeRule | None = Field(None, description="stop filing when so many were refused", examples=["20 of 50"])


class Quiet(Section):
    """How long silence is normal."""

    warn: Duration = Field(description="no file for so long: alarm", examples=["6h"])


class Holds(Section):
    """How long what it sent may wait for a person here."""

    expire: Duration = Field(
        description="held and quarantined items go back after so long, the sender is told why", examples=["14d"]
    )


class Partner(Section):
    """The whole of `partners/<name>.yaml`."""

    partner: Name = Field(
        description="small letters, digits and dashes; the name of the file", examples=["example-post"]
    )
    party: Party
    timezone: Zone | None = Field(
        None,
        description="zone of its cron lines and of times its messages give without one; absent: the gateway's",
        examples=["Europe/Paris"],
    )
    connections: dict[Name, Line] = Field({}, description="one for each environment")
    via: Name | None = Field(None, description="or: behind this network mailbox", examples=["post-network"])
    sends: dict[str, Sends] = Field({}, description="formats it sends")
    receives: dict[str, Receives] = Field({}, description="formats it receives")
    quiet: Quiet | None = Field(None, description="how long silence is normal")
    holds: Holds | None = Field(None, description="how long items may wait for a person; absent: for ever")
    limits: OwnLimits = Field(OwnLimits(), description="limits of its own, in place of those of gateway.yaml")
    retention: OwnRetention = Field(OwnRetention(), description="times of its own, in place of those of gateway.yaml")
    settings: dict[str, str] = Field(
        {}, description="values for the authority's rules", examples=["{declarant-id: GB123456789000, lrn-prefix: GW1}"]
    )
    record: dict[str, Any] = Field(
        {},
        description="what the filer knows, laid under each record that is filed with it; keys of the model",
        examples=["{declarant: {name: Example Broker, ids: [{kind: EORI, id: GB123456789000}]}}"],
    )
