"""What travels between the core and its workers: jobs out, outcomes back. Plain data, encoded as MessagePack."""

from datetime import date, datetime

import msgspec

from gateway.findings import Finding
from gateway.mapping.protocols import Limits, Opening, Slice
from gateway.steps.filer import Filer
from gateway.steps.lrn import DossierKey


class RoutePlan(msgspec.Struct, frozen=True):
    """One route as a worker sees it: which items it takes, where they go, and what its findings mean.

    `when` pairs model paths with the values that fit; `findings` maps names of findings (or `default`) to `hold` or
    `warn`.
    """

    name: str
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    target: str = ""
    partner: str = ""
    connection: str = ""
    filer: Filer = Filer()
    findings: dict[str, str] = {}
    keep: bool = False


class Setup(msgspec.Struct, frozen=True):
    """What a whole file is read under: one pinned ruleset, one format, one environment, one date of receipt."""

    ruleset: str
    roots: tuple[str, ...]
    format: str
    environment: str
    received_on: date
    routes: tuple[RoutePlan, ...]
    limits: Limits = Limits()


class BatchJob(msgspec.Struct, frozen=True, tag="batch"):
    """Read, check, route and write the items of one slice."""

    setup: Setup
    now: datetime
    opening: Opening
    at: Slice
    data: bytes


class Bundle(msgspec.Struct, frozen=True, tag="bundle"):
    """Several small batches for one worker and one transaction: answers of customs come as one file each."""

    jobs: tuple[BatchJob, ...]


class WriteJob(msgspec.Struct, frozen=True, tag="write"):
    """Write accepted records again: a further attempt, or an item that a person released."""

    setup: Setup
    now: datetime
    filings: tuple["Rewrite", ...]


class Rewrite(msgspec.Struct, frozen=True):
    """One filing to be written: its id, its dossier, which route and attempt, the accepted record."""

    filing: str
    key: DossierKey
    route: str
    attempt: int
    record: bytes
    waived: tuple[str, ...] = ()


class Draft(msgspec.Struct, frozen=True):
    """A filing as the worker leaves it: `written` with its text, or `held` with the findings that stop it."""

    route: str
    target: str
    partner: str
    connection: str
    declarant: str
    lrn: str
    attempt: int
    state: str
    text: bytes = b""
    findings: tuple[Finding, ...] = ()


class ItemOutcome(msgspec.Struct, frozen=True):
    """What became of one item. `record` is the accepted record as JSON; `content` identifies what was said."""

    ordinal: int
    offset: int
    length: int
    line: int
    state: str
    kind: str = "consignment"
    item_id: str = ""
    key: DossierKey | None = None
    content: str = ""
    record: bytes = b""
    findings: tuple[Finding, ...] = ()
    draft: Draft | None = None
    kept: bool = False


class BatchDone(msgspec.Struct, frozen=True, tag="batch-done"):
    """All outcomes of one batch, in the order of the file."""

    outcomes: tuple[ItemOutcome, ...]


class BundleDone(msgspec.Struct, frozen=True, tag="bundle-done"):
    """The outcomes of each batch of a bundle, in its order."""

    batches: tuple[BatchDone, ...]


class WriteDone(msgspec.Struct, frozen=True, tag="write-done"):
    """The drafts of one write job, keyed by filing id, and the ruleset by which they were written."""

    drafts: tuple[tuple[str, Draft], ...]
    ruleset: str = ""


Job = BatchJob | Bundle | WriteJob
Done = BatchDone | BundleDone | WriteDone
