"""Lines that fail: what cannot be fetched or sent, replies that are lost, left-overs of earlier lives."""

import os
from contextlib import suppress
from datetime import timedelta
from typing import Any

from gateway.findings.errors import GatewayError, PartnerUnreachable, RemoteChanged, RequestRefused
from gateway.steps.ground import switches
from gateway.steps.ground.gate import Gate
from gateway.steps.receiving.litter import clear_litter
from gateway.steps.receiving.pickup import Pickup
from gateway.steps.recovering import start
from gateway.steps.sending import doubt
from gateway.steps.sending.deliver import Deliver
from tests.crash.partners import Partner, names_sent, take_all, told
from tests.crash.scenarios import filing
from tests.crash.scenarios.disturbed import disturbed
from tests.crash.stage import Counts, Scenario
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

LINE = "uk-customs.live"
POST = "example-post.live"
LONG = timedelta(hours=4)  # longer than any pause, and than an answer may take
DAY = timedelta(hours=25)
OURS = ".left.xml.GW1-1a2b.part"
CUT = itmatt(3, 9, reference="ITM9")  # of which a part comes


class Torn(BaseException):
    """The round ends here, as if the process had."""


def refusing(*_: Any, **__: Any) -> Any:
    raise RequestRefused(4)


def changed(*_: Any, **__: Any) -> Any:
    raise RemoteChanged


def torn(*_: Any, **__: Any) -> Any:
    raise Torn


def reply_lost(whole: Any, *given: Any, **named: Any) -> Any:
    whole(*given, **named)
    raise PartnerUnreachable


def _lay_large(site: Site) -> None:
    """Whole is what has a done-file beside it; one is too large, and something there is no file."""
    site.change("gateway.yaml", "retention:", "limits: {file: 100 kB}\nretention:")
    site.change("partners/example-post.yaml", "complete: rename", "complete: done-file *.done")
    filing.lay(site)
    Partner(site.folder / "post").say("large.xml", b" " * 200_000)
    for name in ("a.xml.done", "large.xml.done"):
        (site.folder / "post/out" / name).touch()
    os.mkfifo(site.folder / "post/out/odd.xml")


def _fetching(site: Site, gate: Gate) -> None:
    """A file beyond the limit that its partner takes back; one that is refused, then changes while it is read.

    The first round breaks off, and leaves what it had begun.
    """
    with suppress(Torn):
        site.poll(gate, fetch=torn)
    for file in site.ids(gate, "file", state="fetching"):
        gate.blobs.place("raw", POST, file).with_suffix(".late.part").write_bytes(b"x")
    with suppress(GatewayError):
        site.poll(gate, fetch=refusing)
    with suppress(GatewayError):
        site.poll(gate, fetch=changed)
    (site.folder / "post/out/large.xml").unlink(missing_ok=True)
    line = gate.hub.connections[LINE]
    switches.failed(gate, line, "RequestRefused", lambda *_: timedelta())
    switches.recovered(gate, line)
    site.clock.at += LONG


def _sending(site: Site, gate: Gate) -> None:
    """The partner refuses to take files; a round breaks off; the reply to a rename is lost, then the look after it."""
    site.poll(gate)
    while site.work(gate):
        pass
    for odd in ({"write_new": refusing}, {"write_new": torn}, {"publish": reply_lost}, {"lstat": refusing}):
        _deliver(site, gate, **odd)
        site.clock.at += LONG


def _deliver(site: Site, gate: Gate, **odd: Any) -> None:
    """Each line by itself: one that fails stops no other."""
    for line in gate.hub.connections.values():
        with suppress(GatewayError, Torn):
            site.on(gate, line.name, lambda wire, line=line: Deliver(gate, line, site.crew).deliver(wire), **odd)


def lay_probe(site: Site) -> None:
    """Customs names a folder to try things in."""
    (site.folder / "customs/probe").mkdir()
    site.change("partners/uk-customs.yaml", "live: {environment", "live: {probe: probe, environment")
    filing.lay(site)


def _lay_left_over(site: Site) -> None:
    lay_probe(site)
    (site.folder / "customs/in" / OURS).write_bytes(b"x")


def _left_over(site: Site, gate: Gate) -> None:
    """A temporary name of ours at the partner, bytes without a row in our spool: both a day old."""
    orphan = site.folder / "state/spool/in/example-post.live/left.raw"
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"x")
    os.utime(orphan, (0, 0))
    start.sweep(gate)
    line = gate.hub.connections[LINE]
    for _ in range(2):
        site.on(gate, LINE, lambda wire: clear_litter(gate, line, wire))
        site.clock.at += DAY


def _count_left(site: Site) -> Counts:
    lost, doubled = filing.count(site)
    return Counts(lost, doubled + ([OURS] if (site.folder / "customs/in" / OURS).exists() else []))


def _in_doubt(site: Site, gate: Gate) -> None:
    """The reply is lost, the partner has taken the file, and nobody answers for too long: sent again, as it was."""
    site.poll(gate)
    while site.work(gate):
        pass
    _deliver(site, gate, publish=reply_lost)
    take_all(site.folder)
    _deliver(site, gate)
    site.clock.at += LONG
    doubt.resend_doubtful(gate)


def resent(site: Site) -> Counts:
    """What is sent again has the same name and bytes: a partner who looks at either has it once."""
    lost, _ = filing.count(site)
    bytes_of: dict[str, set[bytes]] = {}
    for one in (*Partner(site.folder / "customs").log(), *Partner(site.folder / "post").log()):
        bytes_of.setdefault(one.name, set()).add(one.data)
    return Counts(lost, sorted(name for name, seen in bytes_of.items() if len(seen) > 1))


def _lay_read_once(site: Site) -> None:
    filing.lay(site)
    Partner(site.folder / "post").say("cut.xml", CUT)


def _read_once(site: Site, gate: Gate) -> None:
    """The partner deletes what is opened, and one file ends early: what came of it is no message."""

    def fetch(whole: Any, path: bytes, size: int) -> Any:
        data = b"".join(whole(path, size))
        (site.folder / "post" / path.decode()).unlink()
        yield data[: size * 3 // 4] if path.endswith(b"cut.xml") else data
        if path.endswith(b"cut.xml"):
            raise RemoteChanged

    site.on(gate, POST, lambda wire: Pickup(gate, gate.hub.connections[POST], site.crew).poll(wire), fetch=fetch)
    states = {row["name"]: row["state"] for row in site.rows(gate, "file")}
    assert states[b"cut.xml"] in {"suspect", "sighted"}, states


def _count_whole(site: Site) -> Counts:
    """What the server has deleted while we died is lost, and the partner knows; nobody hears of half a message."""
    heard = told(Partner(site.folder / "post"))
    filed = len(names_sent(Partner(site.folder / "customs")))
    more = [f"{filed} declarations"] if filed > filing.SOUND else []
    return Counts([], more + [one for one in filing.numbers(CUT) if heard[one]])


SCENARIOS: tuple[Scenario, ...] = (
    disturbed("fetching", _fetching, lay=_lay_large),
    disturbed("sending", _sending),
    disturbed("left-over", _left_over, lay=_lay_left_over, count=_count_left),
    disturbed("read-once", _read_once, lay=_lay_read_once, count=_count_whole),
    disturbed("in-doubt", _in_doubt, count=resent),
)
