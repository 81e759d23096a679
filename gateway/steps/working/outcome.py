"""What travels between the core and its workers: jobs out, outcomes back. Plain data, encoded as MessagePack."""

from datetime import date, datetime

import msgspec

from gateway.findings import Finding
from gateway.mapping.protocols import Limits, Opening, Purpose, Slice
from gateway.model import Moment, Repayment
from gateway.steps.working.filer import Filer
from gateway.steps.working.lrn import DossierKey


class GroupPlan(msgspec.Struct, frozen=True):
    """Several parcels in one declaration: goods items at most, and model paths whose values must be equal."""

    items: int
    by: tuple[str, ...] = ()


class RoutePlan(msgspec.Struct, frozen=True):
    """One route as a worker sees it: which items it takes, where they go, and what its findings mean.

    `when` pairs model paths with the values that fit; `findings` maps names of findings (or `default`) to `hold` or
    `warn`; with `group` what it files waits to be declared together with others.
    """

    name: str
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    target: str = ""
    partner: str = ""
    connection: str = ""
    filer: Filer = Filer()
    findings: dict[str, str] = {}
    keep: bool = False
    goes_on: bool = False
    group: GroupPlan | None = None


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


class Declared(msgspec.Struct, frozen=True):
    """A declaration as customs has it: how it was named, when and as what it was written, of which record, by whom.

    `roots` are the tables of its own ruleset, `filer` is who files as that ruleset says.
    """

    lrn: str
    target: str
    attempt: int
    written_at: datetime
    record: bytes
    roots: tuple[str, ...]
    filer: Filer


class Asked(msgspec.Struct, frozen=True):
    """What is asked of customs about a declaration, and why; `claimed` is what customs assessed, to be claimed back."""

    target: str
    purpose: Purpose
    declared: Declared
    mrn: str = ""
    version: str = ""
    reason: str = ""
    note: str = ""
    claimed: Repayment | None = None


class Rewrite(msgspec.Struct, frozen=True):
    """One filing to be written: its id, its dossier, which route and attempt, the accepted record.

    With `asked` it is a request; then the record is what holds now.
    """

    filing: str
    key: DossierKey
    route: str
    attempt: int
    record: bytes
    waived: tuple[str, ...] = ()
    asked: Asked | None = None


class GroupJob(msgspec.Struct, frozen=True, tag="group"):
    """Write declarations for several parcels each: one group, one declaration, all of one route."""

    setup: Setup
    now: datetime
    groups: tuple[tuple[Rewrite, ...], ...]


class Draft(msgspec.Struct, frozen=True):
    """A filing as the worker leaves it: `written` with its text, or `held` with the findings that stop it.

    One that is declared together with others is `waiting`: `goods` items of it, with those that are alike (`together`).
    `edition` is that of the official schema which the text was held against.
    """

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
    goods: int = 0
    together: str = ""
    edition: str = ""


class ItemOutcome(msgspec.Struct, frozen=True):
    """What became of one item. `record` is the accepted record as JSON; `content` identifies what was said.

    It has a draft for each route that it takes; `names` are kinds and values by which it is found again;
    `departs` is when its transport leaves, as its sender said it.
    """

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
    drafts: tuple[Draft, ...] = ()
    kept: bool = False
    departs: Moment | None = None
    names: tuple[tuple[str, str], ...] = ()

    @property
    def draft(self) -> Draft | None:
        """The one of its first route: where a file is looked at by itself there is no other."""
        return self.drafts[0] if self.drafts else None


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


class Member(msgspec.Struct, frozen=True):
    """One parcel in a declaration: its filing, the number of its first goods item in it, and how many it has."""

    filing: str
    place: int
    goods: int


class Company(msgspec.Struct, frozen=True):
    """One declaration for several parcels; the first of them lends it its LRN."""

    draft: Draft
    members: tuple[Member, ...]


class GroupDone(msgspec.Struct, frozen=True, tag="group-done"):
    """What became of groups: declarations, and filings that stand in their own way, by their ids."""

    companies: tuple[Company, ...]
    held: tuple[tuple[str, Draft], ...]
    ruleset: str = ""


Job = BatchJob | Bundle | WriteJob | GroupJob
Done = BatchDone | BundleDone | WriteDone | GroupDone
