"""From the post's message to the last answer, with a real daemon and real SFTP servers, in two countries at once."""

import re

import pytest

from gateway.demo.scene import Scene
from tests.acceptance.daemon import Books, answer, balanced, running, until
from tests.acceptance.staged import DK, RELEASED_AFTER_CONTROL, UK, staged
from tests.danish import to_denmark

WAYS = {
    "customs/uk/h7": {("01", "accepted"), ("05", "under_control"), ("08", "released")},
    "customs/dk/h7": {("CWMACC", "accepted"), ("CWMCTL", "under_control"), ("CWMROG", "released")},
}
ITEM = re.compile(r"<item-id>(\w+)<")
TOLD = re.compile(r"<item>.*?</item>", re.DOTALL)
SAID = """select f.kind, f.lrn, d.original, d.outcome from decision d join filing f on f.id = d.filing"""


@pytest.fixture
def both(tmp_path):
    """Both administrations control every declaration and then release it."""
    stage = staged(tmp_path, uk_customs=RELEASED_AFTER_CONTROL, dk_customs=RELEASED_AFTER_CONTROL)
    with Scene(tmp_path / "scene", seed=7, stage=stage, more=[DK]) as scene:
        yield scene


@pytest.fixture
def refusing(tmp_path):
    """Danish customs knows no commodity code at all."""
    pointer = (
        "$.consignmentShipment[?(@.sequenceNumber == 1)].goodsItems[?(@.sequenceNumber == n)].commodity.classification"
    )
    text = "commodity code is in no chapter of the tariff"
    rule = {"code": "D0100", "field": "hs_code", "starts_with": [""], "pointer": pointer, "text": text}
    with Scene(tmp_path / "scene", seed=7, stage=staged(tmp_path, dk_customs={"rules": [rule]}), more=[DK]) as scene:
        yield scene


def told(scene):
    """What the post was told of each item, one text an answer."""
    found = {}
    for file in scene.post.files():
        for one in TOLD.findall(file.read_text()):
            found.setdefault(ITEM.search(one)[1], []).append(one)
    return found


def word(said, name):
    return re.search(f"<{name}>([^<]*)<", said)[1]


def quiet(scene, filings):
    """Wait until all filings are settled and nothing is on its way."""
    books = Books(scene.settings)
    done = lambda: books.count("filing") == {"settled": filings} and not books.moving()  # noqa: E731
    until(done, moves=books.steps)
    return books


def test_parcels_are_filed_accepted_controlled_released_and_answered_in_two_countries(both, mail):
    british, danish = mail(5, seed=1), to_denmark(mail(5, seed=2))
    with running(both.settings):
        both.post.publish("british.xml", british)
        both.post.publish("danish.xml", danish)
        books = quiet(both, 10)
        until(lambda: sum(map(len, told(both).values())) == 20)
    said = books.ask(SAID)
    for target, way in WAYS.items():
        filed = {lrn for kind, lrn, _, _ in said if kind == target}
        assert len(filed) == 5
        assert all({(code, means) for _, one, code, means in said if one == lrn} == way for lrn in filed)
    assert [len(both.ledger(name).receipts()) for name in (UK, DK)] == [5, 5]
    assert books.ask("select distinct outcome from filing") == [("released",)]
    heard = told(both)
    assert heard.keys() == set(ITEM.findall((british + danish).decode()))
    codes = {item: [(word(one, "stage"), word(one, "decision")) for one in all_] for item, all_ in heard.items()}
    assert {tuple(sorted(all_)) for all_ in codes.values()} == {
        (("advance", "05"), ("advance", "08")),  # the goods may go; the debt is not final
        (("advance", "CTL"), ("final", "ROG")),
    }
    assert balanced(both.settings)


def test_what_is_known_of_a_danish_parcel_is_shown_from_all_sides(both, mail):
    with running(both.settings):
        both.post.publish("danish.xml", to_denmark(mail(1, seed=3)))
        books = quiet(both, 1)
    ((lrn,),) = books.ask("select lrn from filing")
    (filed,) = answer(both.settings, "items", "show", lrn)["filings"]
    assert [said["outcome"] for said in filed["decisions"]] == ["accepted", "under_control", "released"]
    assert (filed["standing"]["outcome"], filed["standing"]["final"]) == ("released", True)
    assert re.fullmatch(r"\d\dDK\w{14}", filed["mrn"])


def test_a_danish_rejection_comes_home_to_the_element_of_the_sender(refusing, mail):
    with running(refusing.settings):
        refusing.post.publish("danish.xml", to_denmark(mail(1, seed=3)))
        quiet(refusing, 1)
        until(lambda: told(refusing))
    ((said,),) = told(refusing).values()
    assert (word(said, "decision"), word(said, "reason-code")) == ("REJ", "D0100")
    assert re.fullmatch(r"(.*/)?content-piece(\[1\])?/hs-code", word(said, "reason-pointer"))
    assert balanced(refusing.settings)
