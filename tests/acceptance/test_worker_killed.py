"""An item that kills whoever reads it costs nobody else: its batch is halved until it is alone and quarantined."""

import re

import pytest

from tests.acceptance.daemon import ITEM, Books, answer, balanced, received, running, until

ITEMS = 9


@pytest.mark.slow
def test_one_item_that_kills_its_workers_is_quarantined_alone(scene, mail):
    data = mail(ITEMS)
    numbers = re.findall(rb"<item-id>(\w+)<", data)
    deadly = numbers[6]
    with running(scene.settings, GATEWAY_FAILPOINT=f"worker.item.{deadly.decode()}") as daemon:
        scene.post.publish("deadly.xml", data)
        books = Books(scene.settings)
        until(lambda: books.file("deadly.xml") == "read", moves=books.steps)  # two workers are started for every half
        assert Books(scene.settings).parcels()["quarantined"] == 1
        received(scene, ITEMS - 1)
        scene.post.publish("next.xml", mail(3, seed=8))
        received(scene, ITEMS - 1 + 3)
        assert daemon.events("worker.lost")
        assert daemon.stop() == 0

    (found,) = answer(scene.settings, "items", "search", "--state", "quarantined")["items"]
    assert found["codes"] == "INT901"
    item = answer(scene.settings, "items", "show", found["item"])["item"]
    assert deadly in data[item["offset"] : item["offset"] + item["length"]]
    assert data.count(b"\n", 0, item["offset"]) + 1 == item["line"]
    assert Books(scene.settings).count("batch")["split"] > 1, "it was halved more than once"
    assert balanced(scene.settings)

    answer(scene.settings, "items", "retry", found["item"])  # in a process without the cause
    with running(scene.settings):
        received(scene, ITEMS + 3)
    filed = [ITEM.search(scene.customs.read(receipt))[1] for receipt in scene.customs.receipts()]
    assert sorted(filed) == sorted({*numbers, *filed}), "every item once, the deadly one too"
    assert balanced(scene.settings)


def test_its_sender_is_told(scene, mail):
    data = mail(2)
    deadly = re.search(rb"<item-id>(\w+)<", data)[1].decode()
    with running(scene.settings, GATEWAY_FAILPOINT=f"worker.item.{deadly}"):
        scene.post.publish("deadly.xml", data)
        told = until(lambda: "".join(file.read_text() for file in scene.post.files() if "INT901" in file.read_text()))
    assert f"<item-id>{deadly}</item-id>" in told
