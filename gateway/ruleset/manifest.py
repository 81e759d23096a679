"""The list of everything that decides how a file is read and written, and the hash that names it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

import gateway
from gateway.mapping import editions

DATA = frozenset({".yaml", ".csv"})


class Manifest(msgspec.Struct, frozen=True):
    """Version of the package (checks and converters are its code), SHA-256 of each data file and of the settings.

    File names are `<number of the root>/<path below it>`: an overlay stands before what is shipped.
    """

    package: str
    files: dict[str, str]
    settings: str

    @property
    def hash(self) -> str:
        """32 hexadecimal digits."""
        return hashlib.sha256(self.encoded()).hexdigest()[:32]

    def encoded(self) -> bytes:
        return msgspec.json.encode(self, order="sorted")


def survey(roots: Sequence[Path], settings: bytes) -> Manifest:
    """The manifest of what lies in the mapping folders now."""
    files = {name: sha256(path) for name, path in data_files(roots)}
    return Manifest(gateway.__version__, files, hashlib.sha256(settings).hexdigest())


def data_files(roots: Sequence[Path]) -> list[tuple[str, Path]]:
    """Every data file that can decide something; golden cases decide nothing."""
    return [
        (f"{number}/{below.as_posix()}", path)
        for number, root in enumerate(roots)
        for path in sorted(root.rglob("*"))
        if _decides(below := path.relative_to(root)) and path.is_file()
    ]


def _decides(below: Path) -> bool:
    """Tables, lists, and all of the official schemas; a set that is only being installed has a hidden name."""
    if below.parts[0] == editions.FOLDER:
        return not any(part.startswith(".") for part in below.parts)
    return below.suffix in DATA and "cases" not in below.parts


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
