"""Change: what a sender's newer version means for a declaration that customs has.

By itself it is held (RTE125) until a person has looked. Where the route says `change: amend` and the authority takes
amendments, the declaration is amended until customs has said its last word on it. What customs rejected is not changed
but filed anew.
"""

from collections.abc import Collection

from sqlalchemy import Connection

from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Requester
from gateway.steps.declaring.groupmembers import not_alone
from gateway.steps.declaring.requests import CHANGE
from gateway.steps.declaring.versions import Earlier, Made
from gateway.steps.ground.gate import Gate
from gateway.steps.hearing.fold import is_final


def by_itself(gate: Gate, conn: Connection, before: Earlier, routes: Collection[str]) -> bool:
    """Whether all that customs has of a parcel may be amended without a person, by the routes that it takes now."""
    return all(
        one.route in routes and _says(gate, one.route) == CHANGE and can_be_changed(conn, one)
        for one in before.with_customs
    )


def can_be_changed(conn: Connection, made: Made) -> bool:
    """Whether customs takes a change of this declaration alone, and has not said its last word on it."""
    pack = authority_for(made.kind)
    offered = isinstance(pack, Requester) and pack.request_format(made.kind, CHANGE) is not None
    return offered and not made.refused and not is_final(made.outcome) and not_alone(conn, made.id) is None


def standing_on(before: Earlier, route: str) -> Made | None:
    """The declaration of a parcel that customs has on a route."""
    return max((one for one in before.with_customs if one.route == route), key=lambda one: one.attempt, default=None)


def _says(gate: Gate, route: str) -> str:
    known = gate.hub.routes.get(route)
    return known.change if known else ""
