"""The configuration as read, before it is believed: what every cross-check looks at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.settings.partner import Environment, Line, Partner
from gateway.settings.route import Route
from gateway.settings.source import Source


@dataclass(frozen=True)
class Draft:
    """`partners` and `numbered` routes are the readable ones, some read as they were probably meant (`mend`).

    `files` also hold those at fault, so that one slip gives one finding.
    """

    partners: Mapping[str, Partner]
    numbered: tuple[tuple[int, Route], ...]
    routes_known: bool = True
    files: Mapping[str, Source] = field(default_factory=dict, repr=False)
    routes_file: Source = field(default_factory=lambda: Source("routes.yaml"), repr=False)

    @property
    def routes(self) -> tuple[Route, ...]:
        return tuple(route for _, route in self.numbered)

    def at_fault(self, partner: str) -> bool:
        """Defined, but its file cannot be used: say nothing more about it."""
        return partner in self.files and partner not in self.partners

    def lines(self, name: str) -> Iterator[tuple[Partner, str, Line]]:
        """Every line that reaches a partner (own, or of its mailbox), or the one called `partner.connection`."""
        wanted, _, only = name.partition(".")
        for owner in self.partners.values():
            for label, line in owner.connections.items():
                serves = owner.partner == wanted or wanted in line.carries
                if serves and only in ("", label):
                    yield owner, label, line

    def environments(self, partner: str) -> frozenset[Environment]:
        return frozenset(line.environment for _, _, line in self.lines(partner))

    def senders(self, route: Route) -> tuple[Partner, ...]:
        """The partners whose messages a route can meet."""
        origin = route.origin
        return tuple(
            partner
            for partner in self.partners.values()
            if partner.party.role == origin.role
            and origin.format in partner.sends
            and (not origin.partner or partner.partner in origin.partner)
        )
