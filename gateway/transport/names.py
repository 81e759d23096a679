r"""Names at the partner: theirs are data, ours are checked.

Their names are bytes: matched as decoded text, used unchanged in requests, shown escaped, never part of a local path.

>>> matches(b"ITMATT_1.xml", "*.xml"), matches(b"../a.xml", "*.xml")
(True, False)
>>> shown(b"lat-\xe9\n.xml")
'lat-\\udce9\\n.xml'
>>> temp_name("CUSRSP_7.xml", "GW1", "k3j9")
'.CUSRSP_7.xml.GW1-k3j9.part'
"""

import re
import secrets
from fnmatch import fnmatchcase

from gateway.findings.errors import NameNotAllowed
from gateway.transport.packets import PathLike

SHOWN_LENGTH = 120
TEMP = ".part"
WITHDRAWN = ".void"
_OURS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


def decoded(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def encoded(name: PathLike) -> bytes:
    return name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")


def shown(name: PathLike) -> str:
    """For people: controls, line separators, bidirectional and zero-width characters and stray bytes are escaped."""
    text = name if isinstance(name, str) else decoded(name)
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)[
        :SHOWN_LENGTH
    ]


def is_plain(name: bytes) -> bool:
    """One name, not a path: a server may list anything."""
    return name not in (b"", b".", b"..") and b"/" not in name and b"\0" not in name


def matches(name: bytes, pattern: str) -> bool:
    """Does a listed name fit a pattern such as `*.xml`? Hidden names only where the pattern begins with a dot."""
    hidden = name.startswith(b".") and not pattern.startswith(".")
    return is_plain(name) and not hidden and fnmatchcase(decoded(name), pattern)


def join(directory: PathLike, name: PathLike) -> bytes:
    """The path of a listed name. Raises: NameNotAllowed for a name that is a path itself."""
    folder, last = encoded(directory), encoded(name)
    if not is_plain(last):
        raise NameNotAllowed
    return last if folder in (b"", b".") else folder.rstrip(b"/") + b"/" + last


def below(base: bytes, path: PathLike) -> bytes:
    """A path of the configuration or of `join`, below the target's own path."""
    given = encoded(path)
    if not base or given.startswith(b"/"):
        return given
    return base if given in (b"", b".") else base.rstrip(b"/") + b"/" + given


def created(name: str) -> str:
    """A name we give to a file at a partner. Raises: NameNotAllowed."""
    if not _OURS.fullmatch(name):
        raise NameNotAllowed
    return name


def temp_name(final: str, gateway: str, token: str) -> str:
    """Hidden, beside the final name, ours by the gateway's id: what a janitor may remove."""
    return f".{created(final)}.{created(gateway)}-{created(token)}{TEMP}"


def token(mark: str = "") -> str:
    """What makes a temporary name ours alone; a mark before it tells how the file is published."""
    return mark + secrets.token_hex(4)


def mark_of(name: PathLike) -> str:
    """The mark in a temporary name.

    >>> mark_of(".CUSRSP_7.xml.GW1-hdeadbeef.part"), mark_of(".CUSRSP_7.xml.GW1-deadbeef.part")
    ('h', '')
    """
    found = re.search(r"-([g-z]*)\w{8}\.part$", decoded(encoded(name)))
    return found[1] if found else ""


def is_temp(name: bytes, gateway: str) -> bool:
    return bool(re.fullmatch(rf"\..+\.{re.escape(gateway)}-\w+({TEMP}|{WITHDRAWN})", decoded(name), re.ASCII))
