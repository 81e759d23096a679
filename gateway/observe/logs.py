"""Structured logs: one JSON object a line, keys by allow-list, no text of an exception or a library (exchange.md §8).

Modules log with the standard library, an event's name and its facts:

    log = logging.getLogger(__name__)
    log.info("mover.moved", extra={"connection": "example-post.live", "count": 3})

This module is imported by the daemon only: structlog costs a third of a second.
"""

import logging
from typing import TextIO

from structlog import stdlib
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from gateway.observe.events import EVENTS, KEYS

OWN = "gateway"
LONGEST = 300


def configure(stream: TextIO) -> None:
    """Send every log of this process, also the libraries', to `stream` as JSON."""
    handler = logging.StreamHandler(stream)
    last: list[Processor] = [stdlib.ProcessorFormatter.remove_processors_meta, listed, allow_listed, JSONRenderer()]
    handler.setFormatter(stdlib.ProcessorFormatter(foreign_pre_chain=_FIRST, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # what a library tells below that says nothing without its text
    logging.getLogger(OWN).setLevel(logging.INFO)


def facts(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Our own events bring their facts; of a library's message only its source and level are told."""
    if str(event["logger"]).partition(".")[0] == OWN:
        return _EXTRA(logger, method, event)
    event["event"] = "library.message"
    event.pop("positional_args", None)
    return event


def without_text(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Type and frames of an exception stay; its text may quote a declaration."""
    if "exception" in event:
        event["exception"] = _frames_only(event["exception"])
    return event


def listed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An event outside the table keeps only its first word."""
    if event["event"] in EVENTS:
        return event
    return {**event, "event": "event.unlisted", "unlisted": str(event["event"]).split(" ", 1)[0][:40]}


def allow_listed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Named keys only, values capped; how many were dropped stays visible."""
    kept: EventDict = {key: _capped(value) for key, value in event.items() if key in KEYS}
    if len(kept) < len(event):
        kept["dropped"] = len(event) - len(kept)
    return kept


def _frames_only(chain: object) -> object:
    """By allow-list too: notes, syntax errors and groups have texts of their own."""
    if isinstance(chain, list):
        return [_frames_only(link) for link in chain]
    if isinstance(chain, dict):
        kept = {key: chain[key] for key in ("exc_type", "is_cause", "frames") if key in chain}
        return {**kept, "exceptions": _frames_only(chain.get("exceptions") or [])}
    return None


def _capped(value: object) -> object:
    return value[:LONGEST] if isinstance(value, str) else value


_EXTRA = stdlib.ExtraAdder()
_FIRST: list[Processor] = [
    stdlib.add_log_level,
    stdlib.add_logger_name,
    TimeStamper(fmt="iso", utc=True),
    ExceptionRenderer(ExceptionDictTransformer(show_locals=False, use_rich=False)),
    without_text,
    facts,
]
