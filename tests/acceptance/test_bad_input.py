"""Files that are no message, or no good one: each gets a code, none stops the daemon, a person is told what to do."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from gateway.demo import corpus
from gateway.demo.scene import POST, Scene
from tests.acceptance.daemon import Books, balanced, gateway, received, running, until

EMPTY = "DLV625"  # said of the file as it was fetched
DOCTYPE = b'<!DOCTYPE interchange [<!ENTITY boom "boom">]>\n'


def after_declaration(data, more):
    head, _, rest = data.partition(b"?>\n")
    return head + b"?>\n" + more + rest


# What is wrong with the file, what it becomes of a sound one, and the code it is refused with.
REFUSED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "doctype": ("SRC202", lambda data: after_declaration(data, DOCTYPE)),
    "doctype-behind-comments": ("SRC202", lambda data: after_declaration(data, b"<!-- a -->\n" * 40 + DOCTYPE)),
    "empty": ("SRC201", lambda _: b""),
    "blank": ("SRC201", lambda _: b"\n \n"),
    "no-xml": ("SRC201", lambda _: b"UNB+UNOC:3+FRA+GB1+260914:0600+1'"),
    "binary": ("SRC201", lambda _: bytes(range(256)) * 40),
    "packed": ("SRC201", lambda _: b"PK\x03\x04" + bytes(2000)),
    "utf-16": ("SRC208", lambda data: data.decode().encode("utf-16")),
    "encoding-unknown": ("SRC208", lambda data: data.replace(b'encoding="UTF-8"', b'encoding="EBCDIC-FR"')),
    "another-document": ("SRC205", lambda _: b"<?xml version='1.0'?><invoice><item/></invoice>"),
    "another-namespace": ("SRC205", lambda data: data.replace(b'xmlns="m33"', b'xmlns="urn:example:m99"')),
    "no-item": ("SRC206", lambda data: re.sub(rb" *<item>.*</item>\n", b"", data, flags=re.DOTALL)),
    "head-broken": ("SRC210", lambda data: data.replace(b"</sender>", b"</sendre>")),
}


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    """One daemon that was given every such file, and then a good one: name → (state, codes), with its status."""
    sound = b"".join(corpus.itmatt(2, 1, day=datetime.now(UTC).date()))
    with Scene(tmp_path_factory.mktemp("bad") / "scene") as scene, running(scene.settings) as daemon:
        for name, (_, spoil) in REFUSED.items():
            scene.post.publish(f"{name}.xml", spoil(sound))
        books = Books(scene.settings)
        until(lambda: all(books.file(f"{name}.xml") in {"refused", "read"} for name in REFUSED), moves=books.steps)
        scene.post.publish("sound.xml", sound)
        received(scene, 2)
        assert daemon.runs and not daemon.events("worker.lost")
        yield scene, gateway(scene.settings, "status").stdout


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_its_code(refusals, name):
    scene, _ = refusals
    books = Books(scene.settings)
    found = books.ask("select code from finding join file on file.id = subject where name = ?", f"{name}.xml".encode())
    assert (books.file(f"{name}.xml"), {code for (code,) in found} - {EMPTY}) == ("refused", {REFUSED[name][0]})


def test_status_counts_them_and_names_the_newest_with_the_next_command(refusals):
    _, status = refusals
    assert int(re.search(r"(\d+)  files refused", status)[1]) == len(REFUSED)
    assert status.count("gateway items show") == 5, "the newest few are named"


def test_the_next_command_shows_the_file_its_code_and_what_can_be_done(refusals):
    scene, status = refusals
    for file, name in re.findall(r"gateway items show (\w+) .*# (.*)\.xml", status):
        shown = gateway(scene.settings, "items", "show", file)
        assert f"error[{REFUSED[name][0]}]" in shown.stderr
        assert f"gateway items retry {file}" in shown.stdout


def test_their_bytes_are_kept(refusals):
    scene, _ = refusals
    kept = Books(scene.settings).ask(
        "select count(*) from file join blob on blob.id = file.blob where state = 'refused'"
    )
    assert kept == [(len(REFUSED),)]
    assert balanced(scene.settings)


def test_they_are_not_read_again(refusals):
    """Once each: what was refused waits for a person, through a restart too."""
    scene, _ = refusals
    attempts = Books(scene.settings).ask(
        "select count(*) from audit join file on file.id = subject where action = 'refuse' group by subject"
    )
    assert attempts == [(1,)] * len(REFUSED)


def test_an_item_with_an_entity_is_quarantined_and_the_entity_is_never_expanded(scene, mail):
    data = mail(3).replace(b"<description>", b"<description>&boom; ", 1)
    with running(scene.settings):
        scene.post.publish("entity.xml", data)
        received(scene, 2)
        assert Books(scene.settings).ask("select code from finding where severity = 'error'") == [("SRC203",)]


def test_the_name_of_the_root_does_not_matter(scene, mail):
    """It is our reconstruction; the way below it is published."""
    with running(scene.settings):
        scene.post.publish("root.xml", mail(2).replace(b"interchange", b"exchange"))
        received(scene, 2)


def test_several_messages_in_one_file_are_several_interchanges(scene, mail):
    first, second = mail(3, seed=1), mail(2, seed=2)
    body = re.search(rb"  <message>.*</message>\n", second, re.DOTALL)[0]
    both = first.replace(b"</interchange>", body + b"</interchange>")
    with running(scene.settings):
        scene.post.publish("both.xml", both)
        received(scene, 5)
    found = Books(scene.settings).ask("select reference, items from interchange where type like 'upu/%' order by seq")
    assert found == [("ITM00000000001", 3), ("ITM00000000002", 2)]
    assert balanced(scene.settings)


def test_a_file_that_ends_too_early_gives_what_is_whole(scene, mail):
    data = mail(6)
    with running(scene.settings):
        scene.post.publish("cut.xml", data[: data.rindex(b"<content-piece>")])
        received(scene, 5)
        until(lambda: Books(scene.settings).parcels().get("quarantined") == 1)
    assert Books(scene.settings).ask("select code from finding where code = 'SRC211'"), "said to be incomplete"
    assert balanced(scene.settings)


def test_a_file_over_the_limit_is_left_where_it_is_and_fetched_when_the_limit_is_raised(scene, mail):
    sound = scene.settings.read_text()
    partner = scene.settings.parent / "partners" / f"{POST}.yaml"
    partner.write_text(partner.read_text().replace("after: move to done/", "after: delete"))
    scene.settings.write_text(sound + "limits: {file: 100 kB}\n")
    books, folder = Books(scene.settings), scene.partner(POST).root / "out" / "itmatt"
    with running(scene.settings):
        scene.post.publish("big.xml", mail(100))
        until(lambda: books.ask("select 1 from finding where code = 'DLV623'"))
        for seed in (8, 9):  # polls later
            scene.post.publish(f"{seed}.xml", mail(1, seed=seed))
            until(lambda seed=seed: books.file(f"{seed}.xml") == "read")
        until(lambda: [file.name for file in folder.iterdir()] == ["big.xml"])  # what was read is deleted after that
        assert books.ask("select code from finding where severity = 'error'") == [("DLV623",)], "said once"
    scene.settings.write_text(sound)
    with running(scene.settings):
        received(scene, 102)
        until(lambda: not list(folder.iterdir()))
    assert not books.ask("select code from finding where severity = 'error'")
    assert balanced(scene.settings)
