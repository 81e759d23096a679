"""A code list: the message's code and the model's code, both ways, with further model fields set along."""

import msgspec


class CodeList(msgspec.Struct, frozen=True):
    """`read`: message code → model code; `written`: model code → the (preferred) message code.

    `columns` are the model paths of the further columns, `along` their values by message code.
    """

    name: str
    read: dict[str, str]
    written: dict[str, str]
    columns: tuple[str, ...] = ()
    along: dict[str, tuple[str, ...]] = {}
