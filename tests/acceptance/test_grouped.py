"""Parcels of three posts in one declaration: what customs find wrong with one is that one's, the others are cleared."""

import re
import shutil

import pytest

from gateway.demo.scene import STAGE, Scene
from tests.acceptance.daemon import Books, answer, balanced, received, running, until
from tests.acceptance.test_mailbox import answers, items_of, lay_out, mailbox
from tests.steps.company import parcels

__all__ = ["mailbox"]  # beside the post of the stage two that it carries
GROUPED = "customs/uk/h7-grouped"
DESCRIPTION = re.compile(rb"<description>[^<]*<")
SCRIPT = """
courses: [{share: 1, answers: [{say: accepted}, {say: cleared, after: 0.2}]}]
refused: [{say: rejected}]
"""


def edit(file, *changes):
    text = file.read_text()
    for old, new in changes:
        assert old in text, f"{file} has changed"
        text = text.replace(old, new)
    file.write_text(text)


@pytest.fixture
def stage(tmp_path):
    """As shipped, but customs take several parcels in one declaration, and clear whatever they do not refuse."""
    stage = tmp_path / "stage"
    shutil.copytree(STAGE, stage)
    group = f"{{with: uk-customs, as: {GROUPED}, group: {{wait: 5s, by: [postage.currency]}}}}"
    edit(stage / "gateway/routes.yaml", ("{with: uk-customs, as: customs/uk/h7}", group))
    edit(stage / "gateway/partners/uk-customs.yaml", ("customs/uk/h7:", f"{GROUPED}:"))
    edit(stage / "uk-customs/script.yaml", ("format: customs/uk/h7", f"format: {GROUPED}"))
    script = stage / "uk-customs/script.yaml"
    script.write_text(script.read_text().partition("# What becomes of the others")[0] + SCRIPT)
    return stage


@pytest.fixture
def scene(tmp_path, stage):
    with Scene(tmp_path / "scene", seed=7, stage=stage) as scene:
        yield scene


def alike(data, *, wrong=0):
    """Postage in one currency, goods that nobody minds; the last goods of so many parcels are refused by customs."""
    data = re.sub(rb'<postage currency="\w+">[\d.]+<', b'<postage currency="EUR">1.20<', data)
    data = DESCRIPTION.sub(b"<description>Wool socks, grey<", data)
    head, last, tail = data.rpartition(b"Wool socks, grey")
    return head + b"Perfume, 30 ml" + tail if wrong else head + last + tail


def test_one_parcel_at_fault_costs_no_other(scene, mailbox, mail):
    own, island, coral = (
        alike(mail(3, seed=1)),
        alike(mail(2, seed=2, sender="MUA")),
        alike(mail(2, seed=3, sender="MVA"), wrong=1),
    )
    bad = re.findall(rb"<item-id>(\w+)<", coral)[-1].decode()
    everyone = items_of(own) | items_of(island) | items_of(coral)
    scene.post.publish("own.xml", own)
    lay_out(mailbox, "island.xml", island)
    lay_out(mailbox, "coral.xml", coral)
    with running(scene.settings):
        received(scene, 2)
        steps = Books(scene.settings).steps
        until(lambda: Books(scene.settings).parcels() == {"closed": 7}, moves=steps)
        until(lambda: not Books(scene.settings).moving(), moves=steps)
    first, second = (parcels(scene.customs.read(receipt)) for receipt in scene.customs.receipts())
    assert (set(first), set(second)) == (everyone, everyone - {bad})
    told = answers(mailbox)
    assert (told["MUA"], told["MVA"]) == (items_of(island), items_of(coral))
    text = "".join(file.read_text() for file in (mailbox / "in").glob("*.xml"))
    (complaint,) = re.findall(r"<item>(?:(?!</item>).)*D0200.*?</item>", text, re.DOTALL)
    assert f"<item-id>{bad}<" in complaint and "content-piece" in complaint
    assert "D0200" not in "".join(file.read_text() for file in scene.post.files())
    assert balanced(scene.settings)
    shown = answer(scene.settings, "items", "show", min(items_of(own)))
    assert shown["filings"][-1]["parcels"] == 6
