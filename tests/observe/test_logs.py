"""Logs: one JSON object a line, listed keys only, no text of partners, exceptions or libraries."""

import io
import json
import logging

import pytest

from gateway.journal.store import open_journal
from gateway.observe.logs import configure

CANARY = "Zephyrine Canarybird"


def ours(name):
    return logging.getLogger(f"gateway.{name}")


@pytest.fixture
def lines():
    stream = io.StringIO()
    root = logging.getLogger()
    own = logging.getLogger("gateway")
    before = root.handlers[:], root.level, own.level
    configure(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    own.setLevel(before[2])


def test_event_carries_listed_keys(lines):
    ours("pickup").info("mover.moved", extra={"connection": "example-post.live", "count": 12})
    (line,) = lines()
    assert (line["event"], line["connection"], line["count"], line["level"], line["logger"]) == (
        "mover.moved",
        "example-post.live",
        12,
        "info",
        "gateway.pickup",
    )
    assert line["timestamp"].endswith("Z")


def test_unlisted_key_is_dropped_and_counted(lines):
    ours("pickup").info("mover.moved", extra={"addressee": CANARY, "connection": "x.live"})
    (line,) = lines()
    assert line["dropped"] == 1
    assert CANARY not in json.dumps(line)


def test_exception_keeps_frames_and_loses_its_text(lines):
    secret = CANARY
    try:
        try:
            int(secret)
        except ValueError as inner:
            inner.add_note(secret)
            raise ExceptionGroup(secret, [TypeError(secret)]) from inner
    except ExceptionGroup:
        ours("steps").exception("mover.bug", extra={"connection": "x.live"})
    (line,) = lines()
    assert CANARY not in json.dumps(line)
    assert [link["exc_type"] for link in line["exception"]] == ["ExceptionGroup", "ValueError"]
    assert line["exception"][0]["frames"][0]["lineno"]


def test_message_of_a_library_is_reduced_to_its_source(lines):
    logging.getLogger("paramiko.transport").warning("user %s said \x1b[31m%s", "x", CANARY)
    (line,) = lines()
    assert (line["event"], line["logger"]) == ("library.message", "paramiko.transport")
    assert CANARY not in json.dumps(line)


@pytest.mark.parametrize("library", ["alembic.runtime.plugins", "alembic.runtime.migration", "paramiko", "apscheduler"])
def test_a_library_is_heard_from_a_warning_on(lines, library):
    logging.getLogger(library).info("Running upgrade -> 0001")
    assert lines() == []
    logging.getLogger(library).warning("something is odd")
    assert [line["logger"] for line in lines()] == [library]


def test_the_first_start_of_a_journal_logs_nothing_of_libraries(lines, tmp_path):
    open_journal(tmp_path, create=True, state_dir=tmp_path).close()
    assert lines() == []


def test_unlisted_event_keeps_only_a_word(lines):
    ours("x").info("strange %s", CANARY)
    (line,) = lines()
    assert (line["event"], line["unlisted"]) == ("event.unlisted", "strange")
    assert CANARY not in json.dumps(line)


def test_long_values_are_capped(lines):
    ours("x").info("mover.failed", extra={"code": "e" * 1000})
    assert len(lines()[0]["code"]) == 300
