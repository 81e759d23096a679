"""What an authority answered, in one form for every scheme; the original code is always kept."""

from typing import Annotated

import msgspec

from gateway.model.consignment import Consignment
from gateway.model.declaration import Amendment
from gateway.model.documents import Document, Statement, Step
from gateway.model.moment import Moment
from gateway.model.quantities import Amount, Measure
from gateway.model.wco import Count, Flag, Number, Record, Text, Wco


class Reason(Record, frozen=True, kw_only=True):
    """Why: the authority's code, text and pointer, and where that leads in the model and in the sender's message.

    `rejecting` is false for a warning that stops nothing.
    """

    code: Annotated[Text, Wco("53A 377", "an..8")] = None
    text: Annotated[Text, Wco("488 225", "an..512")] = None
    detail: Annotated[Text, Wco(format="an..512")] = None
    rejecting: Flag = None
    rule: Annotated[Text, Wco(format="an..35")] = None
    pointer: Annotated[tuple[Step, ...], Wco("97A")] = ()
    path: Annotated[Text, Wco(format="an..512")] = None
    model_path: Annotated[Text, Wco(format="an..256")] = None
    sender_path: Annotated[Text, Wco(format="an..256")] = None


class Tax(Record, frozen=True, kw_only=True):
    """One duty or tax, of the whole parcel or of one goods item."""

    type: Annotated[Text, Wco("50A", "an..3")] = None
    description: Annotated[Text, Wco(format="an..256")] = None
    goods_item: Annotated[Count, Wco("006", "n..5")] = None
    hs_code: Annotated[Text, Wco("145", "an..18")] = None
    net_mass: Annotated[Measure | None, Wco("128", "n..16,6")] = None
    base: Annotated[Amount | None, Wco(format="n..16,3")] = None
    base_quantity: Annotated[Measure | None, Wco("129", "n..16,6")] = None
    rate: Annotated[Number, Wco("115", "n..17,3")] = None
    amount: Annotated[Amount | None, Wco(format="n..16,3")] = None
    deducted: Annotated[Amount | None, Wco("111", "n..16,3")] = None
    payable: Annotated[Amount | None, Wco("378", "n..16,3")] = None
    regime: Annotated[Text, Wco("164", "an..3")] = None
    method: Annotated[Text, Wco(format="an..3")] = None


class Release(Record, frozen=True, kw_only=True):
    """Whether one goods item may move."""

    goods_item: Annotated[Count, Wco("006", "n..5")] = None
    released: Flag = None
    text: Annotated[Text, Wco(format="an..512")] = None


class Control(Record, frozen=True, kw_only=True):
    """One control that customs intends or has made."""

    number: Annotated[Count, Wco("006", "n..5")] = None
    type: Annotated[Text, Wco(format="an..17")] = None
    deadline: Moment | None = None
    result: Annotated[Text, Wco(format="an..35")] = None
    text: Annotated[Text, Wco(format="an..512")] = None


class Decision(Record, frozen=True, kw_only=True):
    """One answer of an authority. An unknown code becomes outcome `notice` with a finding, never an error.

    `short_code` is the code in three characters, as posts have room for it, where the authority's own is longer.
    """

    scheme: Annotated[Text, Wco(format="an..35")] = None
    code: Annotated[Text, Wco("017", "an..17")] = None
    short_code: Annotated[Text, Wco(format="an..3", code_list="UPU list 183")] = None
    notification_id: Annotated[Text, Wco("D026", "an..35")] = None
    lrn: Annotated[Text, Wco("D026", "an..35")] = None
    mrn: Annotated[Text, Wco("D014", "an..70")] = None
    version: Annotated[Text, Wco(format="n..9")] = None
    item_id: Annotated[Text, Wco("D023", "an..35", "UPU S10")] = None
    item_id_type: Annotated[Text, Wco("D024 D013", "an..4")] = None
    posted_at: Annotated[Moment | None, Wco("023")] = None
    origin_operator: Annotated[Text, Wco(format="an..3", code_list="UPU list 206")] = None
    destination_operator: Annotated[Text, Wco(format="an..3", code_list="UPU list 206")] = None
    mail_class: Annotated[Text, Wco(format="a1", code_list="UPU list 116")] = None
    office: Annotated[Text, Wco("065", "an..17")] = None
    postal_organisation: Annotated[Text, Wco(format="an..17")] = None
    receptacle_id: Annotated[Text, Wco(format="an..35", code_list="UPU S9")] = None
    request_reference: Annotated[Text, Wco(format="an..35")] = None
    subject: Annotated[Text, Wco(format="an..16")] = None
    issued_at: Moment | None = None
    received_at: Moment | None = None
    decided_at: Moment | None = None
    cleared_at: Annotated[Moment | None, Wco("277")] = None
    deadline: Moment | None = None
    stage: Annotated[Text, Wco(format="an..12")] = None
    outcome: Annotated[Text, Wco(format="an..32")] = None
    blocks_goods: Flag = None
    final: Flag = None
    action_by: Annotated[Text, Wco(format="an..16")] = None
    late: Flag = None
    dutiable: Flag = None
    position: Annotated[Text, Wco(format="an..16")] = None
    reasons: tuple[Reason, ...] = ()
    changes: Annotated[tuple[Amendment, ...], Wco("06A")] = ()
    changed: Consignment | None = None
    taxes: Annotated[tuple[Tax, ...], Wco("50A")] = ()
    releases: tuple[Release, ...] = ()
    controls: tuple[Control, ...] = ()
    documents: Annotated[tuple[Document, ...], Wco("02A")] = ()
    assessed: Annotated[Amount | None, Wco("120", "n..16,3")] = None
    total: Annotated[Amount | None, Wco(format="n..16,3")] = None
    payment_reference: Annotated[Text, Wco(format="an..70")] = None
    statements: Annotated[tuple[Statement, ...], Wco("03A")] = ()
    extension: dict[str, str] = msgspec.field(default_factory=dict)
