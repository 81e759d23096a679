"""The drill: last night's journal beside today's spool, as an operator does it, with real partners in between."""

import shutil
from collections import Counter

from gateway.journal.sqlite import NAME
from tests.acceptance.daemon import ITEM, Books, answer, balanced, gateway, received, running, until


def told(settings, *words, code=0):
    done = gateway(settings, *words)
    print(f"$ gateway {' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def filed(scene):
    return Counter(ITEM.search(scene.customs.read(receipt))[1] for receipt in scene.customs.receipts())


def is_over(scene):
    books = Books(scene.settings)
    return sum(books.count("decision").values()) == len(scene.customs.replies()) and not books.moving()


def quiet(scene, number):
    received(scene, number)
    until(lambda: is_over(scene), moves=Books(scene.settings).steps)


def test_last_nights_journal_beside_todays_spool(scene, mail, tmp_path):
    settings, saved = scene.settings, tmp_path / "backup"
    state = settings.parent.parent / "state"
    with running(settings):
        scene.post.publish("before.xml", mail(10, seed=1, faults={2: "gross-zero"}))
        quiet(scene, 9)
        told(settings, "backup", str(saved))  # while it runs
        told(settings, "backup", "--verify", str(saved))
        scene.post.publish("after.xml", mail(10, seed=2, faults={3: "gross-zero"}))
        quiet(scene, 18)
    numbers = [file.name for file in scene.post.files()]
    for file in state.glob(f"{NAME}*"):
        file.unlink()  # the disk under it has died
    assert "is gone, its spool is not" in gateway(settings, "run", "--once").stderr
    told(settings, "restore", str(saved), code=1)  # the folder is not empty
    told(settings, "restore", str(saved), "--keep-spool")
    told(settings, "doctor")
    with running(settings):
        scene.post.publish("later.xml", mail(10, seed=3))
        until(lambda: Books(settings).file("later.xml") == "read", moves=Books(settings).steps)
        assert len(scene.customs.receipts()) == 18, "nothing is sent before a person has looked"
        told(settings, "resume", "deliveries")
        quiet(scene, 28)
    found = filed(scene)
    print(f"lost {28 - len(found)}, filed twice {sum(times > 1 for times in found.values())}")
    assert (len(found), set(found.values())) == (28, {1})
    names = [file.name for file in scene.post.files()]
    assert {*numbers} <= {*names} and len(names) == len({*names})
    assert set(Books(settings).count("filing")) <= {"settled", "lodged"}
    assert balanced(settings)
    print(told(settings, "balance"))


def test_a_backup_into_an_empty_folder_goes_on_where_it_was(scene, mail, tmp_path):
    settings, saved = scene.settings, tmp_path / "backup"
    state = settings.parent.parent / "state"
    with running(settings):
        scene.post.publish("a.xml", mail(5, seed=1))
        quiet(scene, 5)
    first = answer(settings, "backup", str(saved), "--with-configuration")
    second = answer(settings, "backup", str(saved), "--keep", "1")
    assert second["shared"] > 0 and second["removed"] == [first["folder"]]
    shutil.rmtree(state)
    told(settings, "restore", str(saved))
    told(settings, "resume", "deliveries")
    with running(settings):
        scene.post.publish("b.xml", mail(5, seed=2))
        quiet(scene, 10)
    assert set(filed(scene).values()) == {1} and balanced(settings)
