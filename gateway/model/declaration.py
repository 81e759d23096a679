"""What makes a consignment a declaration: function, type, references, procedures, guarantees, amendments."""

from typing import Annotated

from gateway.model.documents import Step
from gateway.model.moment import Moment
from gateway.model.party import Party
from gateway.model.quantities import Amount
from gateway.model.wco import Number, Record, Text, Wco


class Procedure(Record, frozen=True, kw_only=True):
    """Requested and previous customs procedure."""

    requested: Annotated[Text, Wco("166", "an..7")] = None
    previous: Annotated[Text, Wco("161", "an..7")] = None


class Declaration(Record, frozen=True, kw_only=True):
    """One filing: `lrn` is our reference, `mrn` the authority's."""

    function: Annotated[Text, Wco("017", "n..2", "UN/EDIFACT 1225")] = None
    category: Annotated[Text, Wco(format="an..4")] = None
    type: Annotated[Text, Wco("D013", "an..3")] = None
    lrn: Annotated[Text, Wco("D026", "an..35")] = None
    mrn: Annotated[Text, Wco("D014", "an..70")] = None
    version: Annotated[Text, Wco(format="n..9")] = None
    office: Annotated[Text, Wco("065", "an..17")] = None
    supervising_office: Annotated[Text, Wco("97B G012", "an..17")] = None
    presentation_office: Annotated[Text, Wco("15C G015", "an..17")] = None
    exit_office: Annotated[Text, Wco("56A G005", "an..17")] = None
    declared_at: Annotated[Moment | None, Wco("D011")] = None


class DeliveryTerms(Record, frozen=True, kw_only=True):
    """Who bears costs and risk, up to which place."""

    code: Annotated[Text, Wco("22B 090", "a3", "Incoterms")] = None
    location: Annotated[Text, Wco("L002", "an..17", "UN/LOCODE")] = None
    place: Annotated[Text, Wco("L001", "an..256")] = None


class Guarantee(Record, frozen=True, kw_only=True):
    """A security for duties."""

    amount: Annotated[Amount | None, Wco(format="n..16,3")] = None
    id: Annotated[Text, Wco(format="an..70")] = None
    reference: Annotated[Text, Wco("100", "an..35")] = None
    type: Annotated[Text, Wco("101", "an..3")] = None
    access_code: Annotated[Text, Wco(format="an..4")] = None
    office: Annotated[Text, Wco(format="an..17")] = None


class Duty(Record, frozen=True, kw_only=True):
    """One duty or tax of what is claimed back, in the currency of the whole."""

    type: Annotated[Text, Wco("50A", "an..3")] = None
    amount: Annotated[Number, Wco(format="n..16,6")] = None


class Repayment(Record, frozen=True, kw_only=True):
    """What is claimed back: an application for repayment or remission (EU customs data model, column 4c)."""

    type: Annotated[Text, Wco(format="an..4")] = None
    applicant: Party | None = None
    amount: Annotated[Amount | None, Wco(format="n..16,6")] = None
    duties: tuple[Duty, ...] = ()
    legal_basis: Annotated[Text, Wco(format="a1")] = None
    grounds: Annotated[Text, Wco(format="an..512")] = None
    bank: Annotated[Text, Wco(format="an..512")] = None


class Amendment(Record, frozen=True, kw_only=True):
    """One change: why, where, and where customs says it what stood there before and stands there now."""

    reason: Annotated[Text, Wco("06A 099", "an..3")] = None
    text: Annotated[Text, Wco(format="an..512")] = None
    before: Annotated[Text, Wco(format="an..512")] = None
    after: Annotated[Text, Wco(format="an..512")] = None
    pointer: Annotated[tuple[Step, ...], Wco("97A")] = ()
