"""What an item lacks for its target, as `gateway check --to` shows it: one line a fact, with whom to ask for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.cli.columns import columns
from gateway.cli.report import counted

if TYPE_CHECKING:
    from gateway.cli.request import Request
    from gateway.cli.shown import Shown
    from gateway.steps.working.outcome import ItemOutcome
    from gateway.workbench.coverage.missing import Lack, Missing

ASKED = {"setting": "setting {}", "record": "`record:` {}", "sender": "{}", "nobody": "no element carries it"}


class Missed:
    """Looks at every item of the files of one request."""

    def __init__(self, request: "Request") -> None:
        self.request = request
        self._lacks: dict[str, Lack] = {}

    def of(self, shown: "Shown", item: "ItemOutcome") -> tuple["Missing", ...]:
        """What an item lacks, also one whose own findings keep it from being declared."""
        from gateway.cli.translate import clock
        from gateway.steps.working.outcome import Rewrite
        from gateway.steps.working.translation import CONSIGNMENTS, translator_for

        if shown.setup is None or not self.request.target or not item.record or item.key is None:
            return ()
        translator, now = translator_for(shown.setup), clock(self.request.on)
        route = shown.setup.routes[0]
        draft = item.draft or translator.rewrite(Rewrite("", item.key, route.name, 1, item.record), now)
        if not any(one.severity == "error" for one in (*item.findings, *draft.findings)):
            return ()
        filing = translator.filing(route, item.key, 1, now)
        declared, _ = translator.completed(CONSIGNMENTS.decode(item.record), route, filing, self.request.on)
        return self._lack(shown.format).of(declared, item.findings, draft.findings, shown.trace.entries)

    def _lack(self, source: str) -> "Lack":
        from gateway.workbench.coverage.missing import Lack

        if source not in self._lacks:
            registry, on = self.request.registry(), self.request.on
            self._lacks[source] = Lack(registry.format(source, on), registry.format(self.request.target or "", on))
        return self._lacks[source]


def lines(item: str, found: tuple["Missing", ...], target: str, language: str) -> Iterator[str]:
    """The facts that one item lacks."""
    from gateway.steps.answering.telling import label

    yield f"item {item}: {counted(len(found), 'fact')} missing for {target}"
    rows = [
        (label(one.model_path, language), one.wco_id, one.target, _asked(one), " ".join(one.codes)) for one in found
    ]
    head = ("what", "WCO", "element of the target", "asked for", "found by")
    yield from (f"  {line}" for line in columns(rows, head))


def data(item: str, found: tuple["Missing", ...], language: str) -> list[dict[str, Any]]:
    from gateway.steps.answering.telling import label

    return [{"item": item, "label": label(one.model_path, language), **msgspec.to_builtins(one)} for one in found]


def _asked(one: "Missing") -> str:
    return ASKED[one.asked].format(one.how)
