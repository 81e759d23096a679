"""A partial record laid under another: what the upper one leaves unsaid is taken from the lower one, parts whole.

A party, a location or a list is taken as it stands or not at all: half of one party and half of another is nobody.
"""

from typing import TypeVar

import msgspec

from gateway.model.wco import Record

Kind = TypeVar("Kind", bound=Record)


def laid_under(upper: Kind, lower: Kind) -> Kind:
    """The upper record with what only the lower one says.

    >>> from gateway.model import Consignment, Party
    >>> filer = Consignment(export_country="FR", declarant=Party(name="Example Broker"))
    >>> found = laid_under(Consignment(export_country="CN"), filer)
    >>> found.export_country, found.declarant.name
    ('CN', 'Example Broker')
    """
    if lower == type(lower)():  # the usual case, once an item
        return upper
    taken = {
        name: getattr(lower, name)
        for name in lower.__struct_fields__
        if _absent(getattr(upper, name)) and not _absent(getattr(lower, name))
    }
    return msgspec.structs.replace(upper, **taken) if taken else upper


def _absent(value: object) -> bool:
    return value is None or value in ((), {})
