"""`gateway status`: what is wrong, what goes on, what waits for a person: one screen, each line with its command."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.configured import config_option
from gateway.cli.report import Report, command_of
from gateway.cli.stateful import gate_of
from gateway.cli.waiting import waiting_files
from gateway.locale import translate

if TYPE_CHECKING:
    from gateway.steps.watching.notice import Alarm
    from gateway.steps.watching.overview import LineState, Moving, Overview, Waiting

COMMAND = " " * 11
WIDTH = 72  # where the command of a line begins that has room for one
MOST_CODES = 5  # findings that the overview names, the most frequent first
MOST_ALARMS = 8


@command_of("status")
@config_option
def command(report: Report, *, config: Path | None) -> dict[str, Any]:
    """Show alarms, every connection, what is on its way, and what waits for a person, each with the next command."""
    import msgspec

    from gateway.steps.ground.force import in_force
    from gateway.steps.watching.overview import overview

    with gate_of(report, config) as gate, gate.journal.read() as conn:
        found, ruleset = overview(gate, conn), in_force(conn)
        files = {f"files {state}": waiting_files(conn, state) for state in ("refused", "suspect")}
        page = Page(gate.now(), f" --config {shlex.quote(str(config))}" if config else "", report.language)
    for line in (*page.lines(found, files), *page.tables(ruleset, gate.ruleset)):
        report.line(line)
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told | {"ruleset": {"in_force": ruleset, "disk": gate.ruleset}}


@dataclass(frozen=True, slots=True)
class Page:
    """The overview for people; `tail` makes the commands in it ready to paste."""

    now: datetime
    tail: str
    language: str

    def say(self, message: str, **values: object) -> str:
        return translate(message, self.language) % values

    def lines(self, found: "Overview", files: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
        if found.alarms:
            yield self.say("alarms")
            yield from (text for one in found.alarms[:MOST_ALARMS] for text in self._alarm(one))
            yield from self._more(len(found.alarms) - MOST_ALARMS)
            yield ""
        yield self.say("connections")
        yield from (text for line in found.lines for text in self._connection(line))
        yield "\n" + self.say("on its way")
        yield from (self._moving(one) for one in found.steps)
        if not found.steps:
            yield "  " + self.say("nothing")
        yield "\n" + self.say("waits for a person")
        person = [*self._waits(found, files)]
        yield from person or ["  " + self.say("nothing")]

    def tables(self, in_force: str, disk: str) -> Iterator[str]:
        """Which ruleset files are read by, and what to do where the disk holds another."""
        if in_force:
            yield "\n" + self.say("tables: ruleset %(ruleset)s is in force", ruleset=in_force[:12])
        else:
            yield "\n" + self.say("tables: no gateway has run by any yet")
        if disk != in_force:
            yield "  " + self.say("on disk are others, ruleset %(ruleset)s", ruleset=disk[:12])
            what, take = self.say("what they would change"), self.say("take them up")
            yield f"{COMMAND}gateway mapping diff in-force disk --journal{self.tail}   # {what}"
            yield f"{COMMAND}gateway reload{self.tail}   # {take}"

    def _alarm(self, one: "Alarm") -> Iterator[str]:
        since = self.say("for %(age)s", age=self._age(one.since))
        untold = "" if one.status != "new" else ", " + self.say("nobody was told yet")
        yield f"  {one.code:>7}  {one.message} ({since}{untold})"
        yield f"{COMMAND}{one.next}{self.tail}"

    def _more(self, count: int) -> Iterator[str]:
        if count > 0:
            yield f"{COMMAND}" + self.say("and %(count)s more", count=count)

    def _connection(self, line: "LineState") -> Iterator[str]:
        age = self._age(line.last_in) if line.last_in else ""
        last = self.say("last file %(age)s ago", age=age) if age else self.say("no file yet")
        state = f"{line.state} ({line.reason})" if line.reason else line.state
        more = [state, last, self.say("%(count)s to send", count=f"{line.on_the_way:,}")]
        more += [self.say("SILENT for too long")] if line.quiet else []
        more += self._next_try(line)
        yield f"  {line.name:<28} {line.environment:<11} {', '.join(more)}"
        if line.state in {"paused", "braked"}:
            yield f"{COMMAND}gateway resume {line.name}{self.tail}"
        elif line.failures or line.quiet:
            yield f"{COMMAND}gateway partner test {line.name}{self.tail}"

    def _next_try(self, line: "LineState") -> list[str]:
        if line.next_try_at is None or line.state in {"paused", "braked"}:
            return []
        if line.next_try_at <= self.now:
            return [self.say("is tried again now")]
        return [self.say("next try in %(age)s", age=age_of((line.next_try_at - self.now).total_seconds()))]

    def _moving(self, one: "Moving") -> str:
        what = translate(one.what, self.language) + self._oldest(one.oldest)
        return f"  {one.count:>7,}  {what}".ljust(WIDTH) + f"  {one.next}{self.tail}"

    def _waits(self, found: "Overview", files: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
        yield from (text for one in found.waiting for text in self._waiting(one, files.get(one.what, ())))
        for name, state in found.stopped.items():
            yield "  " + self.say("route %(name)s is %(state)s", name=name, state=state)
            yield f"{COMMAND}gateway resume {name}{self.tail}"
        for one in found.late:
            values = {"connection": one.connection, "age": self._age(one.since)}
            said = self.say("filings without an answer in time: ask %(connection)s (since %(age)s)", **values)
            yield f"  {one.count:>7,}  {said}"
            yield f"{COMMAND}gateway filings list --state lodged{self.tail}"

    def _waiting(self, one: "Waiting", files: Sequence[tuple[str, str]]) -> Iterator[str]:
        most = sorted(one.codes, key=lambda pair: (-pair[1], pair[0]))
        codes = ", ".join([*(f"{code} {count:,}" for code, count in most), *["…"][: len(most) >= MOST_CODES]])
        kind, colon, why = one.what.rpartition(": ")
        yield f"  {one.count:>7,}  {kind}{colon}{translate(why, self.language)}{self._oldest(one.oldest)}: {codes}"
        if files:
            yield from (f"{COMMAND}gateway items show {file}{self.tail}   # {name}" for file, name in files)
        else:
            yield f"{COMMAND}{one.next}{self.tail}"

    def _oldest(self, then: datetime | None) -> str:
        return ", " + self.say("oldest %(age)s", age=self._age(then)) if then else ""

    def _age(self, then: datetime) -> str:
        return age_of((self.now - then).total_seconds())


def age_of(seconds: float) -> str:
    """A length of time in its largest unit; none is shorter than nothing, though a clock was set back.

    >>> age_of(59), age_of(7_300), age_of(200_000), age_of(-3_600)
    ('59 s', '2 h', '2 d', '0 s')
    """
    whole = max(0, int(seconds))
    size, unit = next(((n, u) for n, u in ((86_400, "d"), (3600, "h"), (60, "min")) if whole >= n), (1, "s"))
    return f"{whole // size} {unit}"
