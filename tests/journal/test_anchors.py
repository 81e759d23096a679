"""Heads of the trail noted elsewhere: what was cut off, written anew or put back shows against them."""

import resource
import signal
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete

from gateway.findings.errors import JournalFault
from gateway.journal import anchors, audit
from gateway.journal.anchors import Anchor
from gateway.journal.audit import BEGIN, Entry, Head
from gateway.journal.schema import audit as table
from tests.journal.test_audit import tamper, verdict

AT = datetime(2026, 9, 13, 8, 0, tzinfo=UTC)


def write(journal, count):
    with journal.write() as conn:
        audit.append_many(conn, [Entry("move", f"S{n}", "due", "done", "T") for n in range(count)])


def anchor(journal, at=AT):
    found = verdict(journal)
    return Anchor(at, found.rows, found.head)


def misfits(journal, *known):
    with journal.read() as conn:
        return [(one.anchor, one.what) for one in anchors.misfits(conn, known)]


def test_an_untouched_trail_fits_all_its_anchors(journal):
    known = [anchor(journal)]
    for _ in range(3):
        write(journal, 3)
        known.append(anchor(journal))
    assert misfits(journal, *known) == []


def test_a_cut_off_tail_is_shorter_than_its_anchor(journal):
    write(journal, 5)
    noted = anchor(journal)
    tamper(journal, delete(table).where(table.c.seq > 3))
    assert verdict(journal).broken_at is None
    assert misfits(journal, noted) == [(noted, "shorter")]


def test_a_trail_that_grew_another_way_since_is_another(journal):
    write(journal, 2)
    early = anchor(journal)
    write(journal, 3)
    noted = anchor(journal)
    tamper(journal, delete(table).where(table.c.seq > 2))
    journal.clock.forward(minutes=5)
    write(journal, 8)
    assert verdict(journal).broken_at is None
    assert misfits(journal, early, noted) == [(noted, "other")]


def test_a_wholly_emptied_trail_is_seen(journal):
    write(journal, 2)
    noted = anchor(journal)
    tamper(journal, delete(table))
    assert misfits(journal, noted) == [(noted, "shorter")]


def test_the_newest_fitting_anchor_spares_the_rows_before_it(journal):
    write(journal, 4)
    noted = anchor(journal)
    write(journal, 3)
    bent, whole = Anchor(AT, 6, "00" * 32), verdict(journal)
    with journal.read() as conn:
        wrong = list(anchors.misfits(conn, [noted, bent]))
        start = anchors.fitting([noted, bent], wrong)
        assert start == Head(4, bytes.fromhex(noted.head))
        assert audit.verify(conn, journal.key, start) == whole
        assert anchors.fitting([], []) == BEGIN


def test_a_change_after_the_anchor_is_found_from_there(journal):
    write(journal, 4)
    noted = anchor(journal)
    write(journal, 3)
    tamper(journal, delete(table).where(table.c.seq == 6))
    with journal.read() as conn:
        assert audit.verify(conn, journal.key, anchors.fitting([noted], [])).broken_at == 6


def test_a_trail_is_gone_along_in_pieces(journal):
    write(journal, 7)
    head, ends = BEGIN, []
    while len(ends) < 4:
        with journal.read() as conn:
            found = audit.verify(conn, journal.key, head, 3)
        head = Head(found.rows, bytes.fromhex(found.head))
        ends.append(found.rows)
    assert ends == [3, 6, 7, 7]
    assert found == verdict(journal)


def test_anchors_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "audit.anchors"
    assert anchors.read(path) == []
    known = [Anchor(AT, n, f"{n:064x}") for n in range(3)]
    for one in known:
        anchors.add(path, one)
    assert anchors.read(path) == known
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kept", range(0, 60, 7))
def test_what_a_crash_left_of_a_line_is_no_anchor(tmp_path, kept):
    path = tmp_path / "audit.anchors"
    first, second = (Anchor(AT, n, f"{n:064x}") for n in (1, 2))
    anchors.add(path, first)
    with path.open("ab") as out:
        out.write(second.line()[:kept])
    anchors.add(path, second)
    assert anchors.read(path) == [first, second]


def test_lines_that_a_crash_left_are_counted_also_several_and_the_last(tmp_path):
    path = tmp_path / "audit.anchors"
    first, second = (Anchor(AT, n, f"{n:064x}") for n in (1, 2))
    path.write_bytes(first.line() + b'{"at\n{"at":"2026-09-13T08:00:00Z","ro\n' + second.line() + second.line()[:30])
    assert anchors.kept(path) == ([first, second], 3)
    path.write_bytes(first.line()[:-1])
    assert anchors.kept(path) == ([first], 0), "all of it but its end"


@pytest.mark.parametrize("end", [b" \n", b"\r\n", b"\t\n\n"])
def test_white_space_about_a_line_hides_no_anchor(tmp_path, end):
    path = tmp_path / "audit.anchors"
    known = [Anchor(AT, n, f"{n:064x}") for n in range(3)]
    path.write_bytes(b"".join(one.line().replace(b"\n", end) for one in known))
    assert anchors.read(path) == known


@pytest.mark.parametrize("cut", [1, 40])
def test_a_torn_line_that_was_ended_is_of_no_crash(tmp_path, cut):
    path = tmp_path / "audit.anchors"
    path.write_bytes(Anchor(AT, 1, "00" * 32).line()[: -1 - cut] + b"\n")
    with pytest.raises(JournalFault, match=":1 is no anchor"):
        anchors.read(path)


def test_a_disk_that_takes_a_part_of_a_line_is_an_error(tmp_path):
    path = tmp_path / "audit.anchors"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, before[1]))
    try:
        with pytest.raises(OSError, match="space"):
            anchors.add(path, Anchor(AT, 1, "00" * 32))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    anchors.add(path, Anchor(AT, 2, "00" * 32))
    assert anchors.kept(path) == ([Anchor(AT, 2, "00" * 32)], 1)


@pytest.mark.parametrize(
    "line",
    [
        b"{}", b'{"at": "yesterday", "rows": 1, "head": "aa"}', b"not JSON}", b"root:x:0:0:root:/root:/bin/bash",
        b'{"at":"2026-09-13T08:00:00Z","rows":9999999999999999999999,"head":"aa"}',
        b'{"at":"2026-09-13T08:00:00Z","rows":-1,"head":"aa"}', b'{"at":"2026-09-13T08:00:00","rows":1,"head":"aa"}',
        b'{"at":"2026-09-13T08:00:00Z","rows":1,"head":"\xff"}',
    ],
)  # fmt: skip
def test_a_line_that_is_no_anchor_is_told_with_its_number(tmp_path, line):
    path = tmp_path / "audit.anchors"
    anchors.add(path, Anchor(AT, 1, "00"))
    with path.open("ab") as out:
        out.write(line + b"\n")
    with pytest.raises(JournalFault, match=":2 is no anchor"):
        anchors.read(path)
