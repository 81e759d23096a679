"""One message as it came: its envelope and what it carries."""

from typing import Annotated

from gateway.model.consignment import Consignment
from gateway.model.decision import Decision
from gateway.model.moment import Moment
from gateway.model.movement import Movement
from gateway.model.wco import Flag, Record, Text, Wco


class Message(Record, frozen=True, kw_only=True):
    """An envelope with consignments, a movement or decisions."""

    sender: Annotated[Text, Wco(format="an..35")] = None
    recipient: Annotated[Text, Wco(format="an..35")] = None
    prepared_at: Moment | None = None
    control_reference: Annotated[Text, Wco(format="an..14")] = None
    reference: Annotated[Text, Wco(format="an..35")] = None
    function: Annotated[Text, Wco("017", "n..2", "UN/EDIFACT 1225")] = None
    version: Annotated[Text, Wco(format="an..35")] = None
    test: Flag = None
    consignments: tuple[Consignment, ...] = ()
    movement: Movement | None = None
    decisions: tuple[Decision, ...] = ()
