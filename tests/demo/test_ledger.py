import hashlib

from gateway.demo.ledger import Ledger


def receive(ledger, folder, name, data):
    file = folder / name
    file.write_bytes(data)
    return ledger.take(file)


def test_a_file_leaves_the_folder_and_its_bytes_are_kept(tmp_path):
    ledger = Ledger(tmp_path / "home")
    assert receive(ledger, tmp_path, "one.xml", b"<a/>") == b"<a/>"
    assert not (tmp_path / "one.xml").exists()
    (receipt,) = ledger.receipts()
    assert (receipt.name, receipt.size, receipt.sha256) == ("one.xml", 4, hashlib.sha256(b"<a/>").hexdigest())
    assert ledger.read(receipt) == b"<a/>"


def test_the_same_file_twice_is_two_receipts(tmp_path):
    ledger = Ledger(tmp_path / "home")
    for _ in range(2):
        receive(ledger, tmp_path, "one.xml", b"<a/>")
    assert [receipt.seq for receipt in ledger.receipts()] == [1, 2]


def test_a_restarted_partner_goes_on_with_its_log(tmp_path):
    receive(Ledger(tmp_path / "home"), tmp_path, "one.xml", b"1")
    receive(Ledger(tmp_path / "home"), tmp_path, "two.xml", b"2")
    log = Ledger(tmp_path / "home")
    assert [(r.seq, log.read(r)) for r in log.receipts()] == [(1, b"1"), (2, b"2")]


def test_a_log_that_was_never_written_is_empty(tmp_path):
    assert Ledger(tmp_path).receipts() == []
    assert Ledger(tmp_path).replies() == []


def test_a_line_that_is_under_way_is_not_read_yet(tmp_path):
    ledger = Ledger(tmp_path / "home")
    receive(ledger, tmp_path, "one.xml", b"1")
    with (tmp_path / "home" / "received.jsonl").open("ab") as log:
        log.write(b'{"seq":2,"na')
    assert [receipt.seq for receipt in ledger.receipts()] == [1]
