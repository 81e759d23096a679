"""A million parcels through one daemon on one machine: throughput, memory, size of the journal, and time to find one.

    python -m tests.bench.million --items 1000000

A post leaves files of 10,000 items (one of them a forwarder's manifest, with house numbers); an administration takes
every declaration away as soon as it is there, counts its LRNs, and answers some. Times are wall clock; memory is that
of the whole process tree; searches are made in the journal as it is then, 200 of a kind, each key another one.
"""

import argparse
import csv
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from gateway.demo.corpus import itmatt
from gateway.journal.search import find
from tests.acceptance.daemon import Books, command
from tests.bench.memory import resident, tree
from tests.steps.answers import mrn_of, response
from tests.steps.site import Site
from tests.steps.test_rows import FORWARDER, ROUTE

LOT = 10_000
AHEAD = 3  # files that lie ready for the gateway
KEYS = 200
HEAD = """\
MawbNr,BoxID,ParcelID,ReferenceID,ShipperName,ShipperStreet,ShipperZipcode,ShipperCity,ShipperCountryCode,BuyerName,\
BuyerStreet,BuyerZipcode,BuyerCity,BuyerCountryCode,NumberOfPieces,Quantity,TotalWeight,ItemHSCode,SKUNumber,\
GoodsDescription,InvoiceDate,InvoiceNumber,InvoiceCurrency,TotalValue,UnitPrice,ProductWeight,CountryOfOrigin
"""


def manifest(path: Path, items: int) -> None:
    """One parcel a row."""
    with path.open("w", newline="", encoding="utf-8") as out:
        out.write(HEAD)
        rows = csv.writer(out)
        for n in range(items):
            rows.writerow((
                "999-00000033", f"BAG-{n // 100:05}", f"HAWB-{n:07}", f"ORD-{n:07}", "Bright Kettle Trading Ltd",
                "12 Specimen Avenue", "523000", "Dongguan", "CN", "Olivia Sample", "5 Trial Terrace", "LS1 4DY",
                "Leeds", "GB", "1", "1", "0.420", "8516797000", "KET-1", "Electric kettle, 1.7 l, plastic",
                "2026-09-12", f"BK-{n}", "GBP", "14.90", "14.90", "0.400", "CN",
            ))  # fmt: skip


class Post(threading.Thread):
    """Leaves the next file when the gateway has taken one."""

    def __init__(self, site: Site, items: int) -> None:
        super().__init__(daemon=True)
        self.site, self.items = site, items

    def run(self) -> None:
        out, day = self.site.folder / "post/out", datetime.now(UTC).date()
        manifest(self.site.folder / "forwarder/out/list.csv", LOT)
        for lot in range(1, self.items // LOT):
            while len(list(out.glob("*.xml"))) >= AHEAD:
                time.sleep(0.1)
            part = out / f".{lot}.part"
            with part.open("wb") as file:
                file.writelines(itmatt(LOT, lot, day=day, sender="FRA", reference=f"ITM{lot:011}"))
            part.rename(out / f"{lot:04}.xml")


class Customs(threading.Thread):
    """Takes what is there, counts it, answers the first ones."""

    def __init__(self, site: Site, answered: int) -> None:
        super().__init__(daemon=True)
        self.answered = answered
        self.inbox, self.out = site.folder / "customs/in", site.folder / "customs/out"
        self.seen: Counter[str] = Counter()
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.2):
            self.take()

    def take(self) -> None:
        with os.scandir(self.inbox) as found:
            for entry in found:
                if not entry.name.startswith("."):
                    lrn = entry.name.removesuffix(".xml")
                    Path(entry.path).unlink()
                    self.seen[lrn] += 1
                    if len(self.seen) <= self.answered:
                        issued = f"{datetime.now(UTC):%Y%m%d%H%M%SZ}"
                        (self.out / f".{lrn}").write_text(response("01", lrn, issued=issued))
                        (self.out / f".{lrn}").rename(self.out / entry.name)


HELD = """
select count(*) from item where state = 'held'
and exists (select 1 from finding where subject = item.id and code = 'RTE125')
"""


def held(site: Site) -> int:
    """Parcels under a number that came before with other goods: of a million random numbers some are the same."""
    return int(sum(count for (count,) in Books(site.folder / "config/gateway.yaml").ask(HELD)))


def watch(
    site: Site, daemon: subprocess.Popen[bytes], customs: Customs, items: int
) -> Iterator[tuple[int, float, int]]:
    """Items at customs, seconds, and resident bytes of the tree: at every tenth of the way."""
    began, most, step = time.monotonic(), 0, max(1, items // 10)
    due = step
    while len(customs.seen) + held(site) < items:
        assert daemon.poll() is None, "the daemon ended"
        most = max(most, sum(map(resident, tree(daemon.pid))))
        if len(customs.seen) >= due:
            yield len(customs.seen), time.monotonic() - began, most
            due, most = due + step, 0
        time.sleep(0.5)
    yield len(customs.seen), time.monotonic() - began, most


def searched(site: Site, customs: Customs) -> Iterator[tuple[str, float, float, float]]:
    """Kind of key; best, median and worst milliseconds of a search in an open journal."""
    chance = random.Random(7)
    config = site.folder / "config/gateway.yaml"
    numbers = Books(config).ask("select value from identifier where kind = 's10' order by value limit 1000000")
    lrns = list(customs.seen)
    keys = {
        "S10": [chance.choice(numbers)[0] for _ in range(KEYS)],
        "MRN": [mrn_of(lrn) for lrn in lrns[:KEYS]],
        "LRN": chance.sample(lrns, KEYS),
        "house number": [f"HAWB-{chance.randrange(LOT):07}" for _ in range(KEYS)],
        "order": [f"ORD-{chance.randrange(LOT):07}" for _ in range(KEYS)],
        "S10, first letters and digits": [f"{chance.choice(numbers)[0][:9]}*" for _ in range(KEYS)],
    }
    with site.gate() as gate:
        yield "any, the first of the process", *_timed(gate, lrns[-1:])
        for kind, wanted in keys.items():
            yield kind, *_timed(gate, wanted)


def _timed(gate, wanted: Sequence[str]) -> tuple[float, float, float]:
    took = []
    for one in wanted:
        began = time.perf_counter()
        with gate.journal.read() as conn:
            assert find(conn, one), one
        took.append((time.perf_counter() - began) * 1000)
    return min(took), median(took), max(took)


def commanded(site: Site, text: str) -> float:
    """Wall milliseconds of the whole command, best of 5."""
    call, best = command(site.folder / "config/gateway.yaml", "items", "search", text), 1e9
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(call, check=True, capture_output=True)
        best = min(best, time.perf_counter() - began)
    return best * 1000


def prepared(folder: Path, workers: int) -> Site:
    site = Site(folder)
    site.partner("example-forwarder", FORWARDER)
    routes, config = site.folder / "config/routes.yaml", site.folder / "config/gateway.yaml"
    routes.write_text(ROUTE + routes.read_text())
    config.write_text(config.read_text().replace("workers: 1", f"workers: {workers}"))
    return site


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--answered", type=int, default=2_000, help="so many of them by customs: of the first ones")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="below which everything is made; a temporary one if none is given")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        return run(prepared(Path(folder), given.workers), given.items, given.answered)


def run(site: Site, items: int, answered: int) -> int:
    customs, config = Customs(site, answered), site.folder / "config/gateway.yaml"
    Post(site, items).start()
    customs.start()
    with (site.folder / "run.log").open("wb") as log:
        daemon = subprocess.Popen(command(config, "run"), stdout=log, stderr=log)
        try:
            for done, seconds, most in watch(site, daemon, customs, items):
                print(f"{done:>9,} at customs after {seconds:7,.0f} s, {done / seconds:6,.0f} items/s, "
                      f"{most / 1e6:6.1f} MB in the tree", flush=True)  # fmt: skip
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(120)
    customs.ended.set()
    return told(site, customs, items)


def told(site: Site, customs: Customs, items: int) -> int:
    doubled = sum(times - 1 for times in customs.seen.values())
    state = site.folder / "state"
    size = sum(file.stat().st_size for file in state.glob("journal.sqlite*"))
    spool = sum(file.stat().st_size for file in state.glob("spool/**/*") if file.is_file())
    asked = held(site)
    missing = items - len(customs.seen) - asked
    print(f"declarations: {len(customs.seen):,}, held for a person: {asked}, doubled {doubled}, missing {missing}")
    print(f"journal {size / 1e6:,.0f} MB ({size / items:,.0f} bytes an item), spool {spool / 1e6:,.0f} MB")
    balance = subprocess.run(command(site.folder / "config/gateway.yaml", "balance"), capture_output=True, check=False)
    print(f"gateway balance: exit {balance.returncode}")
    for kind, best, middle, worst in searched(site, customs):
        print(f"search by {kind:<30} best {best:6.2f} ms, median {middle:6.2f} ms, worst {worst:6.2f} ms")
    print(f"`gateway items search HAWB-0000007`: {commanded(site, 'HAWB-0000007'):,.0f} ms with start-up, best of 5")
    return int(bool(doubled or missing or balance.returncode or re.search(r"core\.bug|mover\.bug", _log(site))))


def _log(site: Site) -> str:
    return (site.folder / "run.log").read_text(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
