"""Which elements of the model a table reaches, and whether it reads them, writes them, or both.

>>> from datetime import date
>>> from gateway.mapping.registry import Registry
>>> found = reach(Registry().plan("upu/itmatt-1.5", date(2026, 9, 14)))
>>> found["Consignment", "goods_items.hs_code"].marks
'rw'

Paths begin at the record of a unit (a consignment, a decision) or of what stands around it (a message). A path with a
filter (`consignor.ids[kind=EORI].id`) is an element of its own. Of alternatives (`exporter | consignor`) the first is
read, all are written; what a code list sets along with a code is only read; the keys of a map are the map.
"""

from collections.abc import Iterator, Mapping

import msgspec

from gateway.mapping.carried import carried
from gateway.mapping.outer import chains
from gateway.mapping.places import Place, places_of
from gateway.mapping.plan import Plan, Ref, Value

Key = tuple[str, str]


class Reached(msgspec.Struct):
    """An element of the model in one table: the message elements it is read from and written to, their WCO ids."""

    place: Place
    read: list[str]
    written: list[str]
    wco: set[str]

    @property
    def marks(self) -> str:
        """`rw`, `r`, `w` or nothing."""
        return "r" * bool(self.read) + "w" * bool(self.written)


def reach(plan: Plan) -> Mapping[Key, Reached]:
    """Every element of the model in the rows of a table, by record and path."""
    found: dict[Key, Reached] = {}
    ids = dict(_ids(plan))
    for path, value in carried(plan):
        for place, reads, writes in _places(plan, value):
            one = found.setdefault((place.record, place.path), Reached(place, [], [], set()))
            one.read += [path] if reads and plan.reads else []
            one.written += [path] if writes and plan.writes else []
            one.wco |= ids.get(path, set())
    return found


def _ids(plan: Plan) -> Iterator[tuple[str, set[str]]]:
    """What the grammar calls each element and attribute."""
    for chain in chains(plan.document) if plan.document else ():
        element = chain[-1]
        yield element.path, set(element.node.wco_id.split()) if element.node else set()
        for attribute in element.attributes:
            ids = set(attribute.node.wco_id.split()) if attribute.node else set()
            yield f"{element.path}/@{attribute.name}", ids


def _places(plan: Plan, value: Value) -> Iterator[tuple[Place, bool, bool]]:
    """Each place of a value: whether it is set when read, whether it may be written."""
    reads, writes = value.only != "write", value.only != "read"
    places = [place for ref in value.refs for place in model_places(plan, ref)]
    yield from ((place, reads and not at, writes) for at, place in enumerate(places))
    for ref in value.along:
        yield from ((place, reads, False) for place in (model_places(plan, ref) if ref else ()))


def model_places(plan: Plan, ref: Ref) -> Iterator[Place]:
    """The elements of the model that a reference means; keys of a map are the map."""
    scope = plan.scopes[ref.scope]
    if scope.plain == "map" and scope.parent is not None:
        ref = Ref(scope.parent, scope.hops, scope.field)
    elif ref.key:
        ref = msgspec.structs.replace(ref, key="")
    return places_of(plan, ref)
