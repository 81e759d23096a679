"""Connections as the steps see them: one line to one server, with every rule that applies to it.

A connection is not a sender: a network mailbox carries several. What a partner behind a mailbox says of a format is
laid over what the mailbox says of it; what neither says has a safe default.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from gateway.settings.base import Section
from gateway.settings.names import FileName
from gateway.settings.partner import Environment, Line, Partner, Receives, Sends
from gateway.settings.values import Brake, Completion, CredentialReference, Schedule, Sftp, Tidy

SAFE_COMPLETION = Completion("stable", 2, timedelta(seconds=30))
SAFE_TIDY = Tidy("none")
PLAIN_NAME = FileName("{format}_{control_reference}.{syntax}")
MOST = 50_000  # messages in a file that is collected by time alone

Rule = TypeVar("Rule", bound=Section)


@dataclass(frozen=True)
class Inbound:
    """Files of one format in one folder. `partners` may have sent them: the header picks among these only."""

    partners: tuple[str, ...]
    format: str
    directory: str
    pattern: str
    complete: Completion
    after: Tidy


@dataclass(frozen=True)
class Outbound:
    """Files of one format for one partner."""

    partner: str
    format: str
    directory: str
    name: FileName
    per_file: int
    every: Schedule | None
    cut_off: timedelta | None
    timezone: ZoneInfo
    in_doubt: Literal["resend", "hold"]
    answer_within: timedelta | None
    receipt_within: timedelta | None
    brake: Brake | None
    lrn_unique: timedelta | None


@dataclass(frozen=True)
class Connection:
    """One account at one server. `name` is `partner.connection`; `carries` are the partners it serves."""

    name: str
    owner: str
    environment: Environment
    target: Sftp | Path
    key: CredentialReference | None
    passphrase: CredentialReference | None
    host_keys: tuple[str, ...]
    every: Schedule
    timezone: ZoneInfo
    carries: tuple[str, ...]
    probe: str | None
    publish: Literal["auto", "rename", "posix-rename", "hardlink"]
    requests: int | None
    channels: int | None
    inbound: tuple[Inbound, ...]
    outbound: tuple[Outbound, ...]

    def outbound_for(self, partner: str, format_name: str) -> Outbound | None:
        return next((o for o in self.outbound if (o.partner, o.format) == (partner, format_name)), None)


def resolve(partners: Mapping[str, Partner], zone: ZoneInfo) -> tuple[Connection, ...]:
    """Every line; `zone` is that of partners who name none."""
    return tuple(
        _connection(owner, name, line, _served(owner, line, partners), zone)
        for owner in partners.values()
        for name, line in owner.connections.items()
    )


def lay(upper: Rule, lower: Rule | None) -> Rule:
    """What `upper` leaves unsaid is taken from `lower`."""
    if lower is None:
        return upper
    return lower.model_copy(update={name: getattr(upper, name) for name in upper.model_fields_set})


def sends_of(partner: Partner, owner: Partner) -> Iterator[tuple[str, Sends]]:
    """A partner's sending rules on a line of `owner`, complete."""
    for name, rule in partner.sends.items():
        yield name, lay(rule, None if partner is owner else owner.sends.get(name))


def receives_of(partner: Partner, owner: Partner) -> Iterator[tuple[str, Receives]]:
    for name, rule in partner.receives.items():
        yield name, lay(rule, None if partner is owner else owner.receives.get(name))


def _served(owner: Partner, line: Line, partners: Mapping[str, Partner]) -> tuple[Partner, ...]:
    """Who may stand in a header: the owner, unless it is only the mailbox, and those it carries."""
    behind = (partners[name] for name in line.carries if name in partners and name != owner.partner)
    return (*(() if owner.party.role == "network" else (owner,)), *behind)


def _connection(owner: Partner, name: str, line: Line, served: tuple[Partner, ...], zone: ZoneInfo) -> Connection:
    target = line.sftp or line.directory
    assert target is not None  # the model demands one of them
    return Connection(
        name=f"{owner.partner}.{name}",
        owner=owner.partner,
        environment=line.environment,
        target=target,
        key=line.key,
        passphrase=line.passphrase,
        host_keys=line.host_keys,
        every=line.every,
        timezone=owner.timezone or zone,
        carries=tuple(partner.partner for partner in served),
        probe=line.probe,
        publish=line.publish,
        requests=line.requests,
        channels=line.channels,
        inbound=_inbound(owner, served),
        outbound=tuple(_outbound(owner, served, zone)),
    )


def _inbound(owner: Partner, served: tuple[Partner, ...]) -> tuple[Inbound, ...]:
    """One rule for a folder and format, whoever of the served partners uses it."""
    users: dict[tuple[str, str, str, Completion, Tidy], list[str]] = {}
    for partner in served:
        for name, rule in sends_of(partner, owner):
            if rule.files is None:
                continue
            place = (name, rule.files.directory, rule.files.pattern)
            users.setdefault((*place, rule.complete or SAFE_COMPLETION, rule.after or SAFE_TIDY), []).append(
                partner.partner
            )
    return tuple(Inbound(tuple(partners), *rule) for rule, partners in users.items())


def _outbound(owner: Partner, served: tuple[Partner, ...], zone: ZoneInfo) -> Iterator[Outbound]:
    for partner in served:
        for name, rule in receives_of(partner, owner):
            if rule.to is None:
                continue
            yield Outbound(
                partner=partner.partner,
                format=name,
                directory=rule.to,
                name=rule.name or PLAIN_NAME,
                per_file=rule.per_file or (MOST if rule.every else 1),
                every=rule.every,
                cut_off=rule.cut_off,
                timezone=partner.timezone or zone,
                in_doubt=rule.in_doubt or "resend",
                answer_within=rule.answer_within,
                receipt_within=rule.receipt_within,
                brake=rule.brake,
                lrn_unique=rule.lrn_unique,
            )
