"""What a schema is made of: the files given, followed from the one it begins with."""

import zipfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from gateway.cli.report import Report
from gateway.cli.schemas.given import given
from gateway.findings import Finding, Position
from gateway.mapping.protocols import Validator


def gathered(report: Report, path: Path, validator: Validator, root: str) -> tuple[Mapping[str, bytes], str]:
    """The files of a schema that loads and the one it begins with; of another nothing, and why is said."""
    folder = path if path.is_dir() or zipfile.is_zipfile(path) else path.parent
    files, findings = given(path, validator.schema_suffix)
    begun, more = _beginning(path, files, root or ("" if folder == path else path.name), validator)
    used: tuple[str, ...] = ()
    if begun:
        made = validator.compiled(files, begun)
        used, more = made.used, made.findings
    for one in (found := (*findings, *more)):
        report.finding(_placed(one, path, folder), partial(_line, folder, files))
    sound = not any(one.severity == "error" for one in found)
    return {name: files[name] for name in used if sound}, begun


def _beginning(
    path: Path, files: Mapping[str, bytes], root: str, validator: Validator
) -> tuple[str, Sequence[Finding]]:
    """The schema that is named, else the only one that no other names."""
    if not files:
        return "", ()
    if root in files:
        return root, ()
    if root:
        return "", [Finding("CFG132", values={"location": root}, source=Position(str(path)))]
    names = validator.beginnings(files)
    if len(names) == 1:
        return names[0], ()
    return "", [Finding("CFG135", values={"names": ", ".join(names or files)}, source=Position(str(path)))]


def _placed(one: Finding, path: Path, folder: Path) -> Finding:
    """With the file as the person knows it: below what was given."""
    here = one.source or Position()
    file = here.file if here.file == str(path) else str(folder / here.file)
    return msgspec.structs.replace(one, source=msgspec.structs.replace(here, file=file))


def _line(folder: Path, files: Mapping[str, bytes], place: Position) -> str | None:
    data = files.get(place.file.removeprefix(f"{folder}/"))
    lines: Sequence[str] = data.decode("utf-8", "replace").splitlines() if data else ()
    return lines[place.line - 1] if place.line and place.line <= len(lines) else None
