"""Requests and answers over a scripted server: out of order, unknown, damaged, cut off."""

import contextlib
import socket
import threading
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.transport import talk
from gateway.transport.packets import BadPacket, Kind, Status, string, uint32
from gateway.transport.wire import ConnectionLost, Refused, Unsupported, Wire, frame, read_packet

HELLO = frame(Kind.VERSION, uint32(3) + string("fsync@openssh.com") + string("1"))


def ask_for(wire, future, kind, limit=5):
    return talk.now(wire.answer(future, kind), limit)


@contextmanager
def conversation(hello=HELLO):
    """A wire, and the socket at its other end; the greeting is over."""
    ours, theirs = socket.socketpair()
    try:
        theirs.sendall(hello)
        wire = Wire(ours)
        assert read_packet(theirs)[0] == Kind.INIT
        yield wire, theirs
    finally:
        for end in (ours, theirs):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in threading.enumerate():
            if thread.name == "sftp-reader":
                thread.join(5)
        for end in (ours, theirs):
            end.close()


def asked(theirs):
    """The number of the next request, as the answer carries it."""
    return read_packet(theirs)[1][:4]


def status(number, code):
    return frame(Kind.STATUS, number + uint32(code) + string("words that may quote a name") + string(""))


def test_extensions_are_kept():
    with conversation() as (wire, _):
        assert wire.extensions == {b"fsync@openssh.com": b"1"}


def test_answers_find_their_questions_in_any_order():
    with conversation() as (wire, theirs):
        futures = [wire.submit(Kind.LSTAT, string("x")) for _ in range(5)]
        numbers = [asked(theirs) for _ in futures]
        for number in reversed(numbers):
            theirs.sendall(frame(Kind.ATTRS, number + number))
        assert [ask_for(wire, future, Kind.ATTRS) for future in futures] == numbers
        assert not wire.in_order


def test_an_answer_nobody_asked_for_is_passed_over():
    with conversation() as (wire, theirs):
        future = wire.submit(Kind.LSTAT, string("x"))
        number = asked(theirs)
        theirs.sendall(status(uint32(999), Status.OK) + frame(Kind.ATTRS, number + b"!"))
        assert ask_for(wire, future, Kind.ATTRS) == b"!"
        assert wire.in_order


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        (Status.EOF, EOFError),
        (Status.NO_SUCH_FILE, FileNotFoundError),
        (Status.PERMISSION_DENIED, PermissionError),
        (Status.FAILURE, Refused),
        (Status.BAD_MESSAGE, Refused),
        (Status.OP_UNSUPPORTED, Unsupported),
        (Status.CONNECTION_LOST, ConnectionLost),
        (4711, Refused),
    ],
)
def test_a_status_is_an_exception_without_the_servers_words(code, raised):
    with conversation() as (wire, theirs):
        future = wire.submit(Kind.REMOVE, string("x"))
        theirs.sendall(status(asked(theirs), code))
        with pytest.raises(raised) as caught:
            ask_for(wire, future, Kind.STATUS)
        assert "quote" not in str(caught.value)


def test_ok_is_no_answer_where_one_was_asked_for():
    with conversation() as (wire, theirs):
        future = wire.submit(Kind.LSTAT, string("x"))
        theirs.sendall(status(asked(theirs), Status.OK))
        with pytest.raises(BadPacket):
            ask_for(wire, future, Kind.ATTRS)


def test_no_answer_is_a_timeout():
    with conversation() as (wire, _), pytest.raises(TimeoutError):
        talk.now(wire.ask(Kind.LSTAT, string("x")), 0.1)


def test_the_end_of_the_channel_ends_every_question():
    with conversation() as (wire, theirs):
        futures = [wire.submit(Kind.LSTAT, string("x")) for _ in range(3)]
        theirs.shutdown(socket.SHUT_RDWR)
        for future in futures:
            with pytest.raises(ConnectionLost):
                ask_for(wire, future, Kind.ATTRS)
        with pytest.raises(ConnectionLost):
            wire.submit(Kind.LSTAT, string("x"))


@pytest.mark.parametrize(
    "hello", [frame(Kind.STATUS, uint32(3)), frame(Kind.VERSION, uint32(2)), bytes(5), b"\xff" * 9]
)
def test_a_greeting_that_is_none_is_refused(hello):
    with pytest.raises((BadPacket, ConnectionLost)), conversation(hello):
        pass


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_a_server_answers_every_question_ends(answer):
    with conversation() as (wire, theirs):
        future = wire.submit(Kind.OPENDIR, string("x"))
        theirs.sendall(answer)
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises((ConnectionLost, Refused, BadPacket, EOFError, OSError)):
            ask_for(wire, future, Kind.HANDLE)
