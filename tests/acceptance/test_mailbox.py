"""A network mailbox: one account, several senders. The header picks among those it carries; each is answered itself."""

import re

import pytest

from gateway.demo.scene import POST
from tests.acceptance.daemon import ITEM, Books, answer, balanced, gateway, received, running, until

MAILBOX = """\
partner: post-network
party: {name: Example Post Network, role: network}
timezone: UTC
connections:
  live: {environment: production, directory: ../../../mailbox, every: 1s, carries: [island-post, coral-post]}
sends:
  upu/itmatt-1.5: {from: out/*.xml, complete: rename, after: delete}
receives:
  upu/cusrsp-1: {to: in, name: "CUSRSP_{control_reference}.xml", per_file: 500, every: 1s}
"""
BEHIND = """\
partner: NAME-post
party: {name: NAME post, role: post, country: COUNTRY, ids: {upu: ID}}
timezone: UTC
via: post-network
sends: {upu/itmatt-1.5: {}}
receives: {upu/cusrsp-1: {}}
"""
CARRIED = {"island": ("MU", "MUA"), "coral": ("MV", "MVA")}


@pytest.fixture
def mailbox(scene):
    """The network's folder beside the other partners; the scene's own post stays what it is."""
    folder = scene.folder / "mailbox"
    for name in ("in", "out"):
        (folder / name).mkdir(parents=True)
    partners = scene.settings.parent / "partners"
    (partners / "post-network.yaml").write_text(MAILBOX.replace("../../../mailbox", str(folder)))
    for name, (country, upu) in CARRIED.items():
        text = BEHIND.replace("NAME", name).replace("COUNTRY", country).replace("ID", upu)
        (partners / f"{name}-post.yaml").write_text(text)
    return folder


def lay_out(folder, name, data):
    draft = folder / "out" / f".{name}"
    draft.write_bytes(data)
    draft.rename(folder / "out" / name)


def items_of(data):
    return set(re.findall(r"<item-id>(\w+)<", data if isinstance(data, str) else data.decode()))


def answers(folder):
    """Item numbers by the recipient that the envelope names."""
    told = {}
    for file in (folder / "in").glob("*.xml"):
        text = file.read_text()
        told.setdefault(re.search(r"<recipient>(\w+)<", text)[1], set()).update(items_of(text))
    return told


def test_each_sender_of_a_mailbox_is_known_by_its_header_and_gets_its_own_answers(scene, mailbox, mail):
    island, coral = (
        mail(4, seed=1, sender="MUA", faults={2: "gross-zero"}),
        mail(4, seed=2, sender="MVA", faults={3: "check-digit"}),
    )
    with running(scene.settings):
        lay_out(mailbox, "a.xml", island)
        lay_out(mailbox, "b.xml", coral)
        received(scene, 6)
        wanted = {"MUA": 4, "MVA": 4}
        until(
            lambda: {who: len(told) for who, told in answers(mailbox).items()} == wanted,
            moves=Books(scene.settings).steps,
        )
        told = answers(mailbox)
    assert told["MUA"] == items_of(island)
    assert told["MVA"] == items_of(coral)
    filed = {ITEM.search(scene.customs.read(receipt))[1].decode() for receipt in scene.customs.receipts()}
    assert filed < items_of(island) | items_of(coral)
    assert not scene.post.files(), "the post with a line of its own hears nothing"
    assert balanced(scene.settings)


@pytest.mark.parametrize("sender", ["NOBODY", "FRA"])
def test_a_sender_whom_the_mailbox_does_not_carry_is_refused(scene, mailbox, mail, sender):
    """Also one that is a partner: the header of a mailbox names nobody who is not carried by it."""
    with running(scene.settings) as daemon:
        lay_out(mailbox, "a.xml", mail(2, seed=1, sender=sender))
        until(lambda: Books(scene.settings).file("a.xml") == "refused")
        lay_out(mailbox, "b.xml", mail(2, seed=2, sender="MUA"))
        received(scene, 2)
        assert daemon.runs
    status = gateway(scene.settings, "status").stdout
    assert re.search(r"1  files refused.*RTE124", status)
    assert balanced(scene.settings)


def test_a_refused_file_is_read_once_its_sender_is_known(scene, mailbox, mail):
    with running(scene.settings):
        lay_out(mailbox, "a.xml", mail(2, seed=1, sender="MUB"))
        until(lambda: Books(scene.settings).file("a.xml") == "refused")
    island = scene.settings.parent / "partners" / "island-post.yaml"
    island.write_text(island.read_text().replace("{upu: MUA}", "{upu: MUA, parcels: MUB}"))
    ((file,),) = Books(scene.settings).ask("select id from file where state = 'refused'")
    with running(scene.settings):
        assert answer(scene.settings, "items", "retry", file)["done"] == {file: "received"}
        received(scene, 2)


def test_on_a_line_of_its_own_a_post_may_call_itself_what_it_likes(scene, mailbox, mail):
    """The line says who it is; the header can only choose among partners that the line carries."""
    with running(scene.settings):
        scene.post.publish("a.xml", mail(2, seed=1, sender="MUA", faults={1: "gross-zero"}))
        until(lambda: "<decision>ERR<" in "".join(file.read_text() for file in scene.post.files()))
        received(scene, 1)
    assert not answers(mailbox), f"the answer goes to {POST}"
