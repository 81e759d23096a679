"""Parties: who sends, receives, declares, pays; their addresses, numbers and telephones."""

from typing import Annotated

from gateway.model.wco import Record, Text, Wco

_COUNTRY = "ISO 3166-1 alpha-2"


class Identification(Record, frozen=True, kw_only=True):
    """A typed id: with one untyped id an ITMATT VAT number became a UK EORI."""

    kind: Annotated[Text, Wco(code_list="EORI VAT IOSS TAX NATIONAL OTHER")] = None
    id: Annotated[Text, Wco("R004 R012 R015 R021 R032 R038 R055 R059 R121 R123", "an..35")] = None


class Address(Record, frozen=True, kw_only=True):
    """An address in parts as received, or `text` where the sender has one string; text is never taken apart."""

    lines: Annotated[tuple[str, ...], Wco("239", "an..70")] = ()
    number: Annotated[Text, Wco(format="an..9")] = None
    po_box: Annotated[Text, Wco(format="an..70")] = None
    postcode: Annotated[Text, Wco("245", "an..17")] = None
    city: Annotated[Text, Wco("241", "an..35")] = None
    state: Annotated[Text, Wco("243", "an..35")] = None
    state_code: Annotated[Text, Wco("244", "an..9", "ISO 3166-2")] = None
    country: Annotated[Text, Wco("242", "a2", _COUNTRY)] = None
    text: Annotated[Text, Wco(format="an..512")] = None


class Communication(Record, frozen=True, kw_only=True):
    """A telephone, an e-mail address or a fax."""

    type: Annotated[Text, Wco("253", "an..3", "TE EM FX")] = None
    value: Annotated[Text, Wco("240", "an..50")] = None


class Party(Record, frozen=True, kw_only=True):
    """A person or company in one role; the role is the field that holds the party."""

    ids: tuple[Identification, ...] = ()
    name: Annotated[Text, Wco("R003 R009 R011 R014 R020 R031 R037 R045 R050 R058 R124", "an..70")] = None
    first_name: Annotated[Text, Wco(format="an..70")] = None
    last_name: Annotated[Text, Wco(format="an..70")] = None
    company: Annotated[Text, Wco(format="an..70")] = None
    person_type: Annotated[Text, Wco(format="n1", code_list="1 natural 2 legal 3 association")] = None
    capacity: Annotated[Text, Wco("102", "an..3")] = None
    address: Annotated[Address | None, Wco("04A")] = None
    contact_name: Annotated[Text, Wco("34A 246", "an..70")] = None
    communications: Annotated[tuple[Communication, ...], Wco("25A")] = ()
