"""What a person stops stays stopped until a person lets it go on; what the brake stops too."""

import re

import pytest

from gateway.demo.scene import CUSTOMS, POST
from tests.acceptance.daemon import Books, answer, balanced, gateway, received, running, until
from tests.steps.answers import response

ROUTE = "uk-h7"
REJECTED = "Manicure set with small knives"  # what the simulated administration refuses


def passes_by(scene, rounds=3):
    """So many polls later, seen at customs' line: each takes in an answer about nothing we know."""
    before = sum(Books(scene.settings).count("file").values())
    for name in (f"round-{before + n}.xml" for n in range(rounds)):
        draft = scene.partner(CUSTOMS).root / "out" / f".{name}"
        draft.write_text(response("01", "GW1UNKNOWN", notification=name))
        draft.rename(draft.with_name(name))
        until(lambda name=name: Books(scene.settings).file(name) == "read")


def test_a_paused_connection_takes_nothing_in_until_it_is_resumed(scene, mail):
    with running(scene.settings):
        answer(scene.settings, "pause", f"{POST}.live", "--reason", "their disk is full")
        passes_by(scene, 2)  # a poll that was under way is over
        scene.post.publish("a.xml", mail(2))
        passes_by(scene)
        assert Books(scene.settings).file("a.xml") == ""
        told = gateway(scene.settings, "status").stdout
        assert re.search(rf"{POST}.live .*paused.*their disk is full", told)
        answer(scene.settings, "resume", f"{POST}.live")
        received(scene, 2)
    assert balanced(scene.settings)


def test_a_connection_paused_before_the_start_stays_paused(scene, mail):
    with running(scene.settings):
        answer(scene.settings, "pause", f"{CUSTOMS}.live")
    with running(scene.settings):
        scene.post.publish("a.xml", mail(2, faults={1: "gross-zero"}))
        until(lambda: "<decision>ERR<" in "".join(file.read_text() for file in scene.post.files()))
        assert not scene.customs.receipts()
        until(lambda: Books(scene.settings).count("delivery") == {"queued": 1, "sent": 1})
        assert not scene.customs.receipts()
        answer(scene.settings, "resume", f"{CUSTOMS}.live")
        received(scene, 1)


def test_a_paused_route_files_nothing_until_it_is_resumed(scene, mail):
    with running(scene.settings):
        answer(scene.settings, "pause", ROUTE)
        scene.post.publish("a.xml", mail(4))
        until(lambda: Books(scene.settings).count("filing") == {"written": 4})
        passes_by(scene)
        assert not scene.customs.receipts()
        assert re.search(
            rf"route {ROUTE} is paused\n.*gateway resume {ROUTE} ", gateway(scene.settings, "status").stdout
        )
        assert gateway(scene.settings, "run", "--once").returncode == 5, "and the daemon runs"
        answer(scene.settings, "resume", ROUTE)
        received(scene, 4)
    assert balanced(scene.settings)


def test_a_name_that_does_not_exist_is_not_switched(scene):
    with running(scene.settings):
        done = gateway(scene.settings, "pause", "example-pots.live")
    assert done.returncode == 2
    assert f"did you mean '{POST}.live'?" in done.stderr


@pytest.mark.slow
def test_the_brake_stops_a_route_after_rejections_and_a_person_lets_it_go_on(scene, mail):
    rules = scene.settings.parent / "partners" / f"{CUSTOMS}.yaml"
    rules.write_text(rules.read_text().replace("in_doubt: resend", "in_doubt: resend, brake: 3 of 5"))
    bad = re.sub(rb"<description>[^<]*<", f"<description>{REJECTED}<".encode(), mail(3, seed=1))
    with running(scene.settings):
        scene.post.publish("bad.xml", bad)
        braked = "select 1 from switch where name = ? and state = 'braked'"
        until(lambda: Books(scene.settings).ask(braked, ROUTE), moves=Books(scene.settings).steps)
        scene.post.publish("next.xml", mail(2, seed=2))
        until(lambda: Books(scene.settings).count("filing").get("written") == 2)
        passes_by(scene)
        assert len(scene.customs.receipts()) == 3, "nothing more is filed"
        told = gateway(scene.settings, "status").stdout
        assert re.search(rf"route {ROUTE} is braked.*\n.*gateway resume {ROUTE} ", told)
        answer(scene.settings, "resume", ROUTE)
        received(scene, 5)
        state = Books(scene.settings).ask("select state, who from switch where name = ?", ROUTE)
        assert state[0][0] == "active" and state[0][1].startswith("O:")
    assert balanced(scene.settings)
