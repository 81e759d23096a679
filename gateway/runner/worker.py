"""A worker process: jobs in, outcomes out, nothing else; no journal, no connection. Killing it loses nothing."""

import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

import msgspec

from gateway.steps.working.outcome import BatchDone, BundleDone, Done, GroupDone, Job, WriteDone


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """A job that met a bug of ours. `where` names type and code lines, never the text: it may quote a parcel."""

    where: str


ENCODER = msgspec.msgpack.Encoder()
JOBS: msgspec.msgpack.Decoder[Job] = msgspec.msgpack.Decoder(Job)
RESULTS: msgspec.msgpack.Decoder[Done | Broken] = msgspec.msgpack.Decoder(
    BatchDone | BundleDone | WriteDone | GroupDone | Broken
)


def work(line: Connection) -> None:
    """Answer every job on the line until it closes. A terminal's Ctrl-C and hang-up are the parent's business."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    from gateway.steps.working.translation import perform  # noqa: PLC0415  # heavy: in the child only

    while True:
        try:
            line.send_bytes(ENCODER.encode(_guarded(perform, line.recv_bytes())))
        except (EOFError, OSError):  # the parent has ended, or was killed before the answer
            return


def _guarded(perform: Callable[[Job], Done], message: bytes) -> Done | Broken:
    try:
        return perform(JOBS.decode(message))
    except Exception as error:  # noqa: BLE001  # the one place: record where, let the core decide
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        places = " < ".join(f"{f.filename.rpartition('/')[2]}:{f.lineno}" for f in reversed(frames))
        return Broken(f"{type(error).__name__} {places}")
