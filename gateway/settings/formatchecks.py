"""What the configuration names of others: formats, model paths, names of findings. Asked of the tables in force."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from gateway.findings import Finding, catalogue
from gateway.mapping.listing import Listing
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Grouper, Purpose, Requester
from gateway.model import Amount, Consignment, Measure
from gateway.model.dictionary import at, fields
from gateway.settings.draft import Draft
from gateway.settings.faults import nearest
from gateway.settings.route import Route
from gateway.settings.source import Place, Source

if TYPE_CHECKING:
    from gateway.model.wco import Record


CHANGE: Purpose = "amend"
OWN_SETTINGS = ("lrn-prefix", "change-reason", "change-text")
RULES = "rules"  # the list of an authority's rules, beside its other dated lists


PARTS: Mapping[str, tuple[str, ...]] = {"amount": Amount.__struct_fields__, "measure": Measure.__struct_fields__}


class Head(Protocol):
    """What a table says of itself."""

    @property
    def format(self) -> str: ...
    @property
    def reads(self) -> bool: ...
    @property
    def writes(self) -> bool: ...


class Formats(Protocol):
    """The registry of mapping tables, as far as configuration asks it."""

    def heads(self) -> Sequence[Head]: ...
    def listing(self, name: str) -> Listing: ...
    def law_faults(self, name: str) -> tuple[Finding, ...]: ...
    def takes_several(self, name: str) -> bool: ...


def check_formats(draft: Draft, formats: Formats) -> tuple[Finding, ...]:
    able = {
        "read": {head.format for head in formats.heads() if head.reads},
        "written": {head.format for head in formats.heads() if head.writes},
    }
    unable = (
        _unable(file, place, name, verb, able) for file, place, name, verb in _named(draft) if name not in able[verb]
    )
    of_routes = (*_policies(draft, formats), *_groups(draft), *_changes(draft))
    alone = (*_alone(draft, formats, able["written"]), *_receipts(draft))
    return (*unable, *alone, *_paths(draft), *of_routes, *_settings(draft), *laws(draft, formats))


def laws(draft: Draft, formats: Formats) -> Iterator[Finding]:
    """The dated tables of every authority that is filed with: a row that cannot be used would hold each parcel."""
    targets = {route.file.format: authority_for(route.file.format) for _, route in draft.numbered if route.file}
    of_each = {pack.name: target for target, pack in targets.items() if pack is not None}
    for target in of_each.values():
        yield from formats.law_faults(target)


def _alone(draft: Draft, formats: Formats, written: set[str]) -> Iterator[Finding]:
    """Several messages in one file, of a format whose document is one message."""
    for name, partner in draft.partners.items():
        for kind, rule in partner.receives.items():
            if rule.per_file is not None and rule.per_file > 1 and kind in written and not formats.takes_several(kind):
                place = ("receives", kind, "per_file")
                yield draft.files[name].finding("DLV666", place, format=kind, per_file=str(rule.per_file))


def _receipts(draft: Draft) -> Iterator[Finding]:
    """Only what is filed is answered: a receipt of anything else would be waited for in vain."""
    filed = {route.file.format for route in draft.routes if route.file}
    for name, partner in draft.partners.items() if draft.routes_known else ():
        for kind, rule in partner.receives.items():
            if rule.receipt_within is not None and kind not in filed and authority_for(kind) is None:
                yield draft.files[name].key_finding(
                    "DLV669", ("receives", kind, "receipt_within"), severity="warning", format=kind
                )


def _named(draft: Draft) -> Iterator[tuple[Source, Place, str, str]]:
    """Every format that is named, where, and what it must be able to."""
    for partner, file in ((draft.partners[name], draft.files[name]) for name in draft.partners):
        yield from ((file, ("sends", name), name, "read") for name in partner.sends)
        yield from ((file, ("receives", name), name, "written") for name in partner.receives)
    for n, route in draft.numbered:
        yield draft.routes_file, (n, "from", "format"), route.origin.format, "read"
        if route.file:
            yield draft.routes_file, (n, "file", "as"), route.file.format, "written"
        if route.answer:
            yield draft.routes_file, (n, "answer", "as"), route.answer.format, "written"
        if route.join:
            yield draft.routes_file, (n, "join", "with"), route.join.format, "read"


def _unable(file: Source, place: Place, name: str, verb: str, able: Mapping[str, set[str]]) -> Finding:
    if any(name in names for names in able.values()):
        return file.name_finding("CFG123", place, name, verb=verb)
    return file.name_finding("CFG122", place, name, nearest=nearest(name, able[verb]))


def _paths(draft: Draft) -> Iterator[Finding]:
    for place, path in (named for n, route in draft.numbered for named in _named_paths(n, route)):
        if not _is_known(path):
            yield draft.routes_file.name_finding("CFG124", place, path, nearest=_nearest_path(path))


def _is_known(path: str) -> bool:
    """A field of the model, or a part of its value: the currency of an amount."""
    whole, _, part = path.rpartition(".")
    info = at(Consignment, whole) if whole else None
    return at(Consignment, path) is not None or (info is not None and part in PARTS.get(info.kind, ()))


def _named_paths(n: int, route: Route) -> Iterator[tuple[Place, str]]:
    yield from (((n, "from", "when", path), path) for path in route.origin.when)
    if route.file and route.file.group:
        yield from (((n, "file", "group", "by", position), path) for position, path in enumerate(route.file.group.by))
    if route.join:
        yield from (((n, "join", "by", position), path) for position, path in enumerate(route.join.by))
        yield from (((n, "join", "prefer", path), path) for path in route.join.prefer)


def _nearest_path(path: str) -> str:
    """The longest part of the path that exists, with the nearest field after it."""
    record: type[Record] = Consignment
    known = ""
    for step in path.split("."):
        info = fields(record).get(step)
        if info is None:
            return nearest(known + step, [known + name for name in fields(record)])
        if info.record is None:
            whole = known + step
            return nearest(path, [f"{whole}.{part}" for part in PARTS.get(info.kind, ())] or [whole])
        record, known = info.record, f"{known}{step}."
    return f"`{known.rstrip('.') or path}`"


def _policies(draft: Draft, formats: Formats) -> Iterator[Finding]:
    names = {entry.name: entry for entry in catalogue.all_entries()}
    for n, route in draft.numbered:
        own = _own_codes(route, formats)
        for name, policy in route.findings.items():
            place, entry = (n, "findings", name), names.get(name)
            if name == "default" or name in own:
                continue
            if entry is None:
                near = nearest(name, (*names, *own), "`gateway rule` lists them")
                yield draft.routes_file.name_finding("CFG125", place, name, nearest=near)
            elif entry.severity == "error" and not entry.waivable and policy != "quarantine":
                yield draft.routes_file.name_finding("RTE107", place, name, policy=policy)


def _own_codes(route: Route, formats: Formats) -> frozenset[str]:
    """The codes and rules of the authority that a route files with, as its list `<authority>/rules` tells them."""
    pack = authority_for(route.file.format) if route.file else None
    try:
        rows = formats.listing(f"{pack.name}/{RULES}").rows if pack else ()
    except FileNotFoundError:
        return frozenset()
    return frozenset(filter(None, (row[column] for row in rows for column in ("code", "rule"))))


def _groups(draft: Draft) -> Iterator[Finding]:
    """Only an authority that takes several parcels in one declaration is offered that."""
    for n, route in draft.numbered:
        if route.file and route.file.group and not _takes_several(route.file.format):
            place = (n, "file", "group")
            yield draft.routes_file.key_finding("RTE150", place, name=route.name, format=route.file.format)


def _changes(draft: Draft) -> Iterator[Finding]:
    """Only an authority that takes amendments of a format can be sent them without a person."""
    for n, route in draft.numbered:
        if route.change == CHANGE and (route.file is None or not _takes(route.file.format, CHANGE)):
            target = route.file.format if route.file else ""
            yield draft.routes_file.name_finding("RTE144", (n, "change"), route.name, format=target)


def _takes(target: str, purpose: Purpose) -> bool:
    pack = authority_for(target)
    return isinstance(pack, Requester) and pack.request_format(target, purpose) is not None


def _takes_several(target: str) -> bool:
    pack = authority_for(target)
    return isinstance(pack, Grouper) and pack.takes_several(target)


def _settings(draft: Draft) -> Iterator[Finding]:
    """The settings of an administration are those that its pack of rules reads, beside our own."""
    for name, partner in draft.partners.items():
        packs = [pack for pack in map(authority_for, partner.receives) if pack is not None]
        known = {*OWN_SETTINGS, *(key for pack in packs for key in pack.settings)}
        for key in partner.settings:
            if packs and key not in known:
                yield draft.files[name].name_finding("CFG127", ("settings", key), key, nearest=nearest(key, known))
