"""The files that a person gives: one schema, a folder or a ZIP archive, as bytes by their path in it.

Nothing is unpacked on the way: an archive cannot write beside, a link cannot lead out of its folder.
"""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from gateway.findings import Finding, Position
from gateway.findings.archives import UNREADABLE

MOST = 50_000_000  # bytes of all files together
FILES = 5_000


def given(path: Path, suffix: str) -> tuple[dict[str, bytes], list[Finding]]:
    """Every file of the suffix, and what is wrong with the whole: something outside, too much, nothing."""
    try:
        return _all(_zipped(path, suffix) if zipfile.is_zipfile(path) else _below(path, suffix), path)
    except UNREADABLE as error:
        return {}, [_fault("CFG130", path, problem=f"the archive cannot be read: {error}")]


def _all(found: Iterable[tuple[str, bytes | None]], path: Path) -> tuple[dict[str, bytes], list[Finding]]:
    """The files that were found, within the limits."""
    files: dict[str, bytes] = {}
    outside: list[Finding] = []
    for name, data in found:
        if data is None:
            outside.append(_fault("CFG131", path, location=name))
        else:
            files[name] = data
        if len(files) > FILES or sum(map(len, files.values())) > MOST:
            return {}, [_fault("CFG137", path, limit=f"{FILES:,} files or {MOST // 1_000_000} MB")]
    if not files and not outside:
        outside.append(_fault("CFG136", path, path=path.name))
    return files, outside


def _fault(code: str, file: Path, **values: str) -> Finding:
    return Finding(code, values=values, source=Position(str(file)))


def _below(path: Path, suffix: str) -> Iterator[tuple[str, bytes | None]]:
    """The files of a folder; of a single file, those beside it, for it may name them."""
    folder = (path if path.is_dir() else path.parent).resolve()
    for file in sorted(folder.rglob("*")):
        if file.suffix.casefold() == suffix and file.is_file():
            inside = file.resolve().is_relative_to(folder)
            yield file.relative_to(folder).as_posix(), file.read_bytes() if inside else None


def _zipped(path: Path, suffix: str) -> Iterator[tuple[str, bytes | None]]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            name = PurePosixPath(entry.filename.replace("\\", "/"))
            if name.suffix.casefold() != suffix or entry.is_dir():
                continue
            if name.is_absolute() or ".." in name.parts:
                yield entry.filename, None
            else:
                with archive.open(entry) as stream:
                    yield name.as_posix(), stream.read(MOST + 1)
