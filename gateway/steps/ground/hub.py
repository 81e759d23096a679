"""Who is who: which partner a message comes from, which routes its items may take, over which line they leave.

Rows of the journal outlive the configuration: a connection, route or partner that they name may be gone or renamed.
Then the answer here is None (nobody, nowhere), never an exception.
"""

from datetime import timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from gateway.locale import SOURCE
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import REQUESTS, Limits, Requester
from gateway.settings.connection import Connection, Outbound, sends_of
from gateway.settings.credentials import Credentials
from gateway.settings.filer import record_of
from gateway.settings.gateway import OwnLimits
from gateway.settings.identities import identities
from gateway.settings.partner import Numbering, Partner
from gateway.settings.route import Group, Route
from gateway.settings.settings import Settings
from gateway.steps.working.filer import Filer
from gateway.steps.working.outcome import GroupPlan, RoutePlan

Environment = Literal["production", "test"]


class Hub:
    """The configuration as the steps ask it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.connections = {c.name: c for c in settings.connections()}
        self.routes = {route.name: route for route in settings.routes}
        owners = {name: settings.partners[line.owner] for name, line in self.connections.items()}
        self.groups = any(route.file is not None and route.file.group is not None for route in settings.routes)
        self._limits = {name: _limits(settings, owner) for name, owner in owners.items()}
        secrets = Credentials(settings.folder)
        self._ids = {name: identities(partner, secrets) for name, partner in settings.partners.items()}
        self._filers = {name: filer_with(settings, partner) for name, partner in settings.partners.items()}

    def sender(self, connection: str, claimed: str) -> Partner | None:
        """The partner behind a message: the line's owner, or on a network mailbox the one whose id the header names.

        A header can only choose among the partners that the line carries; an unknown one is nobody.
        """
        line = self.connections.get(connection)
        if line is None:
            return None
        candidates = [self.settings.partners[name] for name in line.carries]
        owner = self.settings.partners[line.owner]
        if owner.party.role != "network":
            others = (p for p in candidates if p is not owner)
            return next((p for p in others if claimed in self._ids[p.partner].ids.values()), owner)
        return next((p for p in candidates if claimed in self.called(p.partner)), None)

    def called(self, partner: str) -> tuple[str, ...]:
        """What a partner behind a mailbox is called in message heads: its name, its ids (secret ones as they are)."""
        return (partner, *self._ids[partner].ids.values())

    @property
    def unread(self) -> tuple[str, ...]:
        """Ids of partners that are secrets and could not be read: nobody is known by them."""
        return tuple(sorted(one for each in self._ids.values() for one in each.unread))

    def speaker(self, connection: str, claimed: str) -> str:
        """The name under which answers of a line count: the sender's, else that of the line's owner."""
        sender = self.sender(connection, claimed)
        return sender.partner if sender else owner_of(connection)

    def zone(self, connection: str, claimed: str) -> ZoneInfo:
        """The time zone of what a message says without one: its sender's, else the gateway's."""
        sender = self.sender(connection, claimed)
        return (sender.timezone if sender else None) or self.settings.gateway.timezone

    def numbering(self, connection: str, claimed: str, format_name: str) -> Numbering | None:
        """How the references of a sender's messages run; None where they do not."""
        sender, line = self.sender(connection, claimed), self.connections.get(connection)
        if sender is None or line is None:
            return None
        rule = dict(sends_of(sender, self.settings.partners[line.owner])).get(format_name)
        return rule.sequence if rule else None

    def receiver(self, connection: str, kind: str, route: str) -> str:
        """The partner that a filing goes to: what its route says, else whoever takes the format on that line."""
        known, line = self.routes.get(route), self.connections.get(connection)
        if known is not None and known.file is not None and kind in spoken(known.file.format):
            partner = owner_of(known.file.partner)
            if line is None or partner in line.carries:
                return partner
        rule = next((o for o in line.outbound if o.format == kind), None) if line else None
        return rule.partner if rule else owner_of(connection)

    def group(self, route: str) -> Group | None:
        """How parcels of a route are declared together; None where each has a declaration of its own."""
        known = self.routes.get(route)
        return known.file.group if known is not None and known.file is not None else None

    def way(self, connection: str, kind: str, route: str) -> Outbound | None:
        """The rule by which a filing leaves: that of its format; a request without one goes as its declaration did."""
        line, known = self.connections.get(connection), self.routes.get(route)
        if line is None:
            return None
        partner = self.receiver(connection, kind, route)
        declared = known.file.format if known and known.file and kind in spoken(known.file.format) else kind
        return line.outbound_for(partner, kind) or line.outbound_for(partner, declared)

    def leaves_by(self, route: str, environment: Environment) -> Outbound | None:
        """The rule by which declarations of a route leave in an environment."""
        known = self.routes.get(route)
        way = self.outbound(known.file.partner, known.file.format, environment) if known and known.file else None
        return way[1] if way else None

    def rule(self, connection: str, kind: str, directory: str) -> Outbound | None:
        """The rule by which a delivery was made: the one of its folder, else of its format.

        A request that has none went by that of its declaration, into its folder.
        """
        line = self.connections.get(connection)
        known = line.outbound if line else ()
        here = [o for o in known if o.directory == directory]
        if plain := next((o for o in here if o.format == kind), here[0] if len(here) == 1 else None):
            return plain  # nearly always, and without a question to the formats: the mover has none at hand
        rules = [o for o in known if kind in spoken(o.format)] or here
        rules.sort(key=lambda o: (o.directory != directory, o.format != kind))
        return next(iter(rules), None)

    def limits(self, connection: str) -> Limits:
        """What is looked at of what comes by a line: its owner's limits, else the gateway's."""
        return self._limits.get(connection) or _limits(self.settings)

    def patience(self, partner: str) -> timedelta | None:
        """How long what a partner sent may wait for a person; None: for ever. A mailbox may say it."""
        known = self.settings.partners.get(partner)
        mailbox = self.settings.partners.get(known.via) if known and known.via else None
        holds = (known and known.holds) or (mailbox and mailbox.holds)
        return holds.expire if holds else None

    def plans(self, sender: Partner, format_name: str, environment: Environment) -> tuple[RoutePlan, ...]:
        """The routes open to a sender's items, in order; one without a line in this environment leads nowhere."""
        return tuple(
            self._plan(route, environment)
            for route in self.settings.routes
            if route.origin.role == sender.party.role
            and route.origin.format == format_name
            and (not route.origin.partner or sender.partner in route.origin.partner)
        )

    def filing_plans(self, environment: Environment) -> tuple[RoutePlan, ...]:
        """Every route that files something, whoever sends for it."""
        return tuple(self._plan(route, environment) for route in self.settings.routes if route.file is not None)

    def outbound(self, partner: str, format_name: str, environment: Environment) -> tuple[Connection, Outbound] | None:
        """The line and rule by which files of a format reach a partner in an environment."""
        for line in self.settings.connections_to(partner, environment):
            rule = line.outbound_for(owner_of(partner), format_name)
            if rule is not None:
                return line, rule
        return None

    def mailbox(self, partner: str) -> str:
        """The address a partner has in message heads: its `mailbox` id, else its UPU id, else its name."""
        ids = self._ids[partner].ids if partner in self._ids else {}
        return ids.get("mailbox") or ids.get("upu") or partner

    def language(self, partner: str) -> str:
        """The language in which a partner (or the owner of one of its connections) is told."""
        known = self.settings.partners.get(owner_of(partner))
        return known.party.language if known else SOURCE

    def told(self, route: str, connection: str, claimed: str) -> str:
        """The partner who gets the answers of a route to a message; empty where that is nobody any more."""
        known = self.routes.get(route)
        if known is not None and known.answer is not None and known.answer.to != "sender":
            return known.answer.to
        sender = self.sender(connection, claimed)
        return sender.partner if sender else ""

    def answer_to(
        self, route: Route, connection: str, claimed: str, environment: Environment
    ) -> tuple[Connection, Outbound] | None:
        """Where the answers of a route to a message go; None where nobody is told."""
        partner = self.told(route.name, connection, claimed) if route.answer else ""
        return self.outbound(partner, route.answer.format, environment) if route.answer and partner else None

    def _plan(self, route: Route, environment: Environment) -> RoutePlan:
        when = tuple((path, tuple(values)) for path, values in route.origin.when.items())
        findings: dict[str, str] = {**route.findings}
        if route.file is None:
            return RoutePlan(route.name, when, findings=findings, keep=True, goes_on=route.goes_on)
        partner = owner_of(route.file.partner)
        way = self.outbound(route.file.partner, route.file.format, environment)
        return RoutePlan(
            name=route.name,
            when=when,
            target=route.file.format,
            partner=partner,
            connection=way[0].name if way else "",
            filer=self._filers[partner],
            findings=findings,
            goes_on=route.goes_on,
            group=GroupPlan(route.file.group.items, route.file.group.by) if route.file.group else None,
        )


CLEARED = "cleared"  # what was cleared is asked about in other formats, where an authority has them


@cache
def spoken(target: str) -> frozenset[str]:
    """The formats in which is spoken with an authority about declarations of a format: that one, and of requests."""
    pack = authority_for(target)
    if not isinstance(pack, Requester):
        return frozenset({target})
    asked = (pack.request_format(target, purpose, outcome) for purpose in REQUESTS for outcome in ("", CLEARED))
    return frozenset([target, *(name for name in asked if name)])


def filer_with(settings: Settings, partner: Partner) -> Filer:
    """Whoever files with a partner, as its file says."""
    zone = partner.timezone or settings.gateway.timezone
    return Filer(dict(partner.settings), record_of(partner.record), zone.key)


def _limits(settings: Settings, owner: Partner | None = None) -> Limits:
    caps, own = settings.limits, owner.limits if owner else OwnLimits()
    return Limits(file_bytes=own.file or caps.file, items=own.items or caps.items, item_bytes=own.item or caps.item)


def owner_of(connection: str) -> str:
    """The partner in the name of a connection (`partner.connection`).

    >>> owner_of("uk-customs.live"), owner_of("uk-customs")
    ('uk-customs', 'uk-customs')
    """
    return connection.partition(".")[0]
