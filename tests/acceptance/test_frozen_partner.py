"""A partner whose server stands still (SIGSTOP) keeps its lines open and says nothing: nobody else waits for it."""

import os
import signal
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from gateway.demo.scene import CUSTOMS, POST
from tests.acceptance.daemon import ITEM, Books, balanced, gateway, running, until

INTERVAL = 1.0  # `every: 1s` of both partners
MARGIN = 3.0  # of a machine at rest; of a busy one, what the same takes while nobody is frozen
FILES = 6


@contextmanager
def frozen(scene, partner):
    os.kill(scene.partner(partner).pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(scene.partner(partner).pid, signal.SIGCONT)


def delay(scene, name, data):
    """Seconds from the moment the post publishes a file until its bytes are ours."""
    published = datetime.now(UTC)
    scene.post.publish(name, data)
    query = "select received_at from file where name = ? and received_at is not null"
    ((came,),) = until(lambda: Books(scene.settings).ask(query, name.encode()))
    return (datetime.fromisoformat(came).replace(tzinfo=UTC) - published).total_seconds()


def refusals(scene):
    return sum(file.read_text().count("<decision>ERR</decision>") for file in scene.post.files())


@pytest.mark.slow
def test_while_customs_is_frozen_the_post_is_polled_in_its_interval_and_everything_is_filed_once_after(scene, mail):
    with running(scene.settings) as daemon:
        usual = delay(scene, "before.xml", mail(4, seed=1))
        until(scene.customs.receipts, moves=Books(scene.settings).steps)
        with frozen(scene, CUSTOMS):
            delays = [delay(scene, f"{n}.xml", mail(4, seed=n, faults={1: "gross-zero"})) for n in range(2, 2 + FILES)]
            assert max(delays) < 2 * INTERVAL + MARGIN + 2 * usual, delays
            books = Books(scene.settings)
            until(lambda: refusals(scene) == FILES, moves=books.steps)  # refused before filing: answered all the while
            assert books.count("delivery").keys() & {"queued", "sending", "publishing"}
        gateway(scene.settings, "resume", f"{CUSTOMS}.live")  # else the line is tried again after a pause by lot
        until(lambda: len(scene.customs.receipts()) == 4 + 3 * FILES and not books.moving(), moves=books.steps)
        assert daemon.stop() == 0
    filed = Counter(ITEM.search(scene.customs.read(receipt))[1] for receipt in scene.customs.receipts())
    assert len(filed) == 4 + 3 * FILES and set(filed.values()) == {1}
    assert balanced(scene.settings)


def test_while_the_post_is_frozen_customs_is_heard(scene, mail):
    with running(scene.settings):
        scene.post.publish("a.xml", mail(8))
        until(lambda: Books(scene.settings).count("delivery").get("queued", 0) or scene.customs.receipts())
        with frozen(scene, POST):
            books = Books(scene.settings)
            until(lambda: books.count("filing").get("settled", 0) >= 5, moves=books.steps)
        gateway(scene.settings, "resume", f"{POST}.live")
        until(lambda: sum(scene.post.answers().values()) >= 5 and not books.moving(), moves=books.steps)
    assert balanced(scene.settings)
