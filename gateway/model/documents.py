"""Documents, statements, references and packages: what stands beside the facts, on a parcel or on its goods."""

from typing import Annotated

from gateway.model.moment import Moment
from gateway.model.quantities import Amount
from gateway.model.wco import Count, Number, Record, Text, Wco


class Package(Record, frozen=True, kw_only=True):
    """Packages of one type (UN/ECE Recommendation 21)."""

    count: Annotated[Count, Wco("144", "n..8")] = None
    type: Annotated[Text, Wco("141", "an2", "UN/ECE Rec 21")] = None
    marks: Annotated[Text, Wco("142", "an..512")] = None


class WriteOff(Record, frozen=True, kw_only=True):
    """What goods take of what a document allows, or of the goods that a previous document named."""

    quantity: Annotated[Number, Wco("502", "n..16,6")] = None
    unit: Annotated[Text, Wco(format="an..3", code_list="UN/ECE Rec 20")] = None
    amount: Annotated[Amount | None, Wco("503", "n..16,3")] = None
    packages: Package | None = None


class Document(Record, frozen=True, kw_only=True):
    """A paper or its number. One list in source order; targets filter by `kind`. `type` is whole: C400, N740."""

    kind: Annotated[Text, Wco(code_list="supporting reference transport previous master payment", derived=True)] = None
    type: Annotated[Text, Wco("D006 D019 D031", "an..4")] = None
    id: Annotated[Text, Wco("D005 D018", "an..70")] = None
    name: Annotated[Text, Wco("D028", "an..256")] = None
    status: Annotated[Text, Wco("360", "an..3")] = None
    line: Annotated[Count, Wco("171", "n..5")] = None
    expires_at: Annotated[Moment | None, Wco("D008")] = None
    write_off: WriteOff | None = None


class Step(Record, frozen=True, kw_only=True):
    """One step of a pointer: WCO class and tag with their number, or an element or JSON path as text."""

    section: Annotated[Text, Wco("375", "an..3")] = None
    tag: Annotated[Text, Wco("381", "an..4")] = None
    number: Annotated[Count, Wco("006", "n..5")] = None
    text: Annotated[Text, Wco(format="an..512")] = None


class Statement(Record, frozen=True, kw_only=True):
    """Additional information: a code of the authority's, a free text, or both; what it is said of."""

    code: Annotated[Text, Wco("226", "an..17")] = None
    text: Annotated[Text, Wco("225", "an..512")] = None
    type: Annotated[Text, Wco("369", "an..3")] = None
    pointer: Annotated[tuple[Step, ...], Wco("97A")] = ()


class CustomsNote(Record, frozen=True, kw_only=True):
    """Other customs information of cargo messages (Cargo-IMP OCI, Cargo-XML IncludedCustomsNote)."""

    country: Annotated[Text, Wco(format="a2")] = None
    subject: Annotated[Text, Wco(format="an..3")] = None
    code: Annotated[Text, Wco(format="an..2")] = None
    text: Annotated[Text, Wco(format="an..70")] = None


class Reference(Record, frozen=True, kw_only=True):
    """A number somebody gave, with its type or the role of its holder (fiscal reference FR5, authorisation, seal)."""

    type: Annotated[Text, Wco("R145 D013", "an..4")] = None
    id: Annotated[Text, Wco("R144 R119 D014 159", "an..70")] = None
    role: Annotated[Text, Wco("R005", "an..3")] = None
    holder: Annotated[Text, Wco(format="an..35")] = None
