"""A file with one item at fault: all others are filed, that one is quarantined with the right code and place."""

from datetime import UTC, datetime

import pytest

from tests.acceptance.daemon import Books, answer, balanced, received, running
from tests.acceptance.isolation import ITEMS, KINDS, POSITIONS, Mail, seen

# One of each way to go wrong, in files of full length; the other kinds in files of a few hundred items.
LONG = (
    "unclosed-element", "unclosed-item", "start-tag-missing", "bare-ampersand", "byte-of-no-encoding",
    "control-character", "entity-reference", "nested-deeply", "oversize", "unknown-element", "no-number", "check-digit",
    "gross-zero",
)  # fmt: skip
SHORT = 240
THROUGH_THE_DAEMON = {"unclosed-item": 1, "wrong-encoding": 34, "no-content-piece": 60}


@pytest.fixture(scope="module")
def long_mail():
    return Mail()


@pytest.fixture(scope="module")
def short_mail():
    return Mail(SHORT)


def check(mail, kind, position):
    file = mail.spoiled(kind, position)
    found = seen(file.data)
    assert (found.fates, found.ordinals) == ({"filed": mail.items - 1, "quarantined": 1}, (position,))
    assert KINDS[kind] in found.codes
    assert found.at_place.strip() == file.item.strip()


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("kind", LONG)
def test_one_at_fault_among_two_thousand_is_quarantined_alone(long_mail, kind, position):
    assert long_mail.items == ITEMS
    check(long_mail, kind, position)


@pytest.mark.parametrize("position", [1, 134, SHORT])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in LONG])
def test_one_at_fault_is_quarantined_alone(short_mail, kind, position):
    check(short_mail, kind, position)


def test_through_the_daemon_the_others_are_filed_and_the_place_that_is_printed_cuts_the_item_out(scene):
    today, made = datetime.now(UTC).date(), {}
    with running(scene.settings):
        for seed, (kind, position) in enumerate(THROUGH_THE_DAEMON.items()):
            made[f"{kind}.xml"] = Mail(60, seed, today).spoiled(kind, position)
            scene.post.publish(f"{kind}.xml", made[f"{kind}.xml"].data)
        received(scene, 59 * len(made))
        assert Books(scene.settings).ask("select count(*) from item where state = 'quarantined'") == [(len(made),)]
    for one in answer(scene.settings, "items", "search", "--state", "quarantined")["items"]:
        item = answer(scene.settings, "items", "show", one["item"])
        name = item["findings"][0]["source"]["file"]
        file, place = made[name], item["item"]
        assert KINDS[name.removesuffix(".xml")] in one["codes"]
        assert file.data[place["offset"] : place["offset"] + place["length"]].strip() == file.item.strip()
    assert balanced(scene.settings)
