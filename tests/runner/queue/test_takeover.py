"""A host that stood still in the middle of a file, and wakes when another one has its line: the spool takes no harm."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pyrage
import pytest

from gateway.findings.errors import PartnerUnreachable
from gateway.journal.seal import SUFFIX
from gateway.journal.tenure import TenureLost
from gateway.steps.receiving.pickup import Pickup
from tests import postgresql
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

LINE = "example-post.live"
LONG = 20.0  # seconds that nothing here takes
DATA = itmatt()


@pytest.fixture
def site(tmp_path):
    """What is stored is sealed, by each host with keys of the moment; the partner's file goes as soon as we have it."""
    with postgresql.journal() as url:
        made = Site(tmp_path, journal=url)
        identity = pyrage.x25519.Identity.generate()
        key = made.folder / "config/credentials/spool"
        key.parent.mkdir()
        key.write_text(f"{identity}\n")
        key.chmod(0o600)
        sealed = f"at_rest: {{recipients: [{identity.to_public()}], identity: credential:spool}}\nretention:"
        made.change("gateway.yaml", "retention:", sealed)
        made.change("partners/example-post.yaml", "after: move to done/", "after: delete")
        made.post(DATA)
        yield made


class Host(threading.Thread):
    """Fetches half of the file, says so, and goes on when it is told to; its line may be gone by then."""

    def __init__(self, site, gate, line):
        super().__init__(daemon=True)
        self.site, self.gate, self.line = site, gate, line
        self.half, self.woken = threading.Event(), threading.Event()
        self.error = None

    def run(self):
        try:
            poll(self.site, self.gate, self._fetch)
        except Exception as error:  # noqa: BLE001  # looked at when it is over
            self.error = error

    def wake(self):
        self.woken.set()
        self.join(LONG)
        assert not self.is_alive()

    def _fetch(self, whole, path, size):
        data = b"".join(whole(path, size))
        yield data[: len(data) // 2]
        self.half.set()
        assert self.woken.wait(LONG)
        if self.line == "gone":
            raise PartnerUnreachable
        yield data[len(data) // 2 :]


def poll(site, gate, fetch):
    with ThreadPoolExecutor(1) as crew:
        line = gate.hub.connections[LINE]
        site.on(gate, LINE, lambda wire: Pickup(gate, line, crew).poll(wire), fetch=fetch)


def under(gate, duties):
    return replace(gate, journal=gate.journal.under(duties.take(f"line/{LINE}")))


@pytest.mark.parametrize("line", ["there", "gone"])
@pytest.mark.parametrize("moment", ["when all is done", "in the middle"])
def test_a_host_that_wakes_in_the_middle_of_a_file_spoils_nothing_of_the_one_that_took_over(
    site, gates, duties, moment, line
):
    late = Host(site, under(gates[0], duties[0]), line)
    late.start()
    assert late.half.wait(LONG)
    duties[0]._session.execute("select pg_advisory_unlock_all()")  # the server has ended what this host held
    here = under(gates[1], duties[1])

    def fetch(whole, path, size):
        data = b"".join(whole(path, size))
        yield data[: len(data) // 2]
        if moment == "in the middle":
            late.wake()
        yield data[len(data) // 2 :]

    poll(site, here, fetch)
    late.wake()
    assert isinstance(late.error, TenureLost)
    (file,) = site.rows(here, "file")
    assert file["state"] == "received" and here.bytes_at(file["blob"]) == DATA
    spool = site.folder / "state/spool/in" / LINE
    assert [one.name for one in spool.iterdir()] == [f"{file['id']}.raw{SUFFIX}"]
    assert list((site.folder / "post/out").iterdir()) == []
