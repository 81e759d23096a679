"""What an operator does by `gateway …`, each command killed and given again."""

import contextlib
import io
import re
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from gateway.cli.endings import run
from gateway.cli.main import gateway as program
from gateway.runner import gates, trial
from gateway.runner.lines import dial
from gateway.settings.values import Sftp
from gateway.steps.ground.gate import Gate
from gateway.steps.hearing import collect
from tests.crash.partners import Partner, clear, missing, names_sent, repeated, told
from tests.crash.scenarios import changing, lines
from tests.crash.scenarios.disturbed import disturbed
from tests.crash.stage import Counts, Scenario
from tests.steps.answers import response
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

ROUTE = "uk-h7"
FAULTS = {1: "units-zero", 2: "gross-zero", 3: "units-zero"}
MAIL = itmatt(4, 1, faults=FAULTS, reference="ITM1")
PARCELS = [number.decode() for number in re.findall(rb"<item-id>(\w+)<", MAIL)]
TO_RELEASE, TO_RETRY, TO_RETURN, SOUND = PARCELS
KEPT = timedelta(days=40)  # longer than an answer that leads nowhere is kept waiting


def command(site: Site, *words: str) -> int:
    """One command, beside a gateway at work; its exit code."""
    config = site.folder / "config/gateway.yaml"
    whole = gates.journal_of
    timed = patch.object(gates, "journal_of", lambda settings, _=None, **named: whole(settings, site.clock, **named))
    with timed, contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return run(program, [*words, "--config", str(config)])


def _lay(site: Site) -> None:
    Partner(site.folder / "post").say("a.xml", MAIL)


def _operating(site: Site, gate: Gate) -> None:
    """Parcels that were held are released, read again, sent back, while their route rests."""
    post, customs = Partner(site.folder / "post"), Partner(site.folder / "customs")
    command(site, "pause", ROUTE, "--reason", "a table is mended")
    site.run(gate)
    items = {row["item_id"]: row["id"] for row in site.rows(gate, "item") if row["kind"] == "consignment"}
    command(site, "items", "release", items[TO_RELEASE], "--waive", "SRC332")
    command(site, "items", "retry", items[TO_RETRY])
    command(site, "items", "return", items[TO_RETURN])
    command(site, "resume", ROUTE)
    work = True
    while work:
        site.run(gate)
        work = clear(customs, site.clock.at) | post.take()


def _declared_or_told(site: Site) -> Counts:
    """Two are declared, three are told; each once."""
    sent, heard = names_sent(Partner(site.folder / "customs")), told(Partner(site.folder / "post"))
    return Counts(["declarations"] * (2 - len(sent)) + missing(PARCELS, heard), repeated(sent) + repeated(heard))


def _asking(site: Site, gate: Gate) -> None:
    """A cancellation that customs never answers is settled by a person, and an answer that leads nowhere is claimed."""
    customs = Partner(site.folder / "customs")
    customs.say("nobody.xml", response("09", "", notification="nobody", mrn="26GB0000000NOBODY5"))
    _run(site, gate, customs)
    lrn = customs.log()[0].lrn
    if not [row for row in site.rows(gate, "filing") if row["purpose"] == "cancel"]:
        command(site, "filings", "cancel", lrn, "--reason", "1", "--text", "sent back")
    _run(site, gate, customs)
    for request in (sent.lrn for sent in customs.log() if changing.kind(sent) == "cancel"):
        command(site, "filings", "settle", request, "--granted", "--note", "by telephone")
    site.clock.at += KEPT
    collect.rematch(gate)
    for row in site.rows(gate, "decision"):
        if row["state"] == "unclaimed":
            command(site, "filings", "claim", row["id"], lrn)
    _run(site, gate, customs)
    Partner(site.folder / "post").take()


def _stranded(site: Site, gate: Gate) -> None:
    """A cancellation is asked about a declaration of which customs knows no number yet, and which it then rejects."""
    customs = Partner(site.folder / "customs")
    site.run(gate)
    customs.take()
    if not [row for row in site.rows(gate, "filing") if row["purpose"] == "cancel"]:
        command(site, "filings", "cancel", customs.log()[0].lrn, "--reason", "1", "--text", "sent back")
    work = True
    while work:
        site.run(gate)
        work = clear(customs, site.clock.at, "03") | Partner(site.folder / "post").take()


def _declared_once(site: Site) -> Counts:
    sent = names_sent(Partner(site.folder / "customs"))
    return Counts([] if sent else ["declaration"], repeated(sent) + repeated(told(Partner(site.folder / "post"))))


def _run(site: Site, gate: Gate, customs: Partner) -> None:
    """Customs accepts what is declared and is silent otherwise."""
    work = True
    while work:
        site.run(gate)
        came = customs.take()
        declared = (sent for sent in customs.log() if changing.kind(sent) == "declare")
        spoke = [customs.say(sent.name, response("01", sent.lrn)) for sent in declared]
        work = came or any(spoke)


def _asked_once(site: Site) -> Counts:
    said = [changing.kind(sent) for sent in Partner(site.folder / "customs").log()]
    wanted = ["declare", "cancel"]
    return Counts([one for one in wanted if one not in said], [one for one in wanted if said.count(one) > 1])


def _lay_one(site: Site) -> None:
    Partner(site.folder / "post").say("a.xml", itmatt(1, 1, reference="ITM1"))


def _taking_back(site: Site, gate: Gate) -> None:
    """What is written and not sent is taken back by its ruleset, then released; the server is looked at and tried."""
    command(site, "pause", ROUTE)
    site.run(gate)
    if site.ids(gate, "filing", state="written") and not site.ids(gate, "filing", state="withdrawn"):
        command(
            site,
            "filings",
            "withdraw",
            "--ruleset",
            gate.ruleset,
            "--since",
            "3650d",
            "--reason",
            "1",
            "--text",
            "a table",
        )
    for item in site.ids(gate, "item", state="held"):
        command(site, "items", "release", item, "--waive", "RTE141")
    command(site, "resume", ROUTE)
    command(site, "doctor")
    _try_server(site, gate)


def _try_server(site: Site, gate: Gate) -> None:
    """What `gateway partner test` does on a server; a folder answers in its place."""
    line = gate.hub.connections[lines.LINE]
    settings = gates.load_settings(site.folder / "config/gateway.yaml")
    with patch.object(trial, "dial", lambda _, credentials: dial(line, credentials)):
        told = list(trial.trial(settings, replace(line, target=Sftp("gateway", "customs.example"))))
    assert told, "the server was tried"
    assert all(one.grade != "fail" for one in told), told


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("operating", _lay, _operating, _declared_or_told),
    Scenario("asking", _lay_one, _asking, _asked_once),
    Scenario("stranded", _lay_one, _stranded, _declared_once),
    disturbed("taking-back", _taking_back, lay=lines.lay_probe),
)
