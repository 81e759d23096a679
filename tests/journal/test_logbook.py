"""What crosses our border stands in the logbook, whole, whatever the disk does."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.journal import logbook
from gateway.journal.logbook import Coming, Going, Sent

NOW = datetime(2026, 9, 13, tzinfo=UTC)
PLACE = ("production", "out")
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


def going(number, lrns):
    lrns = tuple(f"GW1{lrn:019}" for lrn in range(lrns))
    return Going(str(number), NOW, 0, *PLACE, "in", f"{number}.xml", f".{number}.part", 1, "00", None, lrns)


@pytest.mark.parametrize("lrns", [1, 3_000, 50_000])
@pytest.mark.parametrize("after", [0, 1, 3_000])
def test_the_newest_lines_go_back_to_a_file_that_went_however_long_its_line_is(tmp_path, lrns, after):
    logbook.write(tmp_path, "post.live", [going(1, 1)], NOW)
    logbook.write(tmp_path, "post.live", [going(2, lrns), *[Sent(str(one)) for one in range(after)]], NOW)
    assert going(2, lrns) in logbook.newest(tmp_path, "post.live")


def test_of_a_long_page_only_the_end_is_read(tmp_path):
    logbook.write(tmp_path, "post.live", [going(number, 100) for number in range(2_000)], NOW, sync=False)
    assert 20 < len(logbook.newest(tmp_path, "post.live")) < 100


@given(
    names=st.lists(st.binary(max_size=4).map(lambda end: b"AB1" + end), min_size=1, unique=True), hidden=st.integers(0)
)
def test_hiding_a_name_leaves_those_alone_that_only_begin_so(tmp_path_factory, names, hidden):
    folder = tmp_path_factory.mktemp("state")
    lines = [Coming(str(number), NOW, *PLACE, name, 1, 1) for number, name in enumerate(names)]
    logbook.write(folder, "post.live", lines, NOW, sync=False)
    number = hidden % len(names)
    logbook.hide(folder, "post.live", [str(number)])
    left = [one.name for one in read(folder)]
    assert left == [b"#" * len(name) if at == number else name for at, name in enumerate(names)]


def test_every_line_that_calls_a_file_so_is_written_over(tmp_path):
    same = [Coming(one, NOW, *PLACE, b"AB1234567BE.xml", 1, 1) for one in ("first", "again")]
    logbook.write(tmp_path, "post.live", [*same, Coming("other", NOW, *PLACE, b"AB1234567BE.xml.2", 1, 1)], NOW)
    logbook.hide(tmp_path, "post.live", ["again"])
    assert [one.name for one in read(tmp_path)] == [b"#" * 15, b"#" * 15, b"AB1234567BE.xml.2"]
