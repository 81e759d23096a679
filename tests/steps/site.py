"""A whole site on folders instead of SFTP: a post and an administration with live and test lines, driven step by step.

No threads, no processes: a test says which step runs, and what dies between two of them.
"""

import contextlib
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from gateway.journal import schema
from gateway.journal.audit import make_key
from gateway.journal.balance import balance
from gateway.journal.folders import make_folder
from gateway.mapping.registry import shipped
from gateway.runner.gates import load_settings, open_gate
from gateway.runner.lines import dial
from gateway.settings import Credentials
from gateway.steps.answering import answer, close
from gateway.steps.declaring import compose, group, groupkeeping
from gateway.steps.ground import switches
from gateway.steps.ground.gate import Gate
from gateway.steps.hearing import collect
from gateway.steps.reading import intake, translate
from gateway.steps.receiving.pickup import Pickup
from gateway.steps.recovering.start import recover
from gateway.steps.sending import assemble
from gateway.steps.sending.deliver import Deliver
from gateway.steps.working.translation import perform
from tests.steps.wires import Odd

POST = """\
partner: example-post
party: {name: Example Post, role: post, country: FR, ids: {upu: FRA}}
timezone: Europe/Paris
connections:
  live: {environment: production, directory: PLACE/post, every: 1s}
  test: {environment: test, directory: PLACE/post-test, every: 1s}
sends:
  upu/itmatt-1.5: {from: out/*.xml, complete: rename, after: move to done/}
receives:
  upu/cusrsp-1: {to: in, name: "CUSRSP_{control_reference}.xml", per_file: 500}
"""
CUSTOMS = """\
partner: uk-customs
party: {name: Example Customs, role: customs, country: GB}
timezone: Europe/London
connections:
  live: {environment: production, directory: PLACE/customs, every: 1s}
  test: {environment: test, directory: PLACE/customs-test, every: 1s}
receives:
  customs/uk/h7: {to: in, name: "{lrn}.xml", per_file: 1, answer_within: 2h, in_doubt: resend}
sends:
  customs/uk/response: {from: out/*.xml, complete: rename, after: delete}
settings: {declarant-id: GB123456789000, lrn-prefix: GW1, location: GBAUEXAEXAEXA,
  exchange-rates: sample, commodity-padding: zeros, change-reason: "21", change-text: corrected by the sender}
"""
ROUTES = """\
- route: uk-h7
  from: {role: post, format: upu/itmatt-1.5, when: {consignee.address.country: [GB]}}
  file: {with: uk-customs, as: customs/uk/h7}
  findings: {default: hold}
  answer: {to: sender, as: upu/cusrsp-1, on: [refused, rejected, held, released]}
"""
GATEWAY = """\
gateway: {id: GW1, timezone: Europe/Brussels, state: ../state, workers: 1MORE}
retention: {raw: 90d, record: 3y, filed: 3y}
"""
NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)  # the day after the corpus was posted


class TestClock:
    """Time that the test moves."""

    __test__ = False

    def __init__(self, now: datetime = NOW) -> None:
        self.at = now

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


class Site:
    """Folders of both partners, the configuration, and the gate of the moment.

    `journal` is the URL of a database with an empty journal; without one it is a file in the state folder.
    """

    def __init__(self, folder: Path, *, overlay: bool = False, journal: str = "") -> None:
        self.folder, self.clock = folder, TestClock()
        for place in ("post", "post-test", "customs", "customs-test"):
            for name in ("in", "out", "done"):
                (folder / place / name).mkdir(parents=True)
        config = folder / "config"
        (config / "partners").mkdir(parents=True)
        more = (", mappings: ../overlay" if overlay else "") + (f', journal: "{journal}"' if journal else "")
        (config / "gateway.yaml").write_text(GATEWAY.replace("MORE", more))
        if journal:
            make_folder(folder / "state")
            make_key(folder / "state")
        (folder / "overlay").mkdir()
        (config / "partners/example-post.yaml").write_text(POST.replace("PLACE", str(folder)))
        (config / "partners/uk-customs.yaml").write_text(CUSTOMS.replace("PLACE", str(folder)))
        (config / "routes.yaml").write_text(ROUTES)
        self.crew = ThreadPoolExecutor(1)

    @classmethod
    def at(cls, folder: Path) -> "Site":
        """The site that was made in a folder before, by another process perhaps."""
        site = cls.__new__(cls)
        site.folder, site.clock, site.crew = folder, TestClock(), ThreadPoolExecutor(1)
        return site

    def change(self, name: str, old: str, new: str) -> None:
        """Edit a file of the configuration; the gate that is opened next knows it."""
        file = self.folder / "config" / name
        text = file.read_text()
        assert old in text, text
        file.write_text(text.replace(old, new))

    def partner(self, name: str, text: str) -> None:
        """Write a partner's file, with folders of its own beside the others."""
        (self.folder / "config/partners" / f"{name}.yaml").write_text(text.replace("PLACE", str(self.folder)))
        for place in re.findall(r"PLACE/([a-z-]+)", text):
            for folder in ("in", "out", "done"):
                (self.folder / place / folder).mkdir(parents=True, exist_ok=True)

    @contextmanager
    def gate(self) -> Iterator[Gate]:
        """The gateway between start and stop, after its start-up."""
        with open_gate(load_settings(self.folder / "config/gateway.yaml"), self.clock) as gate:
            recover(gate)
            yield gate

    def post(self, data: bytes, name: str = "a.xml", place: str = "post") -> None:
        (self.folder / place / "out" / name).write_bytes(data)

    def say(self, data: str, name: str, place: str = "customs") -> None:
        """Customs answers."""
        (self.folder / place / "out" / name).write_text(data)

    def filed(self, place: str = "customs") -> dict[str, bytes]:
        """What customs sees in its inbox, by file name; our temporary names are hidden ones."""
        return {p.name: p.read_bytes() for p in sorted((self.folder / place / "in").glob("[!.]*"))}

    def answers(self, place: str = "post") -> str:
        return "\n".join(p.read_text() for p in sorted((self.folder / place / "in").glob("[!.]*")))

    def poll(self, gate: Gate, **odd: Any) -> int:
        """Look at every line; `odd` calls of it go wrong (`tests.steps.wires`)."""
        return sum(
            self.on(gate, line.name, lambda wire, line=line: Pickup(gate, line, self.crew).poll(wire), **odd)
            for line in gate.hub.connections.values()
        )

    def deliver(self, gate: Gate, **odd: Any) -> int:
        return sum(
            self.on(gate, line.name, lambda wire, line=line: Deliver(gate, line, self.crew).deliver(wire), **odd)
            for line in gate.hub.connections.values()
        )

    def on(self, gate: Gate, name: str, act: Any, **odd: Any) -> int:
        with dial(gate.hub.connections[name], Credentials(self.folder / "config")) as wire:
            return act(Odd(wire, **odd))

    def work(self, gate: Gate) -> int:
        """Everything but the lines."""
        done = intake.intake(gate)
        for taken, job in translate.take(gate, 4):
            translate.finish(gate, taken, perform(job))
            done += 1
        for order in compose.take(gate, ()):
            compose.finish(gate, perform(order.job))
            done += 1
        for order in group.take(gate, 4):
            groupkeeping.finish(gate, perform(order.job))
            done += 1
        done += collect.rematch(gate) + answer.Answering(gate).run()
        paused = switches.paused_routes(gate)
        return done + assemble.assemble(gate, flush=True, paused=paused) + close.close(gate)

    def codes(self, gate: Gate, kind: str = "") -> set[str]:
        """Codes of all findings (on subjects of a kind)."""
        return {row["code"] for row in self.rows(gate, "finding") if kind in ("", row["subject_kind"])}

    def ids(self, gate: Gate, table: str, **values: Any) -> list[str]:
        """Ids of the rows that have these values."""
        return [row["id"] for row in self.rows(gate, table) if all(row[name] == v for name, v in values.items())]

    def work_without_assembly(self, gate: Gate) -> int:
        done = intake.intake(gate)
        for taken, job in translate.take(gate, 4):
            translate.finish(gate, taken, perform(job))
            done += 1
        return done

    def publish_and_die(self, gate: Gate, data: bytes = b"") -> None:
        """The rename is done at the partner; the process ends before it says so. `data` comes and is read first."""
        if data:
            self.post(data)
            self.poll(gate)
            while self.work(gate):
                pass

        class Dies(Deliver):
            def _sent(self, rows: Any) -> None:  # noqa: ARG002
                raise KeyboardInterrupt

        for line in gate.hub.connections.values():
            with contextlib.suppress(KeyboardInterrupt):
                self.on(gate, line.name, lambda wire, line=line: Dies(gate, line, self.crew).deliver(wire))

    def shadow_table(self, name: str, old: str, new: str) -> None:
        """Edit a shipped table in the overlay, with all that lies beside it."""
        text = (shipped() / name).read_text()
        assert old in text, "the table has changed: choose another row"
        target = self.folder / "overlay" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace(old, new))

    def run(self, gate: Gate) -> None:
        """Until nothing is left to do."""
        while self.poll(gate) or self.work(gate) or self.deliver(gate):
            pass

    def states(self, gate: Gate, table: str = "item") -> dict[str, int]:
        with gate.journal.read() as conn:
            column = schema.METADATA.tables[table].c.state
            found: dict[str, int] = {}
            for state in conn.scalars(select(column)):
                found[state] = found.get(state, 0) + 1
        return found

    def rows(self, gate: Gate, table: str) -> list[Any]:
        with gate.journal.read() as conn:
            return list(conn.execute(select(schema.METADATA.tables[table])).mappings())

    def violations(self, gate: Gate) -> list[str]:
        with gate.journal.read() as conn:
            return [f"{v.rule}: {v.ids}" for v in balance(conn).violations]
