"""A process that has everything loaded and lets a child of its own read each file, within limits of memory and time.

Reads lines `format<TAB>file` on its input; says one line of JSON for each: how the child ended, what it took, what it
said. A child that is killed by a limit ends by a signal, and the others are not touched.
"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

MEMORY = 1_500_000_000  # bytes of address space
SECONDS = 60  # of processor time: many times what any of them takes


class Judge:
    """The process, from the outside."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0

    def __enter__(self) -> Self:
        call = [sys.executable, "-m", "tests.hostile.judge", str(self.folder)]
        self.process = subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.communicate()

    def read(self, format_name: str, data: bytes) -> dict[str, Any]:
        self.count += 1
        file = self.folder / f"{self.count}.bin"
        file.write_bytes(data)
        self.process.stdin.write(f"{format_name}\t{file}\n")
        self.process.stdin.flush()
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        file.unlink()
        return said


def child(format_name: str, file: str, out: Path, err: Path) -> None:
    """Read one file as `gateway check` does, and end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for stream, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    from gateway.cli.main import main

    code: object = 0
    sys.argv[1:] = ["check", file, "--as", format_name, "--json"]
    try:
        main()
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 99)


def judged(format_name: str, file: str, folder: Path) -> dict[str, Any]:
    out, err = folder / "out", folder / "err"
    pid = os.fork()
    if not pid:
        try:
            child(format_name, file, out, err)
        finally:
            os._exit(98)
    _, status, used = os.wait4(pid, 0)
    said = out.read_text(errors="surrogateescape")
    return {
        "code": os.waitstatus_to_exitcode(status),
        "megabytes": used.ru_maxrss // 1000,
        "out": said[:2_000_000],
        "err": err.read_text(errors="surrogateescape")[:20_000],
    }


def main() -> None:
    import lxml.etree
    import python_calamine

    import gateway.cli.check
    import gateway.cli.translate

    assert lxml.etree and python_calamine and gateway.cli.check and gateway.cli.translate
    for line in sys.stdin:
        format_name, file = line.rstrip("\n").split("\t")
        print(json.dumps(judged(format_name, file, Path(sys.argv[1]))), flush=True)


if __name__ == "__main__":
    main()
