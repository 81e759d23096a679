"""One side of a comparison: the tables and settings that some ruleset holds."""

from collections.abc import Callable, Mapping
from datetime import date

import msgspec

from gateway.mapping.registry import Registry
from gateway.model import Decision, Message
from gateway.steps.answering.values import Said
from gateway.steps.ground.hub import Environment, Hub
from gateway.steps.ground.setup import filed_by
from gateway.steps.working.filer import Filer
from gateway.steps.working.outcome import ItemOutcome, RoutePlan, Setup
from gateway.steps.working.translation import registry_for
from gateway.workbench.difference.item import Outcomes, Sided, Writing
from gateway.workbench.difference.writings import Writings

DECISIONS = msgspec.json.Decoder(Decision)


class Side(msgspec.Struct, frozen=True):
    """`name` as a person says it; an archived one has its hash and its `filers` by partner, others take today's."""

    name: str
    roots: tuple[str, ...]
    ruleset: str = ""
    filers: Mapping[str, Filer] | None = None

    @property
    def registry(self) -> Registry:
        return registry_for(self.roots, whole=bool(self.ruleset))

    def own(self, routes: tuple[RoutePlan, ...]) -> tuple[RoutePlan, ...]:
        """Routes with the filers of this side."""
        return routes if self.filers is None else filed_by(routes, self.filers)

    def over(self, hub: Hub, connection: str) -> Callable[[Setup, object], Setup]:
        """The set-up of what one envelope holds, as if it had come over a connection."""

        def addressed(setup: Setup, around: object) -> Setup:
            message = around if isinstance(around, Message) else Message()
            environment: Environment = "test" if message.test or setup.environment == "test" else "production"
            sender = hub.sender(connection, message.sender or "")
            routes = hub.plans(sender, setup.format, environment) if sender else ()
            return msgspec.structs.replace(setup, environment=environment, routes=self.own(routes))

        return addressed

    def sided(self, outcomes: Outcomes, on: date, target: str = "") -> Sided:
        """Its outcomes, ready to be compared; decisions are written in the target's format."""
        known: dict[str, Writings] = {}

        def apart(name: str, text: bytes) -> Mapping[str, Said]:
            if name not in known:
                known[name] = Writings(self.registry.format(name, on))
            return known[name].values(text)

        def written(item: ItemOutcome) -> Writing | None:
            if item.draft is not None:
                return (item.draft.target, item.draft.text) if item.draft.text else None
            if not target or item.kind != "decision" or not item.record:
                return None
            text = self.registry.format(target, on).write(DECISIONS.decode(item.record)).text
            return (target, text.encode()) if text else None

        return Sided(outcomes, apart, written)
