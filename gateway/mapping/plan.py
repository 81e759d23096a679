"""The intermediate form of a table: expanded, merged, pruned and ordered. It feeds the compiler and the traced twin."""

import msgspec


class Step(msgspec.Struct, frozen=True):
    """One element on the way from the document's root to a unit of failure.

    `constants` are its predicates: relative path (local names) and the text that stands there.
    """

    local: str
    namespace: str = ""
    constants: tuple[tuple[str, str], ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """What one table says, ready to be compiled.

    `root` leads from the document to one record, `unit` from there to the element that is one unit of failure (empty:
    the last step of `root` is the unit). `any_root` says that the first step is only written, any name is read.
    """

    name: str
    title: str
    syntax: str
    record: str
    unit_record: str
    root: tuple[Step, ...]
    unit: tuple[Step, ...]
    namespaces: dict[str, tuple[str, ...]]
    any_root: bool = False
