"""Small disks for tests, and what goes wrong with them. Root mounts them; who may not, skips."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE, INODES = "24m", 3000
BALLAST = ".ballast"


def mount(*words: object) -> bool:
    return subprocess.run(["mount", *map(str, words)], capture_output=True, check=False).returncode == 0


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """A file system of its own at a folder, with what lay in the folder."""
    before = {path.name for path in place.iterdir()} if place.exists() else set()
    place.mkdir(exist_ok=True)
    if not mount("-t", "tmpfs", "-o", f"size={SIZE},nr_inodes={INODES},mode=700", "gateway-test", place):
        pytest.skip("needs the right to mount (CAP_SYS_ADMIN)")
    try:
        for name in before:
            (place / name).mkdir()
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def until_full(act: Callable[[], object]) -> None:
    with pytest.raises(OSError, match="No space left"):  # noqa: PT012  # as often as it goes well
        while True:
            act()


@contextmanager
def without_bytes(place: Path) -> Iterator[None]:
    """Every byte of the disk is taken."""
    ballast = place / BALLAST
    with ballast.open("wb", buffering=0) as file:
        until_full(lambda: file.write(bytes(4096)))
    yield
    ballast.unlink()


@contextmanager
def without_inodes(place: Path) -> Iterator[None]:
    """No further file can be made; those that are there can grow."""
    numbers = iter(range(INODES))
    folder = place / BALLAST
    folder.mkdir()
    until_full(lambda: (folder / f"{next(numbers)}").touch())  # noqa: PLW0108  # another name each time
    yield
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """As the kernel makes it after an error of the disk. Nobody may have a file open to write."""
    assert mount("-o", "remount,ro", place)
    yield
    assert mount("-o", "remount,rw", place)


TROUBLES = {"without bytes": without_bytes, "without inodes": without_inodes, "read-only": read_only}
