"""What crosses our border stands in the logbook, whole, whatever the disk does."""

import os
from datetime import UTC, datetime

import pytest

from gateway.journal import logbook
from gateway.journal.logbook import Sent

NOW = datetime(2026, 9, 13, tzinfo=UTC)
LINES = [Sent(str(number)) for number in range(50)]


def read(folder):
    return list(logbook.read(folder, "post.live"))


def test_lines_that_the_disk_takes_a_piece_at_a_time_are_whole(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:100]))
    logbook.write(tmp_path, "post.live", LINES, NOW)
    assert read(tmp_path) == LINES


def test_a_line_that_was_cut_short_hides_no_other(tmp_path, monkeypatch):
    write = os.write

    def full(handle, data):
        if len(data) < 700:
            raise OSError(28, "no space left on device")
        return write(handle, data[:300])

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        with pytest.raises(OSError, match="no space"):
            logbook.write(tmp_path, "post.live", LINES, NOW)
    before = read(tmp_path)
    logbook.write(tmp_path, "post.live", LINES, NOW)
    assert read(tmp_path) == before + LINES and 0 < len(before) < len(LINES)


def test_the_newest_lines_are_those_of_two_pages_at_the_turn_of_a_month(tmp_path):
    logbook.write(tmp_path, "post.live", LINES, NOW)
    logbook.write(tmp_path, "post.live", [Sent("after")], NOW.replace(month=10, day=1))
    assert logbook.newest(tmp_path, "post.live")[-2:] == [LINES[-1], Sent("after")]
