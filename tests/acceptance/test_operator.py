"""What waits for a person is settled by a person: released, retried, returned; the audit trail knows who it was."""

import getpass
import re

import pytest

from gateway.demo.scene import CUSTOMS
from tests.acceptance.daemon import ITEM, Books, answer, balanced, gateway, running, until

ME = f"O:{getpass.getuser()}"


def published(scene, data, name="a.xml"):
    scene.post.publish(name, data)
    until(lambda: Books(scene.settings).file(name) == "read")


def waiting(scene, state):
    """Numbers of the items in a state, as the operator finds them."""
    return [one["item_id"] for one in answer(scene.settings, "items", "search", "--state", state)["items"]]


def told(scene):
    return "".join(file.read_text() for file in scene.post.files())


def filed(scene):
    return [ITEM.search(scene.customs.read(receipt))[1].decode() for receipt in scene.customs.receipts()]


def history(scene, item):
    return {tuple(step[1:]) for step in answer(scene.settings, "items", "show", item)["history"]}


def configure(scene, file, old, new):
    path = scene.settings.parent / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_held_item_is_filed_once_its_findings_are_waived(scene, mail):
    with running(scene.settings):
        published(scene, mail(2, faults={2: "net-above-gross"}))
        (held,) = waiting(scene, "held")
        refused = gateway(scene.settings, "items", "release", held)
        assert refused.returncode == 1
        assert "not waived: SRC322" in refused.stderr
        assert answer(scene.settings, "items", "release", held, "--waive", "SRC322")["done"] == {held: "accepted"}
        until(lambda: held in filed(scene))
        assert (ME, "release", "held", "accepted") in history(scene, held)
        ((by,),) = Books(scene.settings).ask("select waived_by from finding where code = 'SRC322'")
        assert by == ME
        again = gateway(scene.settings, "items", "release", held, "--waive", "SRC322")
        assert again.returncode == 1
        assert "cannot be released" in again.stderr
    assert sorted(filed(scene)) == sorted(set(filed(scene)))
    assert balanced(scene.settings)


def test_names_of_findings_are_waived_as_well_as_codes_and_a_stopped_gateway_files_at_its_next_start(scene, mail):
    with running(scene.settings):
        published(scene, mail(1, faults={1: "net-above-gross"}))
    (held,) = waiting(scene, "held")
    answer(scene.settings, "items", "release", held, "--waive", "net.above_gross")
    with running(scene.settings):
        until(lambda: filed(scene) == [held])


def test_a_held_filing_is_lodged_once_its_findings_are_waived(scene, mail):
    with running(scene.settings):
        published(scene, mail(1, faults={1: "above-threshold"}))
        (held,) = waiting(scene, "filing-held")
        assert answer(scene.settings, "items", "release", held, "--waive", "TGT555")["done"] == {held: "written"}
        until(lambda: filed(scene) == [held])
    assert balanced(scene.settings)


def test_what_cannot_be_written_cannot_be_released(scene, mail):
    with running(scene.settings) as daemon:
        published(scene, mail(1, faults={1: "postcode-overlong"}))
        (held,) = waiting(scene, "filing-held")
        done = gateway(scene.settings, "items", "release", held, "--waive", "TGT502")
        assert done.returncode == 1
        assert "nothing could be written for it" in done.stderr
        assert waiting(scene, "filing-held") == [held]
        published(scene, mail(1, seed=8), "b.xml")
        until(lambda: len(filed(scene)) == 1)
        assert daemon.runs


def test_what_nobody_may_waive_is_not_released(scene, mail):
    with running(scene.settings):
        published(scene, mail(1, faults={1: "gross-zero"}))
        (bad,) = waiting(scene, "quarantined")
        done = gateway(scene.settings, "items", "release", bad, "--waive", "SRC321")
    assert done.returncode == 1
    assert "cannot be released" in done.stderr


@pytest.mark.parametrize(
    ("fault", "state", "code"), [("gross-zero", "quarantined", "SRC321"), ("net-above-gross", "held", "SRC322")]
)
def test_the_sender_is_told_once_of_what_is_returned(scene, mail, fault, state, code):
    with running(scene.settings):
        published(scene, mail(1, faults={1: fault}))
        (bad,) = waiting(scene, state)
        assert answer(scene.settings, "items", "return", bad)["done"] == {bad: "returned"}
        until(lambda: Books(scene.settings).parcels() == {"closed": 1})
        assert re.search(rf"<item-id>{bad}</item-id>.*<decision>ERR<.*{code}", told(scene), re.DOTALL)
        assert (ME, "return", state, "returned") in history(scene, bad)
        assert gateway(scene.settings, "items", "return", bad).returncode == 1
    assert told(scene).count("<decision>ERR<") == 1
    assert balanced(scene.settings)


def test_the_sender_is_told_why_when_a_declaration_that_cannot_be_written_is_returned(scene, mail):
    with running(scene.settings):
        published(scene, mail(1, faults={1: "postcode-overlong"}))
        (held,) = waiting(scene, "filing-held")
        assert f"gateway items return {held}" in gateway(scene.settings, "items", "show", held).stdout
        assert answer(scene.settings, "items", "return", held)["done"] == {held: "returned"}
        until(lambda: Books(scene.settings).parcels() == {"closed": 1})
        assert re.search(rf"<item-id>{held}</item-id>.*<decision>ERR<.*TGT502", told(scene), re.DOTALL)
        assert {(ME, "return", "held", "withdrawn"), (ME, "return", "accepted", "returned")} <= history(scene, held)
        assert waiting(scene, "filing-held") == []
    assert not scene.customs.receipts()
    assert balanced(scene.settings)


def test_an_item_without_a_route_is_filed_by_a_retry_once_there_is_one(scene, mail):
    configure(scene, "routes.yaml", "country: [GB]", "country: [IM]")
    with running(scene.settings):
        published(scene, mail(2))
        lost = waiting(scene, "held")
        assert len(lost) == 2
        assert Books(scene.settings).ask("select distinct code from finding where severity = 'error'") == [("RTE101",)]
    configure(scene, "routes.yaml", "country: [IM]", "country: [GB]")
    with running(scene.settings):
        assert answer(scene.settings, "items", "retry", *lost)["done"] == dict.fromkeys(lost, "accepted")
        until(lambda: sorted(filed(scene)) == sorted(lost))
        assert (ME, "retry", "held", "accepted") in history(scene, lost[0])
    assert balanced(scene.settings)


def test_a_declaration_held_for_a_setting_is_filed_by_a_retry_once_it_is_made(scene, mail):
    configure(scene, f"partners/{CUSTOMS}.yaml", "location: GBAUBELBFSBEL, ", "")
    with running(scene.settings):
        published(scene, mail(2))
        held = waiting(scene, "filing-held")
        assert len(held) == 2
        assert "TGT557" in gateway(scene.settings, "status").stdout
    configure(scene, f"partners/{CUSTOMS}.yaml", "exchange-rates:", "location: GBAUBELBFSBEL, exchange-rates:")
    with running(scene.settings):
        answer(scene.settings, "items", "retry", *held)
        until(lambda: sorted(filed(scene)) == sorted(held))
    assert balanced(scene.settings)


def test_a_retry_that_mends_nothing_leaves_the_item_where_it_was(scene, mail):
    with running(scene.settings):
        published(scene, mail(1, faults={1: "check-digit"}))
        (bad,) = waiting(scene, "quarantined")
        assert answer(scene.settings, "items", "retry", bad)["done"] == {bad: "quarantined"}
        assert waiting(scene, "quarantined") == [bad]


def test_an_item_is_found_by_whatever_names_it(scene, mail):
    with running(scene.settings):
        published(scene, mail(1))
        until(lambda: Books(scene.settings).ask("select mrn from filing where mrn is not null"))
        ((number, lrn, mrn),) = Books(scene.settings).ask(
            "select item_id, lrn, mrn from item join filing on filing.item = item.id"
        )
        for text in (number, f"{number[:6]}*", number.lower(), lrn, mrn):
            (found,) = answer(scene.settings, "items", "search", text)["items"]
            assert found["item_id"] == number
        unknown = gateway(scene.settings, "items", "show", "RR123456785CN")
        assert unknown.returncode == 2
        assert "nothing is known of" in unknown.stderr
