"""Row 10, fuzz: whatever bytes come, from a server or in a file, end in our own errors and findings, within bounds.

Files made up to hurt, read under caps of memory and time, are in `tests/hostile`.
"""

import io
import random
import tracemalloc
from contextlib import contextmanager, suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gateway.demo.server import USER, Session, SftpServer, new_key, public_line
from gateway.findings.errors import GatewayError
from gateway.mapping.cases import cases_of
from gateway.mapping.protocols import Item, Limits, Opening, Slice
from gateway.mapping.registry import Registry
from gateway.transport import Target, Timeouts, open_line, private_key
from gateway.transport.packets import uint32
from gateway.transport.wire import frame, read_packet

BRIEF = Timeouts(connect=10, request=0.15, listing=0.3, transfer=0.3)
CAP = 24_000_000  # bytes that one conversation may take
ON = date(2026, 9, 14)
FORMATS = {"xml": "upu/itmatt-1.5", "tabular": "ecommerce/manifest", "json": "carrier/teleship-shipment"}


def flipped(chance, packet):
    at = chance.randrange(len(packet))
    return packet[:at] + bytes((packet[at] ^ 1 << chance.randrange(8),)) + packet[at + 1 :]


def counted_wrong(chance, packet):
    """Some count or length in it is another."""
    at = chance.randrange(0, max(1, len(packet) - 4))
    return packet[:at] + uint32(chance.choice([0, 1, 2**31 - 1, 2**32 - 1, 300])) + packet[at + 4 :]


ANSWERS = {
    "right": lambda _, packet: packet,
    "flipped": flipped,
    "counted wrong": counted_wrong,
    "of any length": lambda chance, packet: uint32(chance.choice([0, 1, 5, 2**22 + 1, 2**32 - 1])) + packet[4:],
    "cut short": lambda chance, packet: frame(packet[4], packet[5 : chance.randrange(5, len(packet) + 1)]),
    "of another kind": lambda chance, packet: frame(chance.randrange(256), packet[5:]),
    "of another question": lambda chance, packet: packet[:5] + uint32(chance.randrange(40)) + packet[9:],
    "twice": lambda _, packet: packet * 2,
    "not at all": lambda *_: b"",
    "noise": lambda chance, _: chance.randbytes(chance.randrange(1, 60)),
}


class Mad(Session):
    """Answers as it should, and now and then in another way."""

    chance = random.Random()
    ways = ("right",)

    def answer(self, channel, folder):
        kind, body = read_packet(channel)
        answered, data = folder.answer(kind, body[4:])
        packet = frame(answered, body[:4] + data)
        channel.sendall(ANSWERS[self.chance.choice(self.ways)](self.chance, packet))


@pytest.fixture(scope="module")
def mad(tmp_path_factory):
    """A line to a server that is mad in a way."""
    root, key = tmp_path_factory.mktemp("mad"), private_key(new_key())
    for number in range(130):  # more than one answer of a listing
        (root / f"{number}.xml").write_bytes(bytes(90_000 if number == 0 else number))
    with SftpServer(root, private_key(new_key()), USER, [public_line(key)], session=Mad) as server:

        @contextmanager
        def line(seed, ways):
            Mad.chance, Mad.ways = random.Random(seed), ways
            target = Target("sftp", "127.0.0.1", server.port, USER)
            with open_line(target, key, [server.host_key_line], BRIEF) as opened:
                yield opened

        yield line


def asked(line):
    """Everything that steps ask of a line; each call ends well or in an error of ours."""
    calls = (
        lambda: list(line.scan(".")),
        lambda: line.lstat("1.xml"),
        lambda: b"".join(line.fetch("0.xml", 90_000)),
        lambda: line.write_new("new", [bytes(50_000)]),
        lambda: line.publish("new", "published"),
        lambda: line.move("1.xml", "2.xml"),
        lambda: line.remove("published"),
        lambda: line.free_bytes("."),
    )
    for call in calls:
        with suppress(GatewayError):
            call()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), way=st.sampled_from(sorted(ANSWERS)), share=st.sampled_from([2, 6]))
def test_whatever_a_server_answers_ends_in_an_error_of_ours(mad, seed, way, share):
    with suppress(GatewayError), mad(seed, ("right",) * share + (way,)) as line:
        asked(line)


def test_no_length_that_a_server_claims_takes_memory(mad):
    tracemalloc.start()
    try:
        for seed in range(6):
            with suppress(GatewayError), mad(seed, ("right", "of any length", "counted wrong")) as line:
                asked(line)
        assert tracemalloc.get_traced_memory()[1] < CAP
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def registry():
    return Registry()


@pytest.fixture(scope="module")
def samples(registry):
    """The files of the golden cases of a format."""
    return {
        syntax: [case.message for case in cases_of(name, registry.roots) if case.message]
        for syntax, name in FORMATS.items()
    }


@st.composite
def damage(draw):
    """A few things that are done to a file, at places told as shares of its length."""
    one = st.tuples(
        st.sampled_from(sorted(DAMAGE)), st.floats(0, 1), st.integers(1, 60), st.binary(min_size=1, max_size=12)
    )
    return draw(st.lists(one, min_size=1, max_size=4))


DAMAGE = {
    "flip": lambda data, at, _, more: (
        data[:at] + bytes(a ^ b for a, b in zip(data[at:], more, strict=False)) + data[at + len(more) :]
    ),
    "cut": lambda data, at, *_: data[:at],
    "drop": lambda data, at, count, _: data[:at] + data[at + count :],
    "repeat": lambda data, at, count, _: data[:at] + data[at : at + count] * 3 + data[at + count :],
    "insert": lambda data, at, _, more: data[:at] + more + data[at:],
}


def read_whole(source, data):
    """As a worker reads a file: refusal, envelopes, slices, items, records. Nothing of it may raise."""
    limits, opening = Limits(items=1000), None
    if source.syntax.refuse(data[:65_536], len(data), limits) is not None:
        return
    for event in source.syntax.slices(io.BytesIO(data), source.plan, 20, limits):
        if isinstance(event, Opening):
            opening = event
            source.read_outer(event)
        elif isinstance(event, Slice):
            stretch = data[event.offset : event.offset + event.length]
            for one in source.items(opening, event, stretch, limits):
                if isinstance(one, Item):
                    source.read(one)


@pytest.mark.parametrize("syntax", FORMATS)
def test_whatever_is_in_a_file_is_read_or_told(registry, samples, syntax):
    source = registry.format(FORMATS[syntax], ON)

    @settings(max_examples=250, deadline=None)
    @given(which=st.integers(0, 99), done=damage())
    @example(which=0, done=[("cut", 0.0, 1, b"x")])
    def read(which, done):
        data = samples[syntax][which % len(samples[syntax])]
        for kind, share, count, more in done:
            data = DAMAGE[kind](data, int(share * len(data)), count, more)
        read_whole(source, data)

    assert samples[syntax]
    read()
