"""Parts of `gateway.yaml` about what is kept: for how long, sealed for whom, and how the audit trail is vouched for."""

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gateway.settings.base import Section
from gateway.settings.values import AgeRecipient, Credential, Duration, LocalPath


class Retention(Section):
    """How long each class of data is kept before it is purged, counted from the day it came."""

    raw: Duration = Field(description="bytes as received", examples=["90d"])
    record: Duration = Field(description="accepted records, and the names of the files they came in", examples=["3y"])
    filed: Duration = Field(description="declarations and answers as sent", examples=["3y"])
    findings: Duration | None = Field(
        None, description="values quoted in findings; absent: as long as records", examples=["1y"]
    )
    identifiers: Duration | None = Field(
        None,
        description="item and order numbers; then keyed hashes, found by the exact number; absent: as long as `filed`",
        examples=["3y"],
    )

    def span(self, kind: str) -> timedelta:
        """How long a class is kept."""
        kept = {"findings": self.findings or self.record, "identifiers": self.identifiers or self.filed}
        found: timedelta = kept[kind] if kind in kept else getattr(self, kind)
        return found


class OwnRetention(Section):
    """Other times for what one partner sent, or was sent."""

    raw: Duration | None = Field(None, description="bytes as received", examples=["30d"])
    record: Duration | None = Field(None, description="accepted records and names of files", examples=["1y"])
    filed: Duration | None = Field(None, description="declarations and answers as sent", examples=["5y"])
    findings: Duration | None = Field(None, description="values quoted in findings", examples=["90d"])
    identifiers: Duration | None = Field(None, description="item and order numbers", examples=["1y"])

    def over(self, common: Retention) -> Retention:
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return common.model_copy(update={name: span for name, span in own.items() if span is not None})


class AtRest(Section):
    """Stored bytes are sealed with age (age-encryption.org): copies and backups are of no use without the identity."""

    recipients: tuple[AgeRecipient, ...] = Field(
        (), description="public keys that may open what is stored from now on; a second one may lie in a safe",
        examples=["[age1…]"],
    )  # fmt: skip
    identity: Credential | None = Field(
        None, description="the private key of one of them, for the gateway itself", examples=["credential:spool"]
    )

    @model_validator(mode="after")
    def _can_be_opened(self) -> Self:
        if self.recipients and self.identity is None:
            raise PydanticCustomError("sealed_for_ever", "no identity")
        return self


class Anchors(Section):
    """Once a day the head of the audit trail is written down elsewhere, so that a tail that was cut off is seen."""

    anchors: LocalPath | None = Field(
        None,
        description="file that takes a line a day, best on another machine's disk; absent: `audit.anchors` beside "
        "the journal",
        examples=["/mnt/vault/gateway.anchors"],
    )
    command: LocalPath | None = Field(
        None, description="program that takes the line on its input, too", examples=["/etc/gateway/anchor"]
    )
    every: Duration = Field(timedelta(days=1), description="how often", examples=["1d"])
