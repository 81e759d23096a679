"""What is done with a file at the partner once its bytes are ours. Repeatable: not there means done."""

from gateway.findings.errors import NameClash
from gateway.settings.values import Tidy
from gateway.transport.line import Line
from gateway.transport.names import join

COPIES = 1000


def tidy(line: Line, rule: Tidy, directory: str, name: bytes) -> bool:
    """False when it was not there any more. Raises: RemotePathMissing where a right or the other folder is missing."""
    path = join(directory, name)
    match rule.kind:
        case "none":
            return line.lstat(path) is not None
        case "delete":
            return line.remove(path)
        case "move":
            return _aside(line, path, rule.directory, name)


def _aside(line: Line, path: bytes, directory: str, name: bytes) -> bool:
    """Names are used again by partners; what lies there already is kept beside."""
    for copy in range(1, COPIES):
        try:
            return line.move(path, join(directory, name if copy == 1 else b"%s.%d" % (name, copy)))
        except NameClash:
            continue
    raise NameClash
