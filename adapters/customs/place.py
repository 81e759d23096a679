"""Places in a declaration: one value as it stands, or what several values share."""

from collections.abc import Sequence
from itertools import takewhile

import msgspec

from gateway.mapping.trace import Entry


def place(found: Sequence[Entry], depth: int) -> Entry:
    """A class stands as an entry of its own: its path, the model path that all its values share, no text."""
    first = found[0]
    if len(found) == 1 and first.message_path.count("/") < depth:
        return first
    paths = [entry.message_path.split("/")[:depth] for entry in found]
    models = [entry.model_path.split(".") for entry in found if entry.model_path]  # constants have none
    return msgspec.structs.replace(
        first,
        message_path="/".join(shared(paths)),
        model_path=".".join(shared(models)),
        text="",
        span=None,
        wco_ids=first.wco_ids[:depth],
    )


def shared(paths: Sequence[Sequence[str]]) -> list[str]:
    """The steps all paths begin with; where they part only in the number of an occurrence, the step without it.

    >>> shared([["goods_items[1]", "hs_code"], ["goods_items[2]", "hs_code"]])
    ['goods_items']
    """
    alike = [column[0] for column in takewhile(lambda column: len(set(column)) == 1, zip(*paths, strict=False))]
    parting = {path[len(alike)] for path in paths if len(path) > len(alike)}
    names = {step.partition("[")[0] for step in parting}
    return [*alike, *names] if len(names) == 1 < len(parting) else alike
