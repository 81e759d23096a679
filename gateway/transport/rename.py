"""A rename that is one act and overwrites nothing: `renameat2` with `RENAME_NOREPLACE` (Linux 3.15, rename(2)).

A link and a removal are two acts: whoever is killed between them leaves both names, and where the partner takes the
new one at once, the old one looks like a file that was never published. Python has no name for this call.
"""

import ctypes
import errno
import os
from collections.abc import Callable
from pathlib import Path

HERE = -100  # AT_FDCWD
NOREPLACE = 1
NOT_KNOWN = (errno.EINVAL, errno.ENOSYS)  # to this file system (NFS), to this kernel


def _kernels() -> Callable[..., int] | None:
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):  # another system, an older library
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return call


_renameat2 = _kernels()


def rename_new(path: Path, to: Path) -> None:
    """Rename to a name that is free. Where no such call is known we look first: one act still, for one writer a name.

    Raises: FileExistsError where the name is taken; OSError.
    """
    number = _refusal(path, to)
    if number in NOT_KNOWN:
        if not os.path.lexists(to):
            path.rename(to)
            return
        number = errno.EEXIST
    if number:
        raise OSError(number, os.strerror(number), str(path), None, str(to))


def _refusal(path: Path, to: Path) -> int:
    """Try it; nothing, or the number of the error."""
    if _renameat2 is None:
        return errno.ENOSYS
    failed = _renameat2(HERE, os.fsencode(path), HERE, os.fsencode(to), NOREPLACE)
    return ctypes.get_errno() if failed else 0
