"""The demonstration from beginning to end: stage, post's message, the gateway until nothing is left to do, numbers."""

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from gateway.demo import corpus
from gateway.demo.scene import CAST, Scene
from gateway.demo.story import rejected
from gateway.demo.tally import Tally, count
from gateway.findings.errors import GatewayFault, Permanent
from gateway.observe.logs import configure
from gateway.runner.gates import load_settings, open_gate
from gateway.runner.local import run

MARK = ".demonstration"
FAULTY = 0.08  # share of items that the corpus spoils, each kind by lot


class FolderTaken(GatewayFault, Permanent):
    """The state folder holds something that is not a demonstration."""


class Played(msgspec.Struct, frozen=True):
    """What a demonstration leaves: the gateway's own numbers, and what its partners say they received."""

    settings: Path
    tally: Tally
    rejected: str
    customs_received: int
    post_received: int


def play(folder: Path, items: int, seed: int, feed: Sequence[Path], say: Callable[[str], None]) -> Played:
    """Run the whole exchange below `folder`; what an earlier demonstration left there is removed."""
    messages = _messages(items, seed, feed)
    _clear(folder)
    with Scene(folder, seed) as scene:
        say(f"two partners listen on this machine: {', '.join(scene.addresses())}")
        for name, data in messages:
            scene.post.publish(name, data)
            say(f"the post publishes {name}, {len(data):,} bytes")
        say(f"the gateway works until nothing is left to do; {folder / 'gateway.log'} says what it does")
        with (folder / "gateway.log").open("a", encoding="utf-8") as log:
            configure(log)
            run(scene.settings, until_quiet=True)
        return _played(scene)


def _messages(items: int, seed: int, feed: Sequence[Path]) -> list[tuple[str, bytes]]:
    if feed:
        return [(file.name, file.read_bytes()) for file in feed]
    made = corpus.itmatt(items, seed, FAULTY, day=datetime.now(UTC).date(), sender=CAST.post.sender)
    return [(f"ITMATT_{seed:07}.xml", b"".join(made))]


def _played(scene: Scene) -> Played:
    with open_gate(load_settings(scene.settings)) as gate, gate.journal.read() as conn:
        tally, lrn = count(conn), rejected(conn)
    return Played(scene.settings, tally, lrn, len(scene.customs.receipts()), sum(scene.post.answers().values()))


def _clear(folder: Path) -> None:
    mark = folder / MARK
    if mark.exists():
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        raise FolderTaken(f"{folder} holds something that is not a demonstration: name another folder with --state")
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
