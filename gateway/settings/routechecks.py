"""What must hold between routes and partners: one line in each environment a route can meet, no route in the shade.

A *route instance* is a route in one environment: all its lines are of that environment.
"""

from collections.abc import Iterator

from gateway.findings import Finding
from gateway.settings.draft import Draft
from gateway.settings.faults import nearest
from gateway.settings.partner import Environment, Partner
from gateway.settings.route import Route
from gateway.settings.source import Place


def names_are_unique(draft: Draft) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for at, route in draft.numbered:
        if seen.setdefault(route.name, at) != at:
            yield draft.routes_file.finding("RTE109", (at, "route"), name=route.name)


def partners_are_known(draft: Draft) -> Iterator[Finding]:
    for at, route in draft.numbered:
        for place, name in _named(at, route):
            partner, _, line = name.partition(".")
            if partner not in draft.files:
                yield draft.routes_file.finding("CFG117", place, name=partner, nearest=nearest(partner, draft.files))
            elif line and partner in draft.partners and line not in draft.partners[partner].connections:
                known = (f"{partner}.{label}" for label in draft.partners[partner].connections)
                yield draft.routes_file.finding("CFG117", place, name=name, nearest=nearest(name, known))


def routes_have_senders(draft: Draft) -> Iterator[Finding]:
    for at, route in draft.numbered:
        if not draft.senders(route) and not any(draft.at_fault(name) for name in draft.files):
            yield draft.routes_file.finding(
                "RTE105", (at, "from"), name=route.name, role=route.origin.role, format=route.origin.format
            )


def routes_have_lines(draft: Draft) -> Iterator[Finding]:
    """For each environment in which a sender can bring a message: exactly one line to file and to answer by."""
    for at, route in draft.numbered:
        environments = sorted({e for sender in draft.senders(route) for e in draft.environments(sender.partner)})
        for place, name in _targets(at, route):
            if name.partition(".")[0] in draft.partners:
                for environment in environments:
                    yield from _line(draft, route, place, name, environment)


def receivers_take_the_format(draft: Draft) -> Iterator[Finding]:
    for at, route in draft.numbered:
        if route.file and (partner := draft.partners.get(route.file.partner.partition(".")[0])):
            yield from _taken(draft, (at, "file", "as"), route, partner, route.file.format)
        if route.answer:
            named = draft.partners.get(route.answer.to.partition(".")[0])
            told = draft.senders(route) if route.answer.to == "sender" else (named,) if named else ()
            for partner in told:
                yield from _taken(draft, (at, "answer", "as"), route, partner, route.answer.format)


def routes_are_not_shadowed(draft: Draft) -> Iterator[Finding]:
    for at, route in draft.numbered:
        shade = next(
            (earlier for number, earlier in draft.numbered if number < at and _takes_all(earlier, route)), None
        )
        if shade is not None:
            yield draft.routes_file.finding("RTE108", (at, "route"), name=route.name, earlier=shade.name)


def _named(at: int, route: Route) -> Iterator[tuple[Place, str]]:
    """Every partner a route names, and where."""
    for n, name in enumerate(route.origin.partner):
        yield (at, "from", "partner", n), name
    yield from _targets(at, route)


def _targets(at: int, route: Route) -> Iterator[tuple[Place, str]]:
    if route.file:
        yield (at, "file", "with"), route.file.partner
    if route.answer and route.answer.to != "sender":
        yield (at, "answer", "to"), route.answer.to


def _line(draft: Draft, route: Route, place: Place, name: str, environment: Environment) -> Iterator[Finding]:
    lines = list(draft.lines(name))
    fitting = [f"{owner.partner}.{label}" for owner, label, line in lines if line.environment == environment]
    values = {"name": route.name, "partner": name, "environment": environment}
    if "." in name and lines and not fitting:
        yield draft.routes_file.finding("RTE103", place, **values, other=lines[0][2].environment)
    elif not fitting:
        yield draft.routes_file.finding("RTE102", place, **values)
    elif len(fitting) > 1:
        yield draft.routes_file.finding("RTE104", place, **values, lines=", ".join(fitting))


def _taken(draft: Draft, place: Place, route: Route, partner: Partner, format_name: str) -> Iterator[Finding]:
    if format_name not in partner.receives:
        yield draft.routes_file.finding(
            "RTE106",
            place,
            name=route.name,
            partner=partner.partner,
            format=format_name,
            nearest=nearest(format_name, partner.receives),
        )


def _takes_all(earlier: Route, later: Route) -> bool:
    """Nothing is left for the later one."""
    return not earlier.goes_on and _covers(earlier, later)


def _covers(earlier: Route, later: Route) -> bool:
    """All that `later` takes, `earlier` takes before it."""
    a, b = earlier.origin, later.origin
    return (
        (a.role, a.format) == (b.role, b.format)
        and (not a.partner or (bool(b.partner) and set(b.partner) <= set(a.partner)))
        and all(path in b.when and set(b.when[path]) <= set(wanted) for path, wanted in a.when.items())
    )


CHECKS = (
    names_are_unique,
    partners_are_known,
    routes_have_senders,
    routes_have_lines,
    receivers_take_the_format,
    routes_are_not_shadowed,
)
