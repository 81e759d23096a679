"""Official schemas into an overlay folder and out of it: files as published, one row of the index a format.

A set of files is kept once, in a folder named by what it holds; several formats may begin with one of them. The index
is written last and in one move, so that whoever reads it finds the files it speaks of.
"""

import csv
import hashlib
import io
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from gateway.findings.failpoint import effect
from gateway.mapping.editions import FOLDER, INDEX, Edition, editions

NAMED = 12  # hexadecimal digits that name a set


def folder_name(files: Mapping[str, bytes]) -> str:
    """The name of the folder of a set: by the names and contents of its files."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return digest.hexdigest()[:NAMED]


def install(overlay: Path, new: Sequence[Edition], files: Mapping[str, bytes]) -> None:
    """Keep the files and write the rows; one of the same format and first day is replaced. Raises: OSError."""
    _keep(overlay / FOLDER / new[0].folder, files)
    taken = {(one.format, one.valid_from) for one in new}
    others = [one for one in editions(overlay) if (one.format, one.valid_from) not in taken]
    _index(overlay, [*others, *new])


def remove(overlay: Path, gone: Sequence[Edition]) -> None:
    """Take rows out, then the files that no row speaks of any more."""
    left = [one for one in editions(overlay) if one not in gone]
    _index(overlay, left)
    for folder in {one.folder for one in gone if one.apart} - {one.folder for one in left}:
        _drop(overlay / FOLDER / folder)


def _keep(folder: Path, files: Mapping[str, bytes]) -> None:
    if folder.is_dir():
        return
    draft = folder.with_name(f".{os.getpid()}.part")
    _drop(draft)
    try:
        for name, data in files.items():
            place = draft / name
            with effect("schemas.write"):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
        with effect("schemas.keep"):
            draft.rename(folder)
    except OSError:
        _drop(draft)
        raise


def _drop(folder: Path) -> None:
    with effect("schemas.drop"):
        shutil.rmtree(folder, ignore_errors=True)


def _index(overlay: Path, rows: Sequence[Edition]) -> None:
    out = io.StringIO()
    write = csv.DictWriter(out, Edition.__struct_fields__, lineterminator="\n")
    write.writeheader()
    write.writerows(msgspec.to_builtins(one) for one in sorted(rows, key=lambda one: (one.format, one.valid_from)))
    index = overlay / FOLDER / INDEX
    draft = index.with_name(f".{index.name}")
    with effect("schemas.draft"):
        draft.write_text(out.getvalue(), encoding="utf-8")
    with effect("schemas.index"):
        draft.rename(index)
