"""Who sends what to whom: ways of data elements from a sender's format over the groups of the model to an authority's.

Without configuration the ways are what the tables can do; a configuration says which are gone and by whom.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gateway.settings import Settings
from gateway.settings.partner import Partner
from gateway.settings.route import Route
from gateway.workbench.document.diagram import Band, Box, Diagram
from gateway.workbench.document.elements import Carried, Data, in_order, status
from gateway.workbench.document.groups import GROUPS, group_name
from gateway.workbench.document.words import Words


def _(message: str) -> str:
    return message


ROLES = {
    "post": _("post"),
    "carrier": _("carrier"),
    "platform": _("platform"),
    "customs": _("customs administration"),
    "network": _("network"),
}


class Side(msgspec.Struct, frozen=True):
    """Who sends or receives: name and role."""

    name: str
    role: str


class Flow(msgspec.Struct, frozen=True):
    """One way: senders in their format, receivers in theirs; `back` is the way of the answer."""

    name: str
    senders: tuple[Side, ...]
    source: str
    target: str
    receivers: tuple[Side, ...]
    back: bool = False


def flows_of(settings: Settings) -> Iterator[Flow]:
    """The ways of a configuration: each route to whoever it is filed with, and back to the senders."""
    for route in settings.routes:
        if route.file is None:
            continue
        authority = settings.partners[route.file.partner.partition(".")[0]]
        senders, receivers = _senders(settings, route), (_side(authority),)
        yield Flow(route.name, senders, route.origin.format, route.file.format, receivers)
        if route.answer is not None:
            answer = route.answer.format
            yield from (Flow(route.name, receivers, told, answer, senders, back=True) for told in authority.sends)


def _side(partner: Partner) -> Side:
    return Side(partner.party.name, partner.party.role)


def _senders(settings: Settings, route: Route) -> tuple[Side, ...]:
    named = {
        name: partner
        for name, partner in settings.partners.items()
        if partner.party.role == route.origin.role and route.origin.format in partner.sends
    }
    chosen = route.origin.partner or tuple(named)
    return tuple(_side(named[name]) for name in chosen if name in named)


def flow_diagram(flow: Flow, carried: Mapping[str, Carried], say: Words) -> Diagram:
    """One way: what the source gives, what the target takes, what nobody gives."""
    source, target = carried[flow.source], carried[flow.target]
    given = Counter(data.place.group for data in source.values())
    taken = Counter((data.place.group, status(data, source)) for data in target.values())
    groups = [group for group in GROUPS if given[group] or any(key[0] == group for key in taken)]
    senders = tuple(_partner("from", side, say) for side in flow.senders)
    receivers = tuple(_partner("to", side, say) for side in flow.receivers)
    sums = Counter(data.place.group for data in target.values())
    boxes = tuple(Box(one, group_name(one, say), f"{given[one]} \u2192 {sums[one]}", "group") for one in groups)
    bands = [
        *(Band(box.key, "source", 1, "line") for box in senders),
        *(Band("source", group, given[group], "given", str(given[group])) for group in groups if given[group]),
        *(Band(group, "target", count, kind, str(count)) for (group, kind), count in sorted(taken.items())),
        *(Band("target", box.key, 1, "line") for box in receivers),
    ]
    return Diagram(
        say("Way of the answer: %(name)s", name=flow.name)
        if flow.back
        else say("Way of the data elements: %(name)s", name=flow.name),
        say(
            "From %(source)s over the groups of the model to %(target)s. Numbers: elements given \u2192 taken.",
            source=flow.source,
            target=flow.target,
        ),
        (senders, (_format("source", flow.source),), boxes, (_format("target", flow.target),), receivers),
        tuple(bands),
        0.74,
    )


def hub_diagram(
    names: Sequence[str], carried: Mapping[str, Carried], ways: Mapping[str, tuple[bool, bool]], say: Words
) -> Diagram:
    """All formats around the model: those that are read on the left, those that are written on the right."""
    counts = {name: Counter(data.place.group for data in carried[name].values()) for name in names}
    groups = [group for group in GROUPS if any(count[group] for count in counts.values())]
    read = [name for name in names if ways[name][0]]
    written = [name for name in names if ways[name][1]]
    sides = [(f"in {name}", group, counts[name][group]) for name in read for group in groups]
    sides += [(group, f"out {name}", counts[name][group]) for name in written for group in groups]
    bands = [Band(start, end, count, "given", str(count)) for start, end, count in sides if count]
    return Diagram(
        say("What goes in and what comes out"),
        say("Formats that are read, the groups of data elements of the model, formats that are written."),
        (
            tuple(_format(f"in {name}", name, say("read")) for name in read),
            tuple(Box(group, group_name(group, say), "", "group") for group in groups),
            tuple(_format(f"out {name}", name, say("written")) for name in written),
        ),
        tuple(bands),
    )


def lacking(source: Carried, target: Carried) -> list[Data]:
    """What the target knows and the source does not give, what must stand first."""
    found = in_order(data for data in target.values() if status(data, source) in {"lacking", "open"})
    return sorted(found, key=lambda data: data.need == "no")


def _partner(key: str, side: Side, say: Words) -> Box:
    return Box(f"{key} {side.name}", side.name, say(ROLES[side.role]), "partner")


def _format(key: str, name: str, small: str = "") -> Box:
    return Box(key, name, small, "format")
