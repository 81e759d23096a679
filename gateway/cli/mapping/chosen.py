"""The tables a command is asked for: by format, or by file as an editor or a pre-commit hook names them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gateway.mapping.head import Head
    from gateway.mapping.registry import Registry

TABLES = click.argument("tables_named", nargs=-1, metavar="[FORMAT|FILE…]")


def registry_for(names: Sequence[str], tables: tuple[Path, ...]) -> "Registry":
    """The tables within reach. A file that lies below no known folder brings its own."""
    from gateway.mapping.registry import Registry, shipped

    known = [folder.resolve() for folder in (*tables, shipped())]
    own = [_folder(file) for file in files_of(names) if not any(file.is_relative_to(folder) for folder in known)]
    return Registry((*(folder.resolve() for folder in tables), *own))


def _folder(file: Path) -> Path:
    """The folder of tables that a file belongs to: `own/parcel` is `own/parcel.yaml` in it."""
    from gateway.mapping.table import load_head

    name = load_head(file, file.name).text("format")
    whole, suffix = file.as_posix(), f"/{name}.yaml"
    return Path(whole.removesuffix(suffix)) if name and whole.endswith(suffix) else file.parent


def files_of(names: Sequence[str]) -> tuple[Path, ...]:
    """Those of the names that are files. Raises: UsageError for one that is not there."""
    files = tuple(Path(name).resolve() for name in names if name.endswith((".yaml", ".yml")))
    for file in files:
        if not file.is_file():
            raise click.UsageError(f"there is no file {file}")
    return files


def formats_of(names: Sequence[str], registry: "Registry") -> tuple[str, ...]:
    """The formats that names mean; every one where there is no name."""
    files = files_of(names)
    meant = [name for name in names if not name.endswith((".yaml", ".yml"))]
    meant += [head.format for head in registry.heads() if registry.find(head.file).resolve() in files]
    return tuple(dict.fromkeys(meant)) if names else registry.names()


def heads_of(names: Sequence[str], registry: "Registry") -> "Iterator[Head]":
    """The tables that names mean. Where there is no name, those of the first folder.

    Raises: UsageError for a format that is not there.
    """
    files = files_of(names)
    formats = {name for name in names if not name.endswith((".yaml", ".yml"))}
    unknown = formats - set(registry.names())
    if unknown:
        raise click.UsageError(f"there is no table {', '.join(sorted(unknown))}; `gateway formats` lists them")
    for head in registry.heads():
        path = registry.find(head.file)
        first = not names and path.is_relative_to(registry.roots[0])
        if first or head.format in formats or path.resolve() in files:
            yield head
