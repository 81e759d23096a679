import shutil
from pathlib import Path

import pytest
from lxml import etree

from gateway.demo.customs import Customs
from gateway.demo.ledger import Ledger

SCRIPT = Path(__file__).parents[2] / "config" / "demo" / "uk-customs"


@pytest.fixture
def script(tmp_path):
    """The script without its delays."""
    folder = shutil.copytree(SCRIPT, tmp_path / "script")
    told = folder / "script.yaml"
    told.write_text("\n".join(_prompt(line) for line in told.read_text().splitlines()))
    return folder


def _prompt(line):
    for delay in (", after: 0.1", ", after: 0.2", ", after: 0.3", ", after: 0.4", ", after: 0.6", ", after: 1.0"):
        line = line.replace(delay, "")
    return line


class Desk:
    """An administration whose folders are fed by hand."""

    def __init__(self, home, script, seed=7):
        self.home = home
        self.customs = Customs(home, script, seed)
        self.ledger = Ledger(home)

    def receive(self, name, data):
        (self.home / "root" / "in" / name).write_bytes(data)
        while self.customs.step():
            pass

    def said(self):
        """Function codes by LRN, in the order they were written."""
        return [(reply.lrn, reply.say) for reply in self.ledger.replies()]

    def answers(self):
        return [etree.parse(file).getroot() for file in sorted((self.home / "root" / "out").glob("*.xml"))]


@pytest.fixture
def desk(tmp_path, script):
    return Desk(tmp_path / "customs", script)


def test_a_declaration_is_taken_kept_and_answered(desk, declaration):
    desk.receive("one.xml", declaration("DEMOA"))
    assert not list((desk.home / "root" / "in").iterdir())
    (receipt,) = desk.ledger.receipts()
    assert desk.ledger.read(receipt) == declaration("DEMOA")
    assert desk.answers()
    assert {answer.findtext("Response/Declaration/FunctionalReferenceID") for answer in desk.answers()} == {"DEMOA"}


def test_prohibited_goods_are_rejected_with_a_pointer(desk, declaration):
    desk.receive("one.xml", declaration("DEMOA", "Battery pack, lithium-ion, 20 Wh"))
    assert desk.said() == [("DEMOA", "rejected")]
    (answer,) = desk.answers()
    assert answer.findtext("Response/Error/ValidationCode") == "D0200"
    chain = [pointer.findtext("DocumentSectionCode") for pointer in answer.iterfind("Response/Error/Pointer")]
    assert chain == ["42A", "67A", "68A", "23A"]


def test_the_same_declaration_twice_is_received_twice(desk, declaration):
    for name in ("one.xml", "two.xml"):
        desk.receive(name, declaration("DEMOA"))
    assert [receipt.name for receipt in desk.ledger.receipts()] == ["one.xml", "two.xml"]


def test_answers_hang_on_seed_and_reference_not_on_arrival(tmp_path, script, declaration):
    references = [f"DEMO{n}" for n in range(40)]
    said = []
    for name, order in (("one", references), ("two", references[::-1])):
        desk = Desk(tmp_path / name, script)
        for lrn in order:
            desk.receive(f"{lrn}.xml", declaration(lrn))
        said.append(sorted(desk.said()))
    assert said[0] == said[1]
    assert {say for _, say in said[0]} >= {"accepted", "cleared", "taxed", "rejected"}


def test_another_seed_decides_otherwise(tmp_path, script, declaration):
    said = []
    for seed in (1, 2):
        desk = Desk(tmp_path / str(seed), script, seed)
        for n in range(40):
            desk.receive(f"{n}.xml", declaration(f"DEMO{n}"))
        said.append(desk.said())
    assert said[0] != said[1]


def test_what_cannot_be_read_is_kept_and_not_answered(desk):
    desk.receive("one.xml", b"<MetaData><Declaration>")
    assert len(desk.ledger.receipts()) == 1
    assert not desk.said()


def test_a_file_being_written_is_left_alone(desk, declaration):
    desk.receive(".one.xml", declaration("DEMOA"))
    desk.receive("one.xml.part", declaration("DEMOA"))
    assert not desk.ledger.receipts()
