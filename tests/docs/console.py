"""Pages whose examples run: files and commands in fenced blocks, what is said compared with what the page says.

A block whose first line names a file (```` ```yaml tables/post/parcels.yaml ````) is that file; a ```` ```console ````
block holds commands after `$ ` with what they say below. `…` at the end of a line stands for its rest, a line that is
only `…` for any lines. `python -m tests.docs.console PAGE…` writes what is said now into the pages.
"""

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from gateway.cli.main import gateway
from gateway.steps.working import translation

FENCE = re.compile(r"^```(\w*)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY = "…"


class Block(NamedTuple):
    """One fenced block and where its content stands in the page."""

    language: str
    file: str
    content: str
    start: int
    end: int


class Turn(NamedTuple):
    """One command and what the page says that it says."""

    command: str
    said: str


def blocks(page: str) -> Iterator[Block]:
    for found in FENCE.finditer(page):
        yield Block(found[1], found[2] or "", found[3], found.start(3), found.end(3))


def turns(content: str) -> list[Turn]:
    first, *parts = re.split(r"^\$ ", content, flags=re.MULTILINE)
    assert not first.strip(), "a console block begins with a command"
    return [Turn(command, said) for command, _, said in (part.partition("\n") for part in parts)]


def run(command: str) -> str:
    """What a command says, on both channels in order."""
    words = shlex.split(command)
    if words[0] == "gateway":  # in this process, which must not remember the tables of the command before
        translation.registry_for.cache_clear()
        translation._translator.cache_clear()
        done = CliRunner().invoke(gateway, words[1:])
        assert done.exception is None or isinstance(done.exception, SystemExit), (command, done.exception)
        return tidy(done.output)
    if words[0] == "cat":
        return tidy(Path(words[1]).read_text(encoding="utf-8"))
    raise AssertionError(command)


def tidy(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


def same(said: str, wanted: str) -> bool:
    """Whether a page says what is said, but for what it leaves out."""
    parts = [re.escape(line) for line in wanted.strip("\n").splitlines()]
    pattern = "\n".join("(?:.*\n)*?.*" if part == ANY else part.replace(ANY, ".*") for part in parts)
    return re.fullmatch(pattern, said.strip("\n")) is not None


def played(page: str) -> Iterator[tuple[Block, Turn, str]]:
    """Every command of a page with what it says now; files are written as the page goes on."""
    for block in blocks(page):
        if block.file:
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(block.content, encoding="utf-8")
        if block.language == "console":
            for turn in turns(block.content):
                yield block, turn, run(turn.command)


def updated(page: str) -> str:
    """The page with what is said now, where it differs."""
    fresh: dict[int, tuple[Block, str]] = {}
    for block, turn, said in played(page):
        _, so_far = fresh.get(block.start, (block, ""))
        kept = turn.said if turn.said.strip() and same(said, turn.said) else said + "\n"
        fresh[block.start] = (block, so_far + f"$ {turn.command}\n{kept}")
    for block, content in sorted(fresh.values(), key=lambda one: -one[0].start):
        page = page[: block.start] + content.rstrip("\n") + "\n" + page[block.end :]
    return page


def main() -> None:
    for name in sys.argv[1:]:
        path = Path(name).resolve()
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            path.write_text(updated(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    main()
