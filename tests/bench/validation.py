"""What it costs to hold every declaration against an official schema: `python -m tests.bench.validation`.

The whole way of a worker (split, read, check, route, write) on one file, with and without the schema, turn by turn,
best of several rounds by the processor. The schema is of others: it is taken from the shared data beside the checkout.
"""

import os
import sys
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.demo import corpus
from gateway.mapping.editions import Edition
from gateway.mapping.protocols import Limits, Opening, Slice
from gateway.mapping.registry import shipped
from gateway.ruleset.installing import folder_name, install
from gateway.steps.working.filer import Filer
from gateway.steps.working.outcome import RoutePlan, Setup
from gateway.steps.working.translation import Translator

ITEMS, ROUNDS, BATCH = 2_000, 5, 100
NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
FILER = Filer({
    "declarant-id": "GB123456789000", "location": "GBAUEXAEXAEXA", "exchange-rates": "sample",
    "commodity-padding": "zeros",
})  # fmt: skip
ROUTE = RoutePlan("uk-h7", target="customs/uk/h7", partner="uk", connection="uk.live", filer=FILER)
SHARED = Path(os.environ.get("GATEWAY_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared/data"))
SCHEMAS = SHARED / "uk-cds/schemas"


def translator(*overlays: Path) -> Translator:
    roots = tuple(str(root) for root in (*overlays, shipped()))
    return Translator(Setup("", roots, "upu/itmatt-1.5", "production", NOW.date(), (ROUTE,), Limits()))


def overlay(folder: Path) -> Path:
    files = {path.relative_to(SCHEMAS).as_posix(): path.read_bytes() for path in SCHEMAS.rglob("*.xsd")}
    install(folder, [Edition("customs/uk/h7", "cds", folder_name(files), "customs/wrapper_submit.xsd")], files)
    return folder


def run(worker: Translator, data: bytes) -> tuple[float, int, int]:
    """Seconds of the processor; how many were written, and how many held by the schema."""
    begun, written, invalid = time.process_time(), 0, 0
    opening: Opening | None = None
    for part in worker.source.syntax.slices(BytesIO(data), worker.source.plan, BATCH, Limits()):
        if isinstance(part, Opening):
            opening = part
        elif isinstance(part, Slice) and opening is not None:
            for outcome in worker.batch(opening, part, data[part.offset : part.offset + part.length], NOW):
                found = outcome.draft.findings if outcome.draft else ()
                written += outcome.draft is not None and outcome.draft.state == "written"
                invalid += any(one.code == "TGT580" for one in found)
    return time.process_time() - begun, written, invalid


def main() -> int:
    if not SCHEMAS.is_dir():
        print("no shared data: set GATEWAY_SHARED_DATA")
        return 0
    data = b"".join(corpus.itmatt(ITEMS, 7, 0.0, sender="FRA"))
    with TemporaryDirectory() as folder:
        ways = {"without": translator(), "with": translator(overlay(Path(folder)))}
        for worker in ways.values():
            run(worker, data)
        times: dict[str, list[tuple[float, int, int]]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, worker in ways.items():
                times[name].append(run(worker, data))
    best = {name: min(found) for name, found in times.items()}
    for name, (seconds, written, invalid) in best.items():
        print(f"{name:8} {ITEMS / seconds:9,.0f} items/s  {written} written, {invalid} held by the schema")
    print(f"with ÷ without: {best['with'][0] / best['without'][0]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
