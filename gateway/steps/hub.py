"""Who is who: which partner a message on a line comes from, which routes its items may take, over which line they leave."""

from collections.abc import Mapping
from typing import Literal

from gateway.settings.connection import Connection, Outbound
from gateway.settings.partner import Partner
from gateway.settings.route import Route
from gateway.settings.settings import Settings
from gateway.steps.outcome import RoutePlan

Environment = Literal["production", "test"]


class Hub:
    """The configuration as the steps ask it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.connections: Mapping[str, Connection] = {c.name: c for c in settings.connections()}
        self.routes: Mapping[str, Route] = {route.name: route for route in settings.routes}

    def sender(self, connection: str, claimed: str) -> Partner | None:
        """The partner behind a message: the line's owner, or on a network mailbox the one whose id the header names.

        A header can only choose among the partners that the line carries; an unknown one is nobody.
        """
        line = self.connections[connection]
        candidates = [self.settings.partners[name] for name in line.carries]
        owner = self.settings.partners[line.owner]
        if owner.party.role != "network":
            return next((p for p in candidates if p is not owner and claimed in p.party.ids.values()), owner)
        return next((p for p in candidates if claimed in (p.partner, *p.party.ids.values())), None)

    def plans(self, sender: Partner, format_name: str, environment: Environment) -> tuple[RoutePlan, ...]:
        """The routes open to a sender's items, in order. One without a line in this environment leads nowhere and holds."""
        return tuple(
            self._plan(route, environment)
            for route in self.settings.routes
            if route.origin.role == sender.party.role
            and route.origin.format == format_name
            and (not route.origin.partner or sender.partner in route.origin.partner)
        )

    def outbound(self, partner: str, format_name: str, environment: Environment) -> tuple[Connection, Outbound] | None:
        """The line and rule by which files of a format reach a partner in an environment."""
        for line in self.settings.connections_to(partner, environment):
            rule = line.outbound_for(partner.partition(".")[0], format_name)
            if rule is not None:
                return line, rule
        return None

    def mailbox(self, partner: str) -> str:
        """The address a partner has in message heads: its `mailbox` id, else its UPU id, else its name."""
        ids = self.settings.partners[partner].party.ids
        return ids.get("mailbox") or ids.get("upu") or partner

    def answer_to(self, route: Route, sender: str, environment: Environment) -> tuple[Connection, Outbound] | None:
        """Where the answers of a route go for a sender; None where it is told nothing."""
        if route.answer is None:
            return None
        partner = sender if route.answer.to == "sender" else route.answer.to
        return self.outbound(partner, route.answer.format, environment)

    def _plan(self, route: Route, environment: Environment) -> RoutePlan:
        when = tuple((path, tuple(values)) for path, values in route.origin.when.items())
        findings: dict[str, str] = {**route.findings}
        if route.file is None:
            return RoutePlan(route.name, when, findings=findings, keep=True)
        partner = route.file.partner.partition(".")[0]
        way = self.outbound(route.file.partner, route.file.format, environment)
        return RoutePlan(
            name=route.name,
            when=when,
            target=route.file.format,
            partner=partner,
            connection=way[0].name if way else "",
            settings=dict(self.settings.partners[partner].settings),
            findings=findings,
        )
