"""`routes.yaml`: who files what with whom, what holds an item, and what the sender is told. The first match wins."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from gateway.settings.base import Section
from gateway.settings.partner import Name, Role
from gateway.settings.values import Duration

Change = Literal["hold", "amend"]
Policy = Literal["hold", "warn", "quarantine", "file"]
AnswerOn = Literal["refused", "accepted", "rejected", "held", "changed", "released"]


def _listed(value: Any) -> Any:
    """One value where a list may stand."""
    return [value] if isinstance(value, str) else value


Values = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Partners = Annotated[tuple[Name, ...], BeforeValidator(_listed)]
ConnectionName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)?$")]


class Origin(Section):
    """What a route takes."""

    role: Role = Field(description="role of the sender", examples=["post"])
    partner: Partners = Field((), description="only these senders", examples=["[example-post]"])
    format: str = Field(description="format of the message", examples=["upu/itmatt-1.5"])
    when: dict[str, Values] = Field(
        {}, description="model paths and the values they may have", examples=["{consignee.address.country: [GB]}"]
    )


class Group(Section):
    """Several parcels in one declaration, where the authority takes that."""

    items: Annotated[int, Field(ge=1, le=999)] = Field(
        99, description="goods items in one declaration at most", examples=["99"]
    )
    wait: Duration = Field(description="one that is not full waits so long for more parcels", examples=["10m"])
    by: Values = Field(
        (),
        description="model paths whose values are equal in one declaration",
        examples=["[consignor.address.country]"],
    )


class Filing(Section):
    """Whom it is filed with."""

    partner: ConnectionName = Field(
        alias="with", description="partner, or one of its connections (partner.connection)", examples=["uk-customs"]
    )
    format: str = Field(alias="as", description="format of the declaration", examples=["customs/uk/h7"])
    group: Group | None = Field(None, description="several parcels in one declaration")


class Join(Section):
    """What else must be known of a parcel before it is filed."""

    format: str = Field(alias="with", description="format of the other source", examples=["platform/orders-jsonl"])
    by: Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        description="identifiers that both have", examples=["[item_id, order_number]"]
    )
    wait: Duration = Field(description="wait so long for it", examples=["4h"])
    then: Literal["file", "hold"] = Field("hold", description="what is done without it", examples=["file"])
    prefer: dict[str, str] = Field(
        {}, description="model paths that are taken from the other source", examples=["{goods_items.value: order}"]
    )


class Answer(Section):
    """What the sender is told."""

    to: ConnectionName = Field("sender", description="`sender`, or a partner", examples=["sender"])
    format: str = Field(alias="as", description="format of the answer", examples=["upu/cusrsp-1"])
    on: Annotated[tuple[AnswerOn, ...], Field(min_length=1)] = Field(
        description="outcomes that are told; refused = before filing", examples=["[refused, rejected, held, released]"]
    )


class Route(Section):
    """One entry of `routes.yaml`."""

    name: Name = Field(alias="route", description="small letters, digits and dashes", examples=["uk-h7"])
    origin: Origin = Field(alias="from", description="what it takes")
    file: Filing | None = Field(None, description="whom it is filed with")
    keep: Literal["dossier"] | None = Field(
        None, description="or: keep as a source, file nothing", examples=["dossier"]
    )
    join: Join | None = Field(None, description="wait for another source")
    goes_on: bool = Field(
        False, alias="continue", description="the next route that fits takes the item as well", examples=["true"]
    )
    change: Change = Field(
        "hold",
        description="a sender's newer version of what is filed: hold it for a person, or amend the declaration",
        examples=["amend"],
    )
    findings: dict[str, Policy] = Field(
        {},
        description="by name of the finding or the authority's own code, and `default`: hold, warn, quarantine or file",
        examples=["{default: hold, description.vague: warn}"],
    )
    answer: Answer | None = Field(None, description="what the sender is told")

    @model_validator(mode="after")
    def _files_or_keeps(self) -> Self:
        if (self.file is None) == (self.keep is None):
            raise PydanticCustomError("purpose", "one of file and keep")
        return self
