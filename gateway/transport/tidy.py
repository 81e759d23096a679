"""What is done with a file at the partner once its bytes are ours. Repeatable: not there means done."""

from contextlib import suppress

from gateway.findings.errors import NameClash
from gateway.settings.values import Tidy
from gateway.transport.line import Talks
from gateway.transport.names import join

COPIES = 1000


async def tidy(line: Talks, rule: Tidy, directory: str, name: bytes, *, refuses: bool = False) -> bool:
    """False when it was not there any more. Raises: RemotePathMissing where a right or the other folder is missing.

    `refuses` says that a rename is known to refuse a name that is taken; else it is looked at before.
    """
    path = join(directory, name)
    match rule.kind:
        case "none":
            return await line.lstat(path) is not None
        case "delete":
            return await line.remove(path)
        case "move":
            return await _aside(line, path, rule.directory, name, refuses=refuses)


async def _aside(line: Talks, path: bytes, directory: str, name: bytes, *, refuses: bool) -> bool:
    """Names are used again by partners; what lies there already is kept beside."""
    for copy in range(1, COPIES):
        to = join(directory, name if copy == 1 else b"%s.%d" % (name, copy))
        if not refuses and await line.lstat(to) is not None:
            continue
        with suppress(NameClash):
            return await line.move(path, to)
    raise NameClash
