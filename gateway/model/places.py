"""Where the goods are and how they travel."""

from typing import Annotated

from gateway.model.documents import Reference
from gateway.model.moment import Moment
from gateway.model.party import Address, Party
from gateway.model.wco import Record, Text, Wco


class Location(Record, frozen=True, kw_only=True):
    """A place of goods; latitude and longitude stay as written."""

    type: Annotated[Text, Wco("L110", "an..3")] = None
    qualifier: Annotated[Text, Wco("410", "an..3")] = None
    name: Annotated[Text, Wco("L016", "an..256")] = None
    id: Annotated[Text, Wco("L017", "an..17")] = None
    authorisation: Annotated[Text, Wco(format="an..35")] = None
    office: Annotated[Text, Wco(format="an..17")] = None
    operator: Annotated[Text, Wco(format="an..17")] = None
    latitude: Annotated[Text, Wco(format="an..17")] = None
    longitude: Annotated[Text, Wco(format="an..17")] = None
    address: Annotated[Address | None, Wco("04A")] = None


class Transport(Record, frozen=True, kw_only=True):
    """The means of transport and its journey; `mode` is UN/ECE Recommendation 19 (5 = post)."""

    mode: Annotated[Text, Wco("T022 T020", "n1", "UN/ECE Rec 19")] = None
    id: Annotated[Text, Wco("T002", "an..35")] = None
    id_type: Annotated[Text, Wco("T034", "an..17")] = None
    border_id: Annotated[Text, Wco("T006", "an..35")] = None
    border_id_type: Annotated[Text, Wco("T018", "an..17")] = None
    nationality: Annotated[Text, Wco("T014", "a2", "ISO 3166-1 alpha-2")] = None
    voyage: Annotated[Text, Wco(format="an..17")] = None
    carrier: Annotated[Party | None, Wco("18A")] = None
    departure_place: Annotated[Text, Wco(format="an..17", code_list="UN/LOCODE")] = None
    arrival_place: Annotated[Text, Wco(format="an..17", code_list="UN/LOCODE")] = None
    departed_at: Moment | None = None
    arrived_at: Moment | None = None
    container_indicator: Annotated[Text, Wco("096", "an..3")] = None
    equipment: Annotated[tuple[Reference, ...], Wco("31B")] = ()
