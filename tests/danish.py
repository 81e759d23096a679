"""Mail of the corpus turned to Denmark: the recipients, their addresses and the operator of destination."""

import re

RECIPIENT = re.compile(rb"<recipient><name>.*?</recipient>", re.DOTALL)
DANE = (
    "<recipient><name>Ida Eksempel</name><address><line>Eksempelvej 7</line><postcode>1050</postcode>"
    "<city>København K</city><country>DK</country></address><phone>+4532000000</phone>"
    "<email>ida@example.org</email></recipient>"
).encode()


def to_denmark(message: bytes) -> bytes:
    """The same items, each to one recipient in Denmark."""
    moved = message.replace(b"<destination-operator>GBA<", b"<destination-operator>DKA<")
    return RECIPIENT.sub(DANE, moved)
