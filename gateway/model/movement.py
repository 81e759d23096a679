"""What moves together: a despatch with its receptacles, a flight with its houses, a master-level filing."""

from typing import Annotated

from gateway.model.consignment import Consignment
from gateway.model.declaration import Declaration
from gateway.model.party import Party
from gateway.model.places import Transport
from gateway.model.quantities import Measure
from gateway.model.wco import Count, Record, Text, Wco


class Receptacle(Record, frozen=True, kw_only=True):
    """A bag or container of mail, named by its UPU S9 identifier; its message weight wins over the one in the id."""

    id: Annotated[Text, Wco(format="an29", code_list="UPU S9")] = None
    type: Annotated[Text, Wco("141", "an2", "UN/ECE Rec 21")] = None
    gross_mass: Annotated[Measure | None, Wco("126", "n..16,6", derived=True)] = None
    item_count: Annotated[Count, Wco(format="n..5", derived=True)] = None
    item_ids: Annotated[tuple[str, ...], Wco("D023", "an..35", "UPU S10")] = ()


class Movement(Record, frozen=True, kw_only=True):
    """The flight or filing and what is on it."""

    id: Annotated[Text, Wco(format="an..35")] = None
    office: Annotated[Text, Wco("065", "an..17")] = None
    declaration: Annotated[Declaration | None, Wco("42A")] = None
    declarant: Annotated[Party | None, Wco("57B")] = None
    representative: Annotated[Party | None, Wco("05A")] = None
    addressed_state: Annotated[Text, Wco(format="a2", code_list="ISO 3166-1 alpha-2")] = None
    transport: Annotated[Transport | None, Wco("15A 10A")] = None
    despatch: Annotated[Text, Wco(format="an20", code_list="UPU S8")] = None
    receptacles: tuple[Receptacle, ...] = ()
    consignments: Annotated[tuple[Consignment, ...], Wco("28A")] = ()
    consignment_count: Annotated[Count, Wco(format="n..5", derived=True)] = None
    package_count: Annotated[Count, Wco("146", "n..8", derived=True)] = None
    container_count: Annotated[Count, Wco(format="n..5", derived=True)] = None
    gross_mass: Annotated[Measure | None, Wco("131", "n..16,6", derived=True)] = None
