"""One item of a file with the way of every value: message, model, and the target's message back to both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from gateway.checks.lists import among
from gateway.cli.shown import trace_of
from gateway.cli.sources import Source
from gateway.cli.translate import Batch, translated
from gateway.findings import Finding
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Filing
from gateway.mapping.registry import Registry
from gateway.mapping.trace import Entry, Trace
from gateway.model import Consignment, Moment
from gateway.steps.working.filer import Filer, completed
from gateway.steps.working.outcome import ItemOutcome, Setup


@dataclass(frozen=True)
class Traced:
    """An item, what it says, and what is written of it."""

    item: ItemOutcome
    read: Trace
    written: Trace | None = None


@dataclass(frozen=True)
class Way:
    """A value that is written, and where it came from: `source` is None for what the rules or tables add.

    `by_rule`: the source is another fact, of which an authority's rule made this one.
    """

    written: Entry
    source: Entry | None
    by_rule: bool = False


def find_item(source: Source, setup: Setup, wanted: str, jobs: int = 1) -> Traced | None:
    """The item of an id, or `#<number>` in the file."""
    for event in translated(source, setup, jobs):
        for item in event.outcomes if isinstance(event, Batch) else ():
            if wanted in (item.item_id, f"#{item.ordinal}"):
                assert isinstance(event, Batch)
                return Traced(item, trace_of(source, setup, event, item) or Trace(None, (), item.findings))
    return None


def with_target(traced: Traced, registry: Registry, target: str, filer: Filer, on: date) -> Traced:
    """The item written too, completed by the filer and the authority's rules as the daemon does it."""
    record = traced.read.record
    if isinstance(record, Consignment):
        issued_at = Moment(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        filing = Filing(traced.item.draft.lrn if traced.item.draft else "", issued_at, target=target)
        record, _ = completed(record, target, filing, filer, on, among(registry.roots))
    return Traced(traced.item, traced.read, registry.format(target, on).trace_write(record))


def ways(traced: Traced, target: str) -> Iterator[Way]:
    """Every value written, in the order of the document."""
    authority = authority_for(target)
    said = {entry.model_path: entry for entry in reversed(traced.read.entries) if entry.model_path}
    for entry in traced.written.entries if traced.written else ():
        path = entry.model_path
        same = said.get(path) or said.get(f"{path}[1]")
        made_of = said.get(authority.origin(path)) if authority is not None and same is None else None
        yield Way(entry, same or made_of, by_rule=made_of is not None and made_of.text != entry.text)


def chosen(path: str, *entries: Entry | None) -> bool:
    """True when one of the entries is at a path of message or model, below it, or ends with it."""
    below = (f"{path}.", f"{path}/", f"{path}[")
    paths = [text for entry in entries if entry for text in (entry.model_path, entry.message_path)]
    return any(text == path or text.startswith(below) or text.endswith((f"/{path}", f".{path}")) for text in paths)


def entry_data(entry: Entry) -> dict[str, Any]:
    """An entry as `--json` prints it."""
    return {
        "message_path": entry.message_path,
        "model_path": entry.model_path,
        "text": entry.text,
        "row": msgspec.to_builtins(entry.row),
        "line": entry.span.line if entry.span else None,
        "offset": entry.span.offset if entry.span else None,
        "length": entry.span.length if entry.span else None,
        "wco_ids": list(entry.wco_ids),
        "note": entry.note,
    }


def findings_of(traced: Traced) -> tuple[Finding, ...]:
    return traced.item.findings + (traced.item.draft.findings if traced.item.draft else ())
