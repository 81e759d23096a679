"""What of a record leads to a person, and the forms in which it may stand in bytes.

>>> from gateway.model import Address, Consignment, Party
>>> sorted(values(Consignment(consignee=Party(name="Asha Example", address=Address(lines=("1 High Street",))))))
['1 High Street', 'Asha Example']
"""

import json
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

import msgspec

from gateway.model.party import Address, Party

SHORTEST = 4  # characters: what is shorter is found everywhere and leads to nobody
ENCODINGS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be")


def values(record: msgspec.Struct) -> frozenset[str]:
    """Names, streets, telephones, e-mail addresses and numbers of the parties of a record; towns are no one's."""
    return frozenset(text for party in _parties(record) for text in _of(party) if len(text) >= SHORTEST)


def _parties(value: object) -> Iterator[Party]:
    if isinstance(value, Party):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _parties(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _parties(one)


def _of(party: Party) -> Iterator[str]:
    address = party.address or Address()
    texts = (
        party.name, party.first_name, party.last_name, party.company, party.contact_name, address.text, address.po_box,
        *address.lines, *(one.id for one in party.ids), *(one.value for one in party.communications),
    )  # fmt: skip
    yield from (text.strip() for text in texts if text)


def spellings(texts: Iterable[str]) -> tuple[bytes, ...]:
    """Each text as bytes: in the encodings that messages use, as XML and JSON write it."""
    found: dict[bytes, None] = {}
    for text in texts:
        written = {text, escape(text), escape(text, {"'": "&apos;", '"': "&quot;"}), json.dumps(text)[1:-1]}
        for one in written:
            for encoding in ENCODINGS:
                try:
                    found[one.encode(encoding)] = None
                except UnicodeEncodeError:
                    continue
    return tuple(sorted(found, key=len, reverse=True))
