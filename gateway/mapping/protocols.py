"""What a syntax adapter gives: bytes in, items with positions out, text with its envelope back.

A *part* is a layer of bytes (file, archive member, Base64 block), a *span* a place in it, an *item* one unit of
failure, a *leaf* one value with its place. Adapters are pure: no I/O, no clock, no configuration; they never raise
on data, they return findings.

What a syntax that is not XML provides
--------------------------------------
1. An entry point `syntax.<name>` in the group `gateway.formats` that gives a `Syntax`. Everything here is asked of it
   as of XML; `shape` is `"json"` or `"segments"`.
2. Bodies made of `gateway.mapping.body.Body`: `Item.body` is the element that the last step of `plan.root` (and
   `plan.unit`, where the units stand in a message) names. Tags are the bare names of the table's paths (JSON keys,
   column headings), a list is its elements one after the other under one tag, every scalar is text as received, what is
   empty is left out. Children come in the order of the plan's elements (`plan.document`): the compiled reader makes one
   pass over them, and an item out of order costs the slow twin. `sourceline` makes the
   lines of findings exact; `parent` is set only where a table has rows from `/` or `..`. `Item.equals` is 0.
   Of shape `"json"` a body is read by its `value`, plain objects whose members stand in any order and whose numbers
   are texts unless they are integers; the elements are made only when the twin asks, and their `kind` says what each
   value was.
3. With that, the compiled reader, the traced twin, lint, cases, `explain` work unchanged. There is no compiled
   scanner (`scan` is None) and no compiled writer: records are written by the twin, which hands back a `Body`.
4. To be written, it is a `Scribe` too: `written` makes the text of one document (or unit), `frame` the envelope
   around units (`body` holds one element with the tag `MARK` where they go).
5. What it notices about an item that can be read all the same stands in `Item.findings`; what cannot be read is `Bad`.
6. `Item.raw`, where no stretch of the file holds the item alone (rows between others, a member of an archive).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Protocol, runtime_checkable

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping.body import Body
from gateway.model import Consignment, Decision, Moment
from gateway.model import Step as ModelStep

if TYPE_CHECKING:
    from gateway.mapping.plan import Plan
    from gateway.mapping.trace import Entry


class Span(msgspec.Struct, frozen=True):
    """A place in a part: byte offset, length in bytes, line from 1."""

    offset: int
    length: int
    line: int


class Item(msgspec.Struct, frozen=True):
    """One unit of failure; `ordinal` counts from 1 in the file, `span` is absolute in the file.

    `body` is what the compiled reader takes: an lxml element, its tree still around it so that `..` and `/` rows can be
    read; tags are `{first namespace of the prefix}local`, comments and processing instructions are gone, CDATA is text.
    `equals` is how many `=` its bytes hold: it has no more attributes than that (-1: not counted). `record` is what a
    scan understood of its text; then there is no body. `findings` are the syntax's own: what it put right, what it
    doubts. `raw` are the item's bytes where its span holds those of others too.
    """

    ordinal: int
    span: Span
    body: Any
    equals: int = -1
    record: Any = None
    findings: tuple[Finding, ...] = ()
    raw: bytes = b""


class Bad(msgspec.Struct, frozen=True):
    """An item that cannot be read; its bytes stay at `span`.

    With `ordinal` None it is a whole interchange, which costs no other, or (`interchange` 0) the part itself.
    """

    ordinal: int | None
    span: Span
    findings: tuple[Finding, ...]
    id_hint: str = ""
    interchange: int = 0


class Leaf(msgspec.Struct, frozen=True):
    """One value and its place: path steps with their number among siblings of one name, text as read."""

    steps: tuple[tuple[str, int], ...]
    span: Span
    text: str


class Opening(msgspec.Struct, frozen=True):
    """An interchange begins. `head` + items + `tail` is a readable whole; `head` is all that stands before items.

    Where it cannot be read (`Syntax.outer` says why) none of its items can: each is handed out as bad.
    """

    interchange: int
    head: bytes
    tail: bytes
    span: Span


class Slice(msgspec.Struct, frozen=True):
    """A run of whole items in a file: enough to hand one file to several workers."""

    interchange: int
    ordinal: int
    offset: int
    length: int
    line: int
    items: int


class Closing(msgspec.Struct, frozen=True):
    """An interchange ends; findings about what stands around its items (counts, elements that no row carries)."""

    interchange: int
    items: int
    findings: tuple[Finding, ...] = ()


class Limits(msgspec.Struct, frozen=True):
    """Caps on what is looked at (reference values: 50 MB a file, 50,000 items, 1 MB an item, depth 100)."""

    file_bytes: int = 50_000_000
    items: int = 50_000
    item_bytes: int = 1_000_000
    depth: int = 100
    attributes: int = 100


Scan = Callable[[str], Any]
"""A record from a unit's text, None where there is any doubt."""


class Syntax(Protocol):
    """The contract between a mapping table and the bytes of one syntax."""

    name: str
    shape: Literal["segments", "element", "json"]
    grouped: bool  # items are made of rows: without the head word `group`, each row is one

    def may_be(self, head: bytes, root: str) -> bool:
        """Whether these first bytes may be of a table with this `root`: asked before its rows are read, so cheap.

        False only where `recognise` could not choose it.
        """

    def recognise(self, head: bytes, plans: tuple["Plan", ...]) -> tuple["Plan", ...]:
        """Plans whose root fits the head of this part, best first; never by file name."""

    def refuse(self, head: bytes, size: int, limits: Limits) -> Finding | None:
        """The reason why these bytes are not even looked at: size, DOCTYPE, entities, encoding."""

    def slices(
        self, stream: BinaryIO, plan: "Plan", size: int, limits: Limits
    ) -> Iterator[Opening | Slice | Closing | Bad]:
        """The file cut at bytes, in order, at constant memory."""

    def items(
        self, opening: Opening, at: Slice, data: bytes, plan: "Plan", limits: Limits, scan: Scan | None = None
    ) -> Iterator[Item | Bad]:
        """Every unit of failure of one slice (`data` = its bytes) with its place in the file.

        `scan` is offered the text of each unit that needs no parser; the record it gives stands for the unit.
        """

    def outer(self, opening: Opening, plan: "Plan") -> Item | Bad:
        """What stands around the units of one interchange: `body` is the element of the last step of `plan.root`."""

    def id_hint(self, raw: bytes, plan: "Plan") -> str:
        """The identifier of a unit that cannot be understood, as far as its bytes show it; else empty."""

    def leaves(self, item: Item, opening: Opening, data: bytes, plan: "Plan") -> Iterator[Leaf]:
        """Every value of an item (`data` = the item's bytes) with its place in the file (slow; for the traced twin).

        Of an item numbered 0 it is what stands around the units (`data` = `head` + `tail` of the opening).
        """


@runtime_checkable
class Scribe(Protocol):
    """What a syntax provides besides to be written, where its texts are not XML."""

    def written(self, body: Body, plan: "Plan") -> str:
        """The text of one document, or of one unit where the units stand in a message (`plan.unit`)."""

    def frame(self, body: Body | None, units: Iterable[str], plan: "Plan") -> Iterator[bytes]:
        """The envelope around units, as they come; `body` is the record around them, `MARK` in the place of units.

        Without such a record (`plan.framed` for rows) it is None, and one document is made of several.
        """


@runtime_checkable
class Divider(Protocol):
    """What a syntax provides besides where a slice cut out of its file cannot be cut again by `slices`.

    Rows of one item may stand between those of others, a member of an archive in no stretch of it.
    """

    def divided(self, opening: Opening, at: Slice, data: bytes, plan: "Plan", limits: Limits) -> Iterator[Slice]:
        """The same items in two slices or more, by looking at bytes alone; they may overlap."""


class Breach(msgspec.Struct, frozen=True):
    """Where a text is not as its schema demands: the element by its path from the document's root, its line, why."""

    path: str
    line: int
    problem: str


class Schema(Protocol):
    """A schema at work."""

    def breaches(self, text: bytes) -> tuple[Breach, ...]:
        """What of a whole document is not as the schema demands; nothing where it is valid."""


class Compiled(msgspec.Struct, frozen=True):
    """A schema made of files: None where they do not make one, `used` are the files it took, `findings` say why."""

    schema: Schema | None
    used: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@runtime_checkable
class Validator(Protocol):
    """What a syntax provides besides where official schemas say how its documents must be.

    Files come as bytes by their path in the set; nothing else is ever looked at, no disk and no network.
    """

    schema_suffix: str

    def compiled(self, files: Mapping[str, bytes], root: str) -> Compiled:
        """The schema that begins with `root`; findings say what was read around and what keeps it from loading."""

    def beginnings(self, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """The schemas that no other one names: where the set may begin."""


Purpose = Literal["declare", "amend", "cancel", "present", "query", "repay"]
"""What is said to customs: a declaration, or a request about one that customs has (changed, withdrawn, goods here)."""

DECLARE: Purpose = "declare"
REQUESTS: tuple[Purpose, ...] = ("amend", "cancel", "present", "query", "repay")


class Filing(msgspec.Struct, frozen=True):
    """What the gateway knows of one filing: LRN (functional reference), time of writing, number of the attempt.

    `target` is the format it is written in. A request also names the declaration that it is about: its LRN (`about`),
    its MRN and version as customs told them, and why it is made (`reason` is a code of the authority, `text` is free).
    """

    lrn: str
    issued_at: Moment
    attempt: int = 1
    target: str = ""
    purpose: Purpose = "declare"
    about: str = ""
    mrn: str = ""
    version: str = ""
    reason: str = ""
    text: str = ""


Lists = Callable[[str], Iterable[Mapping[str, str]]]
"""The rows of a dated table by its name (`customs/uk/reliefs`): shipped, of an overlay, or of an archived ruleset."""


class Authority(Protocol):
    """An authority's dated rules: what must be said beside the sender's facts, with the authority's own codes.

    `settings` describes, by name, what the pack reads from the settings of the partner who is the authority.
    """

    name: str
    settings: Mapping[str, str]

    def complete(
        self, consignment: Consignment, filing: Filing, settings: Mapping[str, str], on: date, lists: Lists = ...
    ) -> tuple[Consignment, tuple[Finding, ...]]:
        """The consignment with procedures, references, statements, filing facts; findings where it cannot be filed."""

    def locate(self, steps: tuple[ModelStep, ...], entries: tuple["Entry", ...], lists: Lists = ...) -> "Entry | None":
        """The declared value, or the class of it, that an error pointer of the authority means."""

    def origin(self, model_path: str) -> str:
        """The model path of the sender's fact behind a declared one (`tariff_code` is made of `hs_code`)."""


Traced = Callable[[Consignment], tuple["Entry", ...]]
"""What a record becomes in the format of the declaration, value by value, in the order of the message."""


@runtime_checkable
class Requester(Protocol):
    """What an authority provides besides where it takes requests about a declaration that it has."""

    def request_format(self, target: str, purpose: Purpose, outcome: str = "") -> str | None:
        """The format of a request about declarations of this format; None where the authority knows no such request.

        `outcome` is what was decided on the declaration last: what was cleared may have to be withdrawn in another way.
        """

    def request(
        self,
        filing: Filing,
        filed: Consignment,
        changed: Consignment,
        settings: Mapping[str, str],
        traced: Traced,
        lists: Lists = ...,
    ) -> tuple[Consignment, tuple[Finding, ...]]:
        """The record of a request, and what stands in its way.

        `filed` is what was declared (complete), `changed` what holds now (complete; the same where nothing changes).
        Reasons are codes of dated lists: those in force on the day of `filing.issued_at`.
        """


@runtime_checkable
class Tabled(Protocol):
    """What an authority provides besides where its tables can be looked at before a parcel comes to them."""

    def faults(self, lists: Lists, on: date) -> tuple[Finding, ...]:
        """Every row that cannot be used, on that day or another: the table, the row and what is wrong."""


@runtime_checkable
class Grouper(Protocol):
    """What an authority provides besides where one declaration speaks for several parcels."""

    def takes_several(self, target: str) -> bool:
        """Whether a format has a place for what each of several parcels says of itself."""

    def joined(self, members: Sequence[Consignment], filing: Filing, settings: Mapping[str, str]) -> Consignment:
        """One declared record of several complete ones.

        Their goods items in order, numbered through; or fewer, each of which is of all of them.
        """

    def narrowed(self, said: Decision, first: int, items: int) -> Decision | None:
        """What a decision on the whole says of one member, whose goods items are `first` to `first + items - 1`.

        Numbers and pointers become the member's own; None where the decision speaks of other members only.
        """
