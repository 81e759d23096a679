"""What is done with a file at the partner once we have it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.settings.values import Tidy
from gateway.transport import Target, open_line, talk
from gateway.transport import tidy as tidying
from gateway.transport.plain import Plain


@pytest.fixture
def line(tmp_path):
    (tmp_path / "done").mkdir()
    (tmp_path / "x.xml").write_bytes(b"first")
    with open_line(Target("directory", path=str(tmp_path))) as line:
        yield line


def tidy(line, *given):
    with ThreadPoolExecutor(1) as crew:
        return talk.now(tidying.tidy(Plain(line, crew), *given), 5)


def names(folder):
    return {file.name for file in folder.iterdir() if file.is_file()}


def test_it_may_be_deleted(line, tmp_path):
    assert tidy(line, Tidy("delete"), ".", b"x.xml")
    assert not tidy(line, Tidy("delete"), ".", b"x.xml")
    assert names(tmp_path) == set()


def test_it_may_be_left(line, tmp_path):
    assert tidy(line, Tidy("none"), ".", b"x.xml")
    assert names(tmp_path) == {"x.xml"}


def test_it_may_be_moved_and_a_used_name_is_kept_beside(line, tmp_path):
    rule = Tidy("move", "done")
    assert tidy(line, rule, ".", b"x.xml")
    assert not tidy(line, rule, ".", b"x.xml")
    (tmp_path / "x.xml").write_bytes(b"second")
    assert tidy(line, rule, ".", b"x.xml")
    assert names(tmp_path / "done") == {"x.xml", "x.xml.2"}
    assert (tmp_path / "done/x.xml").read_bytes() == b"first"
