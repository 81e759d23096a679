"""What is worked out once a plan: plans are large and have no hash, so they are told apart by identity."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from gateway.mapping.plan import Plan

T = TypeVar("T")
FEW = 64  # plans of one process


def once(make: Callable[[Plan], T]) -> Callable[[Plan], T]:
    """The function with a memory for a few plans: a damaged file is asked for the same at every item."""
    known: dict[int, tuple[Plan, T]] = {}

    @wraps(make)
    def remembered(plan: Plan) -> T:
        found = known.get(id(plan))
        if found is None or found[0] is not plan:
            if len(known) >= FEW:
                known.clear()
            found = known[id(plan)] = (plan, make(plan))
        return found[1]

    return remembered
