"""How a command ends: exit code, and the error in the form the caller asked for.

Codes grow and never change meaning; an unknown one is a failure.
"""

import errno
import logging
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import click
import msgspec

from gateway.findings import errors
from gateway.findings.render import printable

DONE, FINDINGS, USAGE, CONFIGURATION, UNREACHABLE, LOCKED, INTERNAL = range(7)
STOPPED = 130  # by Ctrl-C: what a shell expects, 128 + SIGINT

# The first class that fits decides.
_CODES: tuple[tuple[type[Exception], int], ...] = (
    (errors.StateLocked, LOCKED),
    (errors.ConfigurationInvalid, CONFIGURATION),
    (errors.MappingInvalid, CONFIGURATION),
    (errors.CredentialMissing, CONFIGURATION),
    (errors.SpoolSealed, CONFIGURATION),
    (errors.KeyUnusable, CONFIGURATION),
    (errors.ReceiverFault, UNREACHABLE),
    (errors.LoginRefused, UNREACHABLE),
    (errors.SenderFault, FINDINGS),
    (errors.BackupUnusable, FINDINGS),
)
STATE: ContextVar[Path | None] = ContextVar("state", default=None)
"""The state folder of the configuration this command has read: what fails there is no mistake in an argument."""
_OF_THE_MACHINE = frozenset((errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EIO))
_HINTS = {
    LOCKED: "leave it to its work, or stop it first",
    INTERNAL: "`gateway doctor` looks at the disk, the journal and the spool",
}
_SILENT = logging.NullHandler()


class Fault(msgspec.Struct, frozen=True):
    """The `error` of the JSON envelope."""

    type: str
    message: str
    exit_code: int
    retryable: bool = False
    hint: str = ""


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Run a command and turn whatever happens into an exit code.

    What libraries log is for the daemon, which says where it goes: elsewhere it would be tracebacks on stderr, with
    what a server said in them.
    """
    logging.getLogger().addHandler(_SILENT)
    STATE.set(None)
    as_json = "--json" in arguments
    try:
        result = command.main(list(arguments), standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except Exception as error:  # noqa: BLE001  # the one place: a bug of ours must not quote a declaration
        return tell(fault_of(error), as_json=as_json)
    return result if isinstance(result, int) else DONE


def readable(parameters: Iterable[Any]) -> None:
    """Whether what was typed is text; paths may be any bytes. Raises: UsageError."""
    for value in parameters:
        if isinstance(value, tuple):
            readable(value)
        elif isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
            raise click.UsageError(f"{value} is not UTF-8", click.get_current_context(silent=True))


def fault_of(error: Exception) -> Fault:
    kind = type(error).__name__
    if isinstance(error, click.Abort):
        return Fault(kind, "stopped", STOPPED)
    if isinstance(error, click.ClickException):
        context = error.ctx if isinstance(error, click.UsageError) else None
        hint = f"`{context.command_path} --help` shows every option" if context else ""
        return Fault(kind, error.format_message(), USAGE, hint=hint)
    if isinstance(error, errors.GatewayError):
        code = next((code for family, code in _CODES if isinstance(error, family)), INTERNAL)
        return Fault(kind, str(error), code, isinstance(error, errors.Retryable), _HINTS.get(code, ""))
    if isinstance(error, OSError) and error.strerror:
        code = USAGE if _path(error) and not _of_the_machine(error) else INTERNAL
        said = ": ".join(filter(None, (_path(error), error.strerror)))
        return Fault(kind, said, code, hint=_HINTS.get(code, ""))
    return _bug(error)


def _of_the_machine(error: OSError) -> bool:
    """Whether the state folder cannot be used."""
    state = STATE.get()
    return state is not None and error.errno in _OF_THE_MACHINE and Path(_path(error)).is_relative_to(state)


def _path(error: OSError) -> str:
    """The file that could not be opened; empty where the machine is at fault and no name."""
    return os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else ""


def _bug(error: Exception) -> Fault:
    """Type and code lines, never the text: it may quote a parcel."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    return Fault(
        "InternalError", f"{type(error).__name__} at {places}", INTERNAL, hint="this is a bug: please report it"
    )


def envelope(data: Any, findings: Sequence[dict[str, Any]], error: Fault | None = None, *, ok: bool = False) -> bytes:
    """The one JSON form of every answer."""
    whole = {"schema_version": 1, "ok": ok, "data": data, "findings": findings, "error": error}
    try:
        return msgspec.json.encode(whole, enc_hook=str) + b"\n"
    except UnicodeEncodeError:  # a file name that is no UTF-8
        return msgspec.json.encode(_encodable(msgspec.to_builtins(whole, enc_hook=str))) + b"\n"


def harmless(text: str) -> str:
    """Lines that are safe on a terminal, whoever wrote the values and names in them."""
    return "\n".join(printable(line.expandtabs()) for line in text.split("\n"))


def _encodable(data: Any) -> Any:
    if isinstance(data, dict):
        return {_encodable(key): _encodable(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_encodable(one) for one in data]
    return data.encode("utf-8", "backslashreplace").decode() if isinstance(data, str) else data


def tell(fault: Fault, findings: Sequence[dict[str, Any]] = (), *, as_json: bool) -> int:
    """Say why a command could not do its work; gives its exit code."""
    if as_json:
        sys.stdout.buffer.write(envelope({}, findings, fault))
    else:
        click.secho("error: ", fg="red", bold=True, nl=False, err=True)
        click.echo(harmless(fault.message), err=True)
        if fault.hint:
            click.echo(f"   = fix:    {harmless(fault.hint)}", err=True)
    return fault.exit_code
