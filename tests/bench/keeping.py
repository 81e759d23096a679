"""What keeping costs: sealing bytes, an exchange whose spool is sealed, going along the audit trail.

python -m tests.bench.keeping [items]
"""

import sys
import tempfile
import time
from pathlib import Path

import pyrage

from gateway.journal import audit
from gateway.journal.audit import Entry
from gateway.journal.blobs import BlobStore
from gateway.journal.ids import new_id
from gateway.journal.seal import Seal
from gateway.journal.store import open_journal
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

MB = 1 << 20
ROWS = 100_000
TIMES = 3


def seal_of() -> tuple[Seal, str]:
    identity = pyrage.x25519.Identity.generate()
    return Seal([str(identity.to_public())], str(identity).encode), str(identity)


def stored(folder: Path, seal: Seal | None, size: int) -> tuple[float, float, float]:
    """CPU seconds to store a blob, to read it from end to end, and to read 100 stretches of 2 kB of it."""
    store, block = BlobStore(folder, seal=seal), bytes(range(256)) * 4096
    began = time.process_time()
    blob = store.write("raw", "bench.live", (block for _ in range(size // MB)))
    wrote = time.process_time()
    with store.opened(folder / blob.path) as stream:
        while stream.read(MB):
            pass
    read = time.process_time()
    for number in range(100):
        with store.opened(folder / blob.path) as stream:
            stream.seek(number * size // 100)
            stream.read(2000)
    return wrote - began, read - wrote, time.process_time() - read


def exchanged(folder: Path, items: int, *, sealed: bool) -> float:
    """CPU seconds from the sender's file to the declarations at customs, in one process."""
    site = Site(folder)
    if sealed:
        _, identity = seal_of()
        (folder / "config/credentials").mkdir()
        (folder / "config/credentials/spool").write_text(identity)
        (folder / "config/credentials/spool").chmod(0o600)
        recipient = pyrage.x25519.Identity.from_str(identity).to_public()
        keys = f"at_rest: {{recipients: [{recipient}], identity: credential:spool}}\nretention:"
        site.change("gateway.yaml", "retention:", keys)
    with site.gate() as gate:
        site.post(itmatt(items))
        began = time.process_time()
        site.run(gate)
        took = time.process_time() - began
        assert len(site.filed()) > items * 0.9
    return took


def verified(folder: Path) -> float:
    """CPU seconds to go along the trail."""
    journal = open_journal(folder)
    for _ in range(ROWS // 10_000):
        with journal.write() as conn:
            audit.append_many(conn, [Entry("read", new_id(), "new", "accepted", "T") for _ in range(10_000)])
    began = time.process_time()
    with journal.read() as conn:
        found = audit.verify(conn, journal.key)
    assert (found.rows, found.broken_at) == (ROWS, None)
    journal.close()
    return time.process_time() - began


def main(items: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        plain, sealed = (
            [min(one) for one in zip(*(stored(folder / name, seal, 50 * MB) for _ in range(TIMES)), strict=True)]
            for name, seal in (("plain", None), ("sealed", seal_of()[0]))
        )
        for what, before, after in zip(("store 50 MB", "read 50 MB", "100 stretches"), plain, sealed, strict=True):
            print(f"{what:<16}plain {before * 1000:8.1f} ms   sealed {after * 1000:8.1f} ms   x {after / before:.2f}")
        ways = [(sealed, n) for n in range(TIMES) for sealed in (False, True)]
        runs = [(way, exchanged(folder / f"site-{way}-{n}", items, sealed=way)) for way, n in ways]
        took = {way: min(seconds for which, seconds in runs if which == way) for way in (False, True)}
        rates = {sealed: items / seconds for sealed, seconds in took.items()}
        print(f"exchange        plain {rates[False]:8.0f} items/s  sealed {rates[True]:6.0f} items/s  "
              f"x {took[True] / took[False]:.3f} of the time")  # fmt: skip
        print(f"audit verify    {ROWS / verified(folder / 'audit'):8,.0f} rows/s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
