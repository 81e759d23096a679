"""Many files under way on one connection: never more requests than the server takes, every byte where it belongs."""

import os
from contextlib import aclosing, contextmanager

import pytest

from gateway.findings.errors import GatewayError
from gateway.transport import Timeouts, open_line
from gateway.transport.talk import side_by_side
from gateway.transport.wire import Wire
from tests.delayproxy import delayed
from tests.servers import running_openssh

QUICK = Timeouts(connect=20, request=20, listing=20, transfer=20)
FILES = 60


@contextmanager
def line_to(server, port=0):
    with open_line(server.target_at(port or server.port), server.key, [server.host_key_line], QUICK) as line:
        yield line


def contents(size):
    return {f"{number}.xml": os.urandom(size) for number in range(FILES)}


async def there_and_back(talks, name, content):
    """Written, looked at, published, read again, moved, removed."""
    await talks.write_new(f"in/.{name}", [content])
    await talks.publish(f"in/.{name}", f"in/{name}")
    async with aclosing(talks.fetch(f"in/{name}", len(content))) as blocks:
        parts = [block async for block in blocks]
    assert await talks.move(f"in/{name}", f"out/{name}")
    assert (await talks.lstat(f"out/{name}")).size == len(content)
    assert await talks.remove(f"out/{name}") and not await talks.remove(f"out/{name}")
    return b"".join(parts) == content


@pytest.mark.parametrize(("depth", "channels"), [(1, 1), (16, 1), (64, 1), (256, 4)])
def test_every_file_arrives_whole_whatever_the_window(sftp_server, depth, channels):
    with line_to(sftp_server) as line:
        assert line.widen(depth, channels) == channels
        assert line.at_a_time == min(64, depth * channels)
        talks = (there_and_back(line.talks, name, content) for name, content in contents(70_000).items())
        assert all(side_by_side(talks, line.at_a_time))
        assert list(line.scan("in")) == []


@pytest.mark.parametrize("depth", [1, 8, 16])
def test_a_server_never_has_more_requests_under_way_than_it_takes(sftp_server, monkeypatch, depth):
    most, submit = [], Wire.submit

    def noting(wire, kind, body):
        future = submit(wire, kind, body)
        most.append(wire.under_way)
        return future

    with line_to(sftp_server) as line:
        line.widen(depth)
        monkeypatch.setattr(Wire, "submit", noting)
        talks = (there_and_back(line.talks, name, content) for name, content in contents(600_000).items())
        assert all(side_by_side(talks, line.at_a_time))
    slack = depth  # closes of read files, for which nobody waits
    assert max(most) <= depth + slack


def test_a_line_that_is_long_carries_the_same(sftp_server):
    with delayed(sftp_server.port, 0.02) as far, line_to(sftp_server, far) as line:
        line.widen(256, 2)
        talks = (there_and_back(line.talks, name, content) for name, content in contents(5_000).items())
        assert all(side_by_side(talks, line.at_a_time))


@pytest.mark.openssh
def test_no_more_channels_are_opened_than_the_server_gives(tmp_path):
    with running_openssh(tmp_path, "MaxSessions 3") as server, line_to(server) as line:
        assert line.widen(16, 10) == 3
        assert line.widen(16) == 1 and line.alive
        assert line.widen(16, 2) in (1, 2), "the server may be slow to forget a session"
        assert all(side_by_side((there_and_back(line.talks, n, c) for n, c in contents(100).items()), line.at_a_time))


@pytest.mark.openssh
def test_a_session_that_is_killed_ends_every_talk(openssh_server):
    async def write(number):
        try:
            await line.talks.write_new(f"in/{number}", (bytes(200_000) for _ in range(200)))
        except GatewayError as error:
            return type(error).__name__
        return "written"

    with line_to(openssh_server) as line:
        line.widen(64, 2)

        def talks():
            for number in range(20):
                if number == 19:
                    openssh_server.kill_sessions()
                yield write(number)

        ended = side_by_side(talks(), 19)
    assert len(ended) == 20 and "PartnerUnreachable" in ended
