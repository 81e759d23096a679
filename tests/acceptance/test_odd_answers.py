"""Answers as they really come: out of order, twice, about nobody, without namespaces, with broken dates, broken off.

Nothing that customs lays out is lost: each answer is understood and counts, or waits for its filing, or stands aside
with its bytes until a person has looked at it.
"""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from gateway.demo.answers import fill
from gateway.demo.scene import STAGE, Scene
from gateway.demo.script import load
from tests.acceptance.daemon import Books, balanced, received, running, until
from tests.acceptance.staged import DK, UK, staged
from tests.danish import to_denmark
from tests.steps.answers import response

SILENT = {"rules": [], "courses": [{"share": 1, "answers": []}]}
FILES = f"select count(*) from file where connection in ('{UK}.live', '{DK}.live')"  # noqa: S608
UNPLACED = """select i.id from item i left join decision d on d.item = i.id
where i.kind = 'decision' and d.id is null and i.state not in ('held', 'quarantined', 'repeat')"""
ASIDE = """select g.code, count(distinct i.id) from item i join finding g on g.subject = i.id
where i.kind = 'decision' and i.state in ('held', 'quarantined') and g.severity = 'error' group by g.code"""
PAGES = load(STAGE / DK)[1]
NAMESPACED = (
    ("<MetaData>", '<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">'),
    ("</MetaData>", "</md:MetaData>"),
    ("<WCO", "<md:WCO"),
    ("</WCO", "</md:WCO"),
    ("<Responsible", "<md:Responsible"),
    ("<Response>", '<Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2">'),
)


@pytest.fixture
def scene(tmp_path):
    """Administrations that say nothing of their own accord: the test speaks for them."""
    stage = staged(tmp_path, uk_customs=SILENT, dk_customs=SILENT)
    with Scene(tmp_path / "scene", seed=7, stage=stage, more=[DK]) as scene:
        yield scene


class Voice:
    """An administration that says what it is told to; `said` counts its files."""

    def __init__(self, scene, name):
        self.out, self.said = scene.partner(name).root / "out", 0

    def say(self, text):
        self.said += 1
        draft = self.out / f".{self.said:03}.part"
        draft.write_text(text, encoding="utf-8")
        draft.rename(self.out / f"{self.said:03}.xml")


def at(minutes, form="%Y%m%d%H%M%SZ"):
    """A moment of today, in the form of 304 or another one: what is older than a declaration is not about it."""
    return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime(form)


def page(say, lrn, number, issued=None):
    """One Danish notification on a page of its own, by its number, or by a text that stands for one."""
    guid = f"0a8f1d52-0000-4c5e-9d10-{number:012}" if isinstance(number, int) else number
    values = {"lrn": lrn, "mrn": f"26DK{lrn[-12:]:0>12}R5", "version": "1", "guid": guid, "issued": issued or at(1)}
    return fill(PAGES[say], values, {"errors": "", "taxes": ""})


def with_namespaces(text):
    for bare, named in NAMESPACED:
        text = text.replace(bare, named)
    return text


@pytest.fixture
def voices(scene, mail):
    """Four parcels filed with each, whose LRNs are handed on with the voices."""

    @contextmanager
    def speaking():
        books, uk, dk = Books(scene.settings), Voice(scene, UK), Voice(scene, DK)
        with running(scene.settings):
            scene.post.publish("british.xml", mail(4, seed=1))
            scene.post.publish("danish.xml", to_denmark(mail(4, seed=2)))
            received(scene, 4)
            until(lambda: len(scene.ledger(DK).receipts()) == 4)
            filed = sorted(books.ask("select lrn, kind from filing"))
            britons, danes = ([lrn for lrn, kind in filed if country in kind] for country in ("/uk/", "/dk/"))
            yield books, uk, britons, dk, danes
            heard = lambda: sum(n for (n,) in books.ask(FILES)) == uk.said + dk.said  # noqa: E731
            until(lambda: heard() and not books.moving(), moves=books.steps)

    return speaking


def test_answers_out_of_order_and_twice_end_where_they_should(voices, scene):
    with voices() as (books, uk, britons, dk, danes):
        for _ in range(2):
            uk.say(response("09", britons[0], issued=at(40)))
            uk.say(response("01", britons[0], issued=at(10)))
            uk.say(response("05", britons[0], issued=at(20)))
            dk.say(page("released", danes[0], 3, at(40)))
            dk.say(page("accepted", danes[0], 1, at(10)))
            dk.say(page("controlled", danes[0], 2, at(20)))
    outcomes = dict(books.ask("select lrn, outcome from filing"))
    assert (outcomes[britons[0]], outcomes[danes[0]]) == ("cleared", "released")
    assert balanced(scene.settings)


def test_nothing_that_customs_says_is_lost(voices, scene):
    with voices() as (books, uk, britons, dk, danes):
        # about declarations that nobody has filed
        uk.say(response("03", "NOBODYKNOWS1", issued=at(1)))
        dk.say(page("rejected", "NOBODYKNOWS2", 4))
        # with namespaces, where the others have none
        uk.say(with_namespaces(response("08", britons[1], issued=at(1))))
        # dates of other forms, and one that is none
        uk.say(response("08", britons[2], issued=at(1, "%a %b %d %H:%M:%S UTC %Y")))
        dk.say(page("released", danes[1], 5, at(120, "[%Y,%m,%d,%H,%M,%S,284070396]")))
        dk.say(page("released", danes[2], 6, "some day"))
        # a code that nobody knows; a number that is a text, used for two different answers
        uk.say(response("77", britons[3], issued=at(1)))
        dk.say(page("accepted", danes[3], "N/A"))
        dk.say(page("released", danes[3], "N/A", at(5)))
        # broken off, and no XML at all
        uk.say(response("08", britons[3], issued=at(1))[:-40])
        dk.say(page("released", danes[3], 7)[:-60])
        uk.say("the server is being maintained")
    outcomes = dict(books.ask("select lrn, outcome from filing"))
    assert [outcomes[lrn] for lrn in britons] == [None, "released", "released", None]
    assert [outcomes[lrn] for lrn in danes[:3]] == [None, "released", "released"]
    assert outcomes[danes[3]] in {"accepted", "released"}, "whichever came first under the name that both have"
    waiting = books.ask("select lrn from decision where state = 'parked' order by lrn")
    assert waiting == [("NOBODYKNOWS1",), ("NOBODYKNOWS2",)]
    assert books.ask("select outcome, state from decision where original = '77'") == [("notice", "noted")]
    assert books.ask(UNPLACED) == [], "an answer is a decision, or stands aside"
    assert dict(books.ask(ASIDE)) == {"RSP701": 1, "SRC221": 1, "SRC222": 1}
    assert books.ask("select name from file where state = 'refused'") == [(b"006.xml",)]
    assert balanced(scene.settings)
