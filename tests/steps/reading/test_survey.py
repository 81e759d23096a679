"""One message of several that cannot be read costs no other; a file without a readable one is refused as a whole."""

import pytest

from gateway.cli.files import file_told
from gateway.demo import corpus
from gateway.journal.balance import balance


def message(reference, seed, items=2):
    """The message of an interchange, without the interchange around it."""
    data = b"".join(corpus.itmatt(items, seed, 0.0, sender="FRA", reference=reference))
    begin, end = data.index(b"<message>"), data.index(b"</message>") + len(b"</message>")
    return data[:begin], data[begin:end], data[end:]


def interchange(*messages):
    head, _, tail = message("ITM0", 99)
    return head + b"\n".join(messages) + tail


def one(reference, seed, items=2):
    return message(reference, seed, items)[1]


def damaged(reference, seed, items=2):
    return one(reference, seed, items).replace(b"</sender>", b"</sendre>", 1)


def empty(reference, seed):
    whole = one(reference, seed, 1)
    return whole[: whole.index(b"<item>")] + whole[whole.rindex(b"</item>") + len(b"</item>") :]


def subjects(site, gate, code):
    return [row["subject_kind"] for row in site.rows(gate, "finding") if row["code"] == code]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_message_whose_header_is_damaged_is_quarantined_item_by_item(site, place):
    messages = [one("ITM1", 1), one("ITM2", 2)]
    messages.insert(place, damaged("ITM3", 3, 3))
    site.post(interchange(*messages))
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "file") == {"read": 1}
        assert site.states(gate) == {"accepted": 4, "quarantined": 3} and len(site.filed()) == 4
        assert subjects(site, gate, "SRC210") == ["interchange"] and subjects(site, gate, "SRC218") == ["item"] * 3
        assert site.rows(gate, "file")[0]["items"] == 7 and site.violations(gate) == []
        with gate.journal.read() as conn:
            assert not balance(conn).violations


def test_the_sender_is_told_of_every_item_of_it(site):
    site.post(interchange(one("ITM1", 1), damaged("ITM3", 3, 3)))
    with site.gate() as gate:
        site.run(gate)
        lost = {row["item_id"] for row in site.rows(gate, "item") if row["state"] == "quarantined"}
        assert len(lost) == 3 and None not in lost
        assert all(name in site.answers() for name in lost) and site.answers().count("SRC218") == 3


def test_its_items_are_filed_when_it_is_sent_again(site):
    with site.gate() as gate:
        site.post(interchange(one("ITM1", 1), damaged("ITM3", 3, 3)), "a.xml")
        site.run(gate)
        site.post(interchange(one("ITM3", 3, 3)), "b.xml")
        site.run(gate)
        assert site.states(gate) == {"accepted": 5, "quarantined": 3} and len(site.filed()) == 5
        assert site.violations(gate) == []


def test_a_message_without_items_costs_no_other_and_is_told(site):
    site.post(interchange(empty("ITM1", 1), one("ITM2", 2)))
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "file") == {"read": 1} and site.states(gate) == {"accepted": 2}
        assert subjects(site, gate, "SRC206") == ["interchange"]
        assert [row["items"] for row in site.rows(gate, "interchange")] == [0, 2] and site.violations(gate) == []


@pytest.mark.parametrize("bad", [damaged, empty])
def test_a_file_without_any_readable_message_is_refused(site, bad):
    site.post(interchange(bad("ITM1", 1), bad("ITM2", 2)))
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "file") == {"refused": 1} and site.states(gate) == {}
        assert site.violations(gate) == []


def test_what_refuses_a_file_refuses_all_its_messages(site):
    site.change("partners/example-post.yaml", "sends:", "limits: {items: 3}\nsends:")
    site.post(interchange(one("ITM1", 1), one("ITM2", 2)))
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "file") == {"refused": 1} and site.codes(gate) == {"SRC214"}


class Told:
    """What a command would print."""

    def __init__(self):
        self.codes = []

    def line(self, _):
        """Facts are not looked at here."""

    def finding(self, found, *_):
        self.codes.append(found.code)


def test_a_file_shows_what_was_wrong_with_its_messages(site):
    site.post(interchange(empty("ITM1", 1), one("ITM2", 2), damaged("ITM3", 3)))
    with site.gate() as gate:
        site.run(gate)
        told, (file,) = Told(), site.ids(gate, "file")
        with gate.journal.read() as conn:
            file_told(told, conn, file)
        assert told.codes == ["SRC206", "SRC210"]
