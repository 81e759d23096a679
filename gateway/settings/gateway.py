"""`gateway.yaml`: this gateway itself."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from gateway.settings.base import Section
from gateway.settings.database import Database, is_equipped
from gateway.settings.keeping import Anchors, AtRest, Retention
from gateway.settings.values import Credential, LocalPath, Size, Zone
from gateway.settings.watching import Alerts, Metrics

GatewayId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,6}$")]


class Gateway(Section):
    """Who this gateway is and where it keeps its state."""

    id: GatewayId = Field(
        description="up to six capitals or digits; stands in temporary names and default LRN prefixes", examples=["GW1"]
    )
    timezone: Zone = Field(
        description="zone of times shown to people, and of partners that name none", examples=["Europe/Brussels"]
    )
    state: LocalPath = Field(
        description="folder of journal and spool, on a local disk; of many hosts: one that all share",
        examples=["/var/lib/gateway"],
    )
    runner: Literal["local", "procrastinate"] = Field(
        "local", description="who wakes the steps: this host alone, or a queue for many hosts", examples=["local"]
    )
    journal: Database = Field(
        "",
        description="PostgreSQL database of the journal; absent: SQLite in the state folder",
        examples=["postgresql://gateway@db.example.org/gateway?sslmode=verify-full"],
    )
    journal_password: Credential | None = Field(
        None, description="password for that database", examples=["credential:journal"]
    )
    mappings: LocalPath | None = Field(
        None, description="folder with own tables and code lists, before the shipped ones", examples=["mappings"]
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(2, description="processes that translate", examples=["2"])

    @model_validator(mode="after")
    def _journal_serves_the_runner(self) -> Self:
        if self.journal_password is not None and not self.journal:
            raise PydanticCustomError("password_alone", "no database")
        if self.runner == "procrastinate" and not self.journal:
            raise PydanticCustomError("needs_server", "no database")
        if self.journal and not is_equipped():
            raise PydanticCustomError("not_equipped", "no driver")
        return self


class Limits(Section):
    """What is looked at: larger files and items are refused with a code, never read."""

    file: Size = Field("50 MB", validate_default=True, description="bytes of one file", examples=["50 MB"])
    items: Annotated[int, Field(ge=1, le=10_000_000)] = Field(
        50_000, description="items of one file", examples=["50000"]
    )
    item: Size = Field("1 MB", validate_default=True, description="bytes of one item", examples=["1 MB"])


class OwnLimits(Section):
    """Other limits for one partner: more for one that is known to send much, less for one that should not."""

    file: Size | None = Field(None, description="bytes of one file", examples=["200 MB"])
    items: Annotated[int, Field(ge=1, le=10_000_000)] | None = Field(
        None, description="items of one file", examples=["200000"]
    )
    item: Size | None = Field(None, description="bytes of one item", examples=["2 MB"])


class GatewayFile(Section):
    """The whole of `gateway.yaml`."""

    gateway: Gateway
    retention: Retention
    at_rest: AtRest = AtRest()
    audit: Anchors = Anchors()
    alerts: Alerts = Alerts()
    metrics: Metrics = Metrics()
    limits: Limits = Limits()
