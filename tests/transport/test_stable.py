"""When a file is whole: by rename, by standing still, by a done-file."""

from datetime import timedelta

import pytest

from gateway.settings.values import Completion
from gateway.transport.line import Entry
from gateway.transport.stable import done_names, is_complete, is_done_file, since

STABLE = Completion("stable", 2, timedelta(seconds=30))
DONE = Completion("done-file", done="*.done")


def test_a_partner_who_renames_leaves_whole_files():
    assert is_complete(Completion("rename"), b"x", 1, timedelta())


@pytest.mark.parametrize(
    ("polls", "seconds", "whole"),
    [(1, 0, False), (1, 3600, False), (2, 29, False), (2, 30, True), (9, 30, True), (9, -3600, False)],
)
def test_a_file_must_stand_still_in_number_and_time(polls, seconds, whole):
    assert is_complete(STABLE, b"x", polls, timedelta(seconds=seconds)) is whole


def test_the_time_lies_between_the_polls():
    three = Completion("stable", 3, timedelta(seconds=30))
    assert not is_complete(three, b"x", 3, timedelta(seconds=59))
    assert is_complete(three, b"x", 3, timedelta(seconds=60))


def test_a_single_poll_still_waits():
    assert not is_complete(Completion("stable", 1, timedelta(seconds=30)), b"x", 1, timedelta(seconds=29))


@pytest.mark.parametrize("done", [b"a.xml.done", b"a.done"])
def test_a_done_file_says_so(done):
    assert is_complete(DONE, b"a.xml", 1, timedelta(), {b"a.xml", done})


def test_without_its_done_file_a_file_waits():
    assert not is_complete(DONE, b"a.xml", 99, timedelta(days=1), {b"a.xml", b"b.done", b".done"})


def test_done_files_are_known():
    assert is_done_file(DONE, b"a.done")
    assert not is_done_file(DONE, b"a.xml")
    assert not is_done_file(DONE, b".done")
    assert not is_done_file(STABLE, b"a.done")
    assert done_names(STABLE, b"a.xml") == ()
    assert done_names(DONE, b"a") == (b"a.done",)


def test_what_happened_while_a_file_was_read():
    before = Entry(b"x", 5, 100, "file")
    assert since(before, Entry(b"x", 5, 100, "file")) == "same"
    assert since(before, Entry(b"x", 6, 100, "file")) == "changed"
    assert since(before, Entry(b"x", 5, 101, "file")) == "changed"
    assert since(before, None) == "gone"
