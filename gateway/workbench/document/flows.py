"""Who sends what to whom: ways of data elements from a sender's format over the groups of the model to an authority's.

Without configuration the ways are what the tables can do; a configuration says which are gone and by whom.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from gateway.settings import Settings
from gateway.settings.route import Route
from gateway.workbench.document.diagram import Band, Box, Diagram
from gateway.workbench.document.elements import Carried, Data, in_order, status
from gateway.workbench.document.groups import GROUPS, group_name
from gateway.workbench.document.words import Words


class Flow(msgspec.Struct, frozen=True):
    """One way: senders in their format, the receiver in its own, the format of the answer."""

    name: str
    senders: tuple[str, ...]
    source: str
    target: str
    receiver: str
    answer: str = ""


def flows_of(settings: Settings) -> tuple[Flow, ...]:
    """The ways of a configuration: a route and whoever it is for."""
    return tuple(
        Flow(
            route.name,
            _senders(settings, route),
            route.origin.format,
            route.file.format,
            settings.partners[route.file.partner.partition(".")[0]].party.name,
            route.answer.format if route.answer else "",
        )
        for route in settings.routes
        if route.file is not None
    )


def _senders(settings: Settings, route: Route) -> tuple[str, ...]:
    named = {
        name: partner
        for name, partner in settings.partners.items()
        if partner.party.role == route.origin.role and route.origin.format in partner.sends
    }
    chosen = route.origin.partner or tuple(named)
    return tuple(named[name].party.name for name in chosen if name in named)


def flow_diagram(flow: Flow, carried: Mapping[str, Carried], say: Words) -> Diagram:
    """One way: what the source gives, what the target takes, what nobody gives."""
    source, target = carried[flow.source], carried[flow.target]
    given = Counter(data.place.group for data in source.values())
    taken = Counter((data.place.group, status(data, source)) for data in target.values())
    groups = [group for group in GROUPS if given[group] or any(key[0] == group for key in taken)]
    senders = tuple(Box(f"sender {name}", name, say("sender"), "partner") for name in flow.senders)
    receiver = Box("receiver", flow.receiver, say("authority"), "partner")
    sums = Counter(data.place.group for data in target.values())
    boxes = tuple(Box(one, group_name(one, say), f"{given[one]} \u2192 {sums[one]}", "group") for one in groups)
    bands = [
        *(Band(box.key, "source", 1, "line") for box in senders),
        *(Band("source", group, given[group], "given", str(given[group])) for group in groups if given[group]),
        *(Band(group, "target", count, kind, str(count)) for (group, kind), count in sorted(taken.items())),
        Band("target", "receiver", 1, "line"),
    ]
    return Diagram(
        say("Way of the data elements: %(name)s", name=flow.name),
        say(
            "From %(source)s over the groups of the model to %(target)s. Numbers: elements given \u2192 taken.",
            source=flow.source,
            target=flow.target,
        ),
        (senders, (_format("source", flow.source),), boxes, (_format("target", flow.target),), (receiver,)),
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


def _format(key: str, name: str, small: str = "") -> Box:
    return Box(key, name, small, "format")
