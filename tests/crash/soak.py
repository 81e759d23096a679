"""Soak: a real daemon with two workers over real SFTP, killed every 0.2 to 2 seconds while files come and answers go.

What is checked comes from three places only: what was put in, the administration's append-only log of the bytes it
received, kept by a process of its own, and `gateway balance`.
"""

import os
import random
import re
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from gateway.demo import corpus
from gateway.demo.scene import Scene
from gateway.findings import failpoint
from gateway.journal import schema
from gateway.runner import local
from gateway.runner.gates import load_settings, open_gate
from tests import postgresql
from tests.acceptance.daemon import ITEM, balanced
from tests.crash.stage import DOUBT

SHORTEST, LONGEST = 0.2, 2.0  # seconds a life lasts
AT_ONCE = 6  # files that come in a life, at most
MORE = 5  # files for which there is another life after the last of them has come
CALM = 5  # lives to the end that may be needed
ANSWER = re.compile(r"<item>\s*<item-id>(\w+)</item-id>.*?<decision>(\w+)</decision>.*?</item>", re.DOTALL)
TOLD = {"rejected", "controlled", "released", "cleared", "taxed"}


@dataclass
class Storm:
    """What happened and what was counted."""

    files: int = 0
    kills: int = 0
    points: Counter[str] = field(default_factory=Counter)
    """The last crash point that each life passed."""
    sent_in: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    doubt: int = 0
    balanced: bool = False

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled) and self.balanced


def main(stores: Sequence[str], files: int, seed: int) -> int:
    storms = [storm(store, files, seed, print) for store in stores]
    total = (
        sum(len(one.lost) for one in storms),
        sum(len(one.doubled) for one in storms),
        sum(o.doubt for o in storms),
    )
    print("lost {}, doubled {}, in doubt {}".format(*total))
    return 0 if all(one.clean for one in storms) else 1


def storm(store: str, files: int, seed: int, say: Callable[[str], object] = lambda _: None) -> Storm:
    """Run a storm of so many files on a store."""
    with (
        tempfile.TemporaryDirectory(prefix="gateway-soak-") as folder,
        postgresql.database() if store == "postgresql" else nullcontext("") as url,
        Scene(Path(folder) / "scene", seed) as scene,
    ):
        if url:
            text = scene.settings.read_text()
            scene.settings.write_text(text.replace("workers: 2", f"workers: 2, journal: '{url}'"))
        result, began = Storm(), time.monotonic()
        _feed(scene, seed, result)
        _run(scene)  # once to the end, here: whatever is forked afterwards has all in memory
        _blow(scene, random.Random(seed), files, result)
        _calm(scene)
        _count(scene, result)
        say(
            f"{store}: {result.files} files, {len(result.sent_in)} parcels, {result.kills} kills "
            f"({len(result.points)} points passed last), {time.monotonic() - began:.0f} s; "
            f"lost {len(result.lost)}, doubled {len(result.doubled)}, in doubt {result.doubt}; "
            f"gateway balance: {'in balance' if result.balanced else 'OUT OF BALANCE'}"
        )
        for what in (*result.lost[:5], *result.doubled[:5]):
            say(f"  {what}")
        return result


def _feed(scene: Scene, seed: int, result: Storm) -> None:
    """One file of one or two parcels."""
    made = corpus.itmatt(1 + seed % 2, seed, day=datetime.now(UTC).date(), sender="FRA", reference=f"ITM{seed:011}")
    data = b"".join(made)
    result.sent_in.update(re.findall(r"<item-id>(\w+)</item-id>", data.decode()))
    result.files += 1
    scene.post.publish(f"ITMATT_{seed}.xml", data)


def _blow(scene: Scene, chance: random.Random, files: int, result: Storm) -> None:
    """Files come, and the daemon dies; it goes on dying for a while when all of them have come."""
    log = scene.folder / "passed"
    left = files // MORE
    while result.files < files or left > 0:
        left -= result.files >= files
        for _ in range(min(chance.randint(0, AT_ONCE), files - result.files)):
            _feed(scene, 1000 + result.files + 1_000_000 * chance.randint(1, 999), result)
        log.unlink(missing_ok=True)
        _life(scene, chance.uniform(SHORTEST, LONGEST), log)
        result.kills += 1
        passed = log.read_text().split() if log.exists() else []
        result.points[passed[-1] if passed else "start"] += 1


def _life(scene: Scene, seconds: float, log: Path) -> None:
    """One life of the daemon: it must not end by itself."""
    while threading.active_count() > 1:
        time.sleep(0.01)  # threads of the run in this process are still on their way out
    child = os.fork()
    if child == 0:
        _live(scene, log)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), (scene.folder / "daemon.log").read_text()[-3000:]


def _live(scene: Scene, log: Path) -> None:
    """The child: never returns."""
    with (scene.folder / "daemon.log").open("ab") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    failpoint.arm(log=str(log))
    try:
        local.run(scene.settings)
    finally:
        os._exit(1)


def _run(scene: Scene) -> tuple[str, ...]:
    return local.run(scene.settings, until_quiet=True).unreachable


def _calm(scene: Scene) -> None:
    """Undisturbed lives until nothing is left to do and every partner was reached."""
    for _ in range(CALM):
        if not _run(scene):
            return
    raise AssertionError("a partner cannot be reached")


def _count(scene: Scene, result: Storm) -> None:
    """From the outside: each parcel at customs once, each answer that is due at the post once."""
    received = [scene.customs.read(receipt) for receipt in scene.customs.receipts()]
    filed = Counter(found[1].decode() for data in received if (found := ITEM.search(data)))
    told = Counter(pair for file in scene.post.files() for pair in ANSWER.findall(file.read_text()))
    by_lrn = {
        re.search(rb"<FunctionalReferenceID>(\w+)<", data)[1].decode(): ITEM.search(data)[1].decode()
        for data in received
    }
    due = Counter(by_lrn[reply.lrn] for reply in scene.customs.replies() if reply.say in TOLD)
    answered = Counter(item for item, _ in told.elements())
    result.lost = sorted(result.sent_in - set(filed)) + sorted(f"answer {i}" for i, n in due.items() if answered[i] < n)
    result.doubled = sorted(item for item, times in filed.items() if times > 1)
    result.doubled += sorted(f"answer {item} {code}" for (item, code), times in told.items() if times > 1)
    result.doubt = _doubt(scene)
    result.balanced = balanced(scene.settings)


def _doubt(scene: Scene) -> int:
    entry = schema.audit.c
    with open_gate(load_settings(scene.settings), create=False) as gate, gate.journal.read() as conn:
        return conn.scalar(select(func.count(entry.subject.distinct())).where(entry.after.in_(DOUBT))) or 0
