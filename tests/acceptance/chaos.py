"""Kill the daemon, again and again, while files come in and answers go out; then count at the partners.

Each life of the daemon ends by SIGKILL: at a named step (`GATEWAY_FAILPOINT`) or after a while. What is checked comes
from three places only: what was put in, the administration's append-only log of bytes received, and `gateway balance`.

    python -m tests.acceptance.chaos --kills 100 --seed 7
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from gateway.demo import corpus
from gateway.demo.scene import Scene
from tests.crash.points import points

STEPS = [
    name for name in points() if name.startswith(("pickup", "intake", "translate", "assemble", "deliver", "answer"))
]
ITEM = re.compile(rb"<ID>([A-Z]{2}\d{9}[A-Z]{2})</ID>")
ANSWER = re.compile(r"<item>\s*<item-id>(\w+)</item-id>.*?<decision>(\w+)</decision>.*?</item>", re.DOTALL)
CALM = """
import sys, pathlib, gateway.runner.local as local
sys.exit(", ".join(local.run(pathlib.Path(sys.argv[1]), until_quiet=True).unreachable) or None)
"""
TOLD = {"rejected", "controlled", "released", "cleared", "taxed"}


@dataclass
class Storm:
    """What happened and what was counted."""

    steps: Counter = field(default_factory=Counter)
    sent_in: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    told_twice: list[str] = field(default_factory=list)
    balance: int = -1

    @property
    def clean(self) -> bool:
        return not (self.lost or self.twice or self.untold or self.told_twice or self.balance)


def storm(folder: Path, kills: int, seed: int, items: int = 25, say=print) -> Storm:
    """Run the storm below `folder`; every second life gets a new file."""
    chance, result = random.Random(seed), Storm()
    with Scene(folder, seed) as scene:
        for life in range(kills):
            if life % 2 == 0:
                feed(scene, seed * 1000 + life, items, result)
            step, how = one_life(scene, chance, life, folder)
            result.steps[step] += 1
            say(f"{life + 1:>4}  {how:<10} {step}")
        calm(scene)
        count(scene, result)
        result.balance = gateway(scene, "balance").returncode
    return result


def feed(scene: Scene, seed: int, items: int, result: Storm) -> None:
    data = b"".join(corpus.itmatt(items, seed, day=datetime.now(UTC).date(), sender="FRA", reference=f"ITM{seed:011}"))
    result.sent_in.update(re.findall(r"<item-id>(\w+)</item-id>", data.decode()))
    scene.post.publish(f"ITMATT_{seed}.xml", data)


def one_life(scene: Scene, chance: random.Random, life: int, folder: Path) -> tuple[str, str]:
    """Start the daemon and end it by SIGKILL; returns the last step it passed."""
    log = folder / f"steps-{life}.log"
    point = f"{chance.choice(STEPS)}:{chance.randint(1, 4)}" if chance.random() < 0.7 else ""
    env = {**os.environ, "GATEWAY_FAILPOINT_LOG": str(log), "GATEWAY_FAILPOINT": point}
    said = folder / f"run-{life}.log"
    with said.open("wb") as err, subprocess.Popen(command(scene, "run"), env=env, stdout=err, stderr=err) as daemon:
        try:
            daemon.wait(6 if point else chance.uniform(1.0, 4.0))
            how = "at step"
        except subprocess.TimeoutExpired:
            daemon.kill()
            how = "by time"
        assert daemon.wait() == -signal.SIGKILL, said.read_text()[-2000:]
    passed = log.read_text().splitlines() if log.exists() else []
    return (passed[-1] if passed else "start-up"), how


def calm(scene: Scene) -> None:
    """Undisturbed lives until nothing is left to do and every partner was reached."""
    for _ in range(3):
        call = [sys.executable, "-c", CALM, str(scene.settings)]
        done = subprocess.run(call, capture_output=True, check=False, timeout=600)
        if done.returncode == 0:
            return
    raise AssertionError(done.stderr.decode()[-2000:])


def count(scene: Scene, result: Storm) -> None:
    """From the outside: every item at customs once, every answer that is due at the post once."""
    filed = Counter(
        found[1].decode() for receipt in scene.customs.receipts() if (found := ITEM.search(scene.customs.read(receipt)))
    )
    result.lost = sorted(result.sent_in - set(filed))
    result.twice = sorted(item for item, times in filed.items() if times > 1)
    told = Counter(pair for file in scene.post.files() for pair in ANSWER.findall(file.read_text()))
    result.told_twice = sorted(f"{item} {code}" for (item, code), times in told.items() if times > 1)
    by_lrn = {re.search(rb"<FunctionalReferenceID>(\w+)<", data)[1].decode(): ITEM.search(data)[1].decode()
              for data in map(scene.customs.read, scene.customs.receipts())}  # fmt: skip
    due = Counter(by_lrn[reply.lrn] for reply in scene.customs.replies() if reply.say in TOLD)
    answered = Counter(item for item, _ in told.elements())
    result.untold = sorted(item for item, times in due.items() if answered[item] < times)


def gateway(scene: Scene, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(command(scene, *words), capture_output=True, text=True, check=False)


def command(scene: Scene, *words: str) -> list[str]:
    return [sys.executable, "-m", "gateway", *words, "--config", str(scene.settings)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--items", type=int, default=25)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = storm(Path(folder) / "scene", given.kills, given.seed, given.items)
    print(
        f"\n{given.kills} kills at {len(result.steps)} different steps, seed {given.seed}: "
        f"{len(result.sent_in)} items put in"
    )
    for name in ("lost", "twice", "untold", "told_twice"):
        print(f"{name.replace('_', ' ')}: {len(getattr(result, name))} {getattr(result, name)[:5]}")
    print(f"gateway balance: exit {result.balance}")
    return 0 if result.clean else 1


if __name__ == "__main__":
    sys.exit(main())
