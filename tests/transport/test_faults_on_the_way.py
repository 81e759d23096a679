"""The connection breaks at every k-th byte of a delivery: the partner gets the file once, and whole.

A partner who takes files at once is the hard case: after a lost answer only our temporary name is left to look at.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.transport.publish import Evidence
from tests.faultproxy import FaultProxy
from tests.servers import Server
from tests.transport.partner import Taker, deliver

STEPS = {"cut": 61, "reset": 67, "flip": 89, "stall": 401, "drip": 401}
LAST_BYTES = 400  # of the answers: here the rename has happened and its answer is lost
CONTENT = b"".join(b"%08d" % number for number in range(100))


def run(server: Server, way, at, kind):
    name = f"{kind}-{way}-{at}.xml"
    with FaultProxy(server.port, way, at, kind) as proxy:
        evidence, tries = deliver(server.target_at(proxy.port), server.key, [server.host_key_line], name, CONTENT)
    return name, evidence, tries


def conversation(server: Server):
    with FaultProxy(server.port) as proxy:
        deliver(server.target_at(proxy.port), server.key, [server.host_key_line], "clean.xml", CONTENT)
        return dict(proxy.seen)


def places(length, step):
    return [*range(0, length - LAST_BYTES, step), *range(max(0, length - LAST_BYTES), length, min(step, 23))]


@pytest.mark.slow
@pytest.mark.parametrize("kind", STEPS)
def test_a_file_arrives_once_wherever_the_connection_breaks(sftp_server, kind):
    with Taker(sftp_server.root) as taker:
        lengths = conversation(sftp_server)
        cases = [(way, at) for way in ("up", "down") for at in places(lengths[way], STEPS[kind])]
        with ThreadPoolExecutor(16) as pool:
            results = list(pool.map(lambda case: run(sftp_server, *case, kind), cases))
    arrived = Counter(name for name, _ in taker.arrivals)
    assert {content for _, content in taker.arrivals} == {CONTENT}
    assert {name: arrived[name] for name, _, _ in results} == {name: 1 for name, _, _ in results}
    assert {evidence for _, evidence, _ in results} <= {Evidence.PUBLISHED, Evidence.TAKEN}
    assert max(tries for *_, tries in results) <= 4
