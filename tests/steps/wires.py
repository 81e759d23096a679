"""Lines that misbehave: a partner's folder with one call that goes wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gateway.findings.errors import RemoteChanged


class Odd:
    """A line on which some calls are answered by the test: `fetch=lambda whole, path, size: …`."""

    def __init__(self, wire: Any, **calls: Callable[..., Any]) -> None:
        self._wire, self._calls = wire, calls

    def __getattr__(self, name: str) -> Any:
        if name == "talks" and self._calls:
            raise AttributeError(name)  # then they are made of the calls here
        whole = getattr(self._wire, name)
        if name not in self._calls:
            return whole
        return lambda *given, **named: self._calls[name](whole, *given, **named)


def cut_short(folder: Path, kept: int) -> Callable[..., Iterator[bytes]]:
    """A fetch that gives so many bytes, then breaks off; the partner of this folder deletes what is opened."""

    def fetch(whole: Callable[..., Any], path: bytes, size: int) -> Iterator[bytes]:
        data = b"".join(whole(path, size))
        (folder / path.decode()).unlink()
        yield data[:kept]
        raise RemoteChanged

    return fetch


def failing(ending: bytes, fault: type[Exception]) -> Callable[..., Any]:
    """A fetch that fails for paths that end so; the others come."""

    def fetch(whole: Callable[..., Any], path: bytes, size: int) -> Any:
        if path.endswith(ending):
            raise fault
        return whole(path, size)

    return fetch
