"""The mapping language's own definition: every word of a table, what it takes, what it means, an example.

One place for all who need to know: the loader and lint, the JSON Schema for editors, the reference documentation and
the proposals of new tables. Each `example` is a row that builds, in a table of the `record` that it says.

>>> KEYWORDS["unit"].takes
'a unit, or a path to it'
>>> [word.name for word in KEYWORDS.values() if word.form == "flag"]
['required', 'cut', 'isolate']
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

# What kind of YAML value a word takes.
Form = Literal["text", "texts", "flag", "side", "widths", "rows", "days", "prefixes"]
# Where a keyword means something: on the row of a value, on a block of rows, on both.
Where = Literal["row", "block", "both"]

SIDES = ("read", "write")
DAYS = ("from", "to")


class Keyword(msgspec.Struct, frozen=True):
    """A word that a row may say: `takes` is said after "takes", `example` is one row."""

    name: str
    form: Form
    where: Where
    takes: str
    meaning: str
    example: str
    record: str = "Consignment"


class HeadWord(msgspec.Struct, frozen=True):
    """A word that stands in the head of a table; a needed one may also come from the table that is extended."""

    name: str
    form: Form
    takes: str
    meaning: str
    example: str
    needed: bool = False


HEAD: Mapping[str, HeadWord] = MappingProxyType(
    {
        word.name: word
        for word in (
            HeadWord(
                "format",
                "text",
                "a name",
                "The name by which routes and commands know the format. Several tables of one name follow each other "
                "in time by `valid`.",
                "format: post/parcel-2",
                needed=True,
            ),
            HeadWord(
                "title",
                "text",
                "a text",
                "What the message is, for people.",
                "title: Parcels of a day, post to customs",
            ),
            HeadWord(
                "basis",
                "text",
                "a text",
                "Where the facts of the table come from, and which of them are our own reconstruction.",
                "basis: Published schema and example declaration",
            ),
            HeadWord(
                "extends",
                "text",
                "the name of a format",
                "The table is a profile: it is laid over that one, path by path. `null` in the place of a row removes "
                "a path and all below it.",
                "extends: post/parcel-1",
            ),
            HeadWord(
                "replaces",
                "text",
                "a hash of sixteen digits",
                "In an overlay: which state of the table below it this one was made from. "
                "`gateway mapping show FORMAT --hash` says it; lint fails when that table has moved on.",
                "replaces: 0f5c1a2b3c4d5e6f",
            ),
            HeadWord(
                "valid",
                "days",
                "{from: DATE, to: DATE}, each with its day included",
                "The days on which the table is in force: of receipt when read, of declaration when written. "
                "No day may have none or two.",
                "valid: {from: 2024-07-01, to: 2026-12-31}",
            ),
            HeadWord(
                "syntax",
                "text",
                "the name of a syntax",
                "How the bytes are built: which adapter splits, reads and writes them.",
                "syntax: xml",
                needed=True,
            ),
            HeadWord(
                "namespaces",
                "prefixes",
                "prefixes with their namespace, or a list of them",
                "Prefixes of XML namespaces as paths use them. All of a list are read, the first is written; the empty "
                "prefix is for names without one.",
                'namespaces: {"": m33}',
            ),
            HeadWord(
                "grammar",
                "texts",
                "a file, or a list of files",
                "Element tables with order, occurrence, width and codes of every element. What is written follows "
                "them; without one the order of the rows counts.",
                "grammar: post/parcel-2.csv",
            ),
            HeadWord(
                "record",
                "text",
                "a record of the model",
                "What one `root` holds: Message, Movement, Consignment or Decision.",
                "record: Message",
                needed=True,
            ),
            HeadWord(
                "root",
                "text",
                "a message path",
                "The path of one record. Its predicates recognise the format when read and are constants when written.",
                "root: message[kind='parcels']/parcel",
                needed=True,
            ),
            HeadWord(
                "group",
                "texts",
                "columns, or [] where each row is one item",
                "For messages made of rows: rows with equal values in these columns are one item, adjacent or not. "
                "A plain row must find all its cells that are not empty equal; `.` as a block on a list walks the "
                "rows.",
                "group: [BoxID, ParcelID]",
            ),
            HeadWord(
                "only",
                "side",
                "read or write",
                "The format is only read, or only written.",
                "only: read",
            ),
            HeadWord(
                "fields",
                "rows",
                "rows",
                "The rows: on the left the message's own path, on the right the model's.",
                "fields: {item-id: item_id}",
                needed=True,
            ),
        )
    }
)

KEYWORDS: Mapping[str, Keyword] = MappingProxyType(
    {
        word.name: word
        for word in (
            Keyword(
                "is",
                "text",
                "both",
                "a model path",
                "The place in the model that corresponds to the element: a value, or for a block a part or a list. "
                "`A | B` reads into the first and writes the first that is present; `.` is the record itself, `#` the "
                "number of the element among its siblings. A row that says nothing else may be written `key: path`.",
                "item-id: {is: item_id}",
            ),
            Keyword(
                "fields",
                "rows",
                "block",
                "rows",
                "The rows of a block. Their left sides are relative to its element, their right sides to what it is. "
                "A list makes an entry of each such element. Blocks are shared by YAML anchors.",
                "sender: {is: consignor, fields: {name: name}}",
            ),
            Keyword(
                "constant",
                "text",
                "row",
                "a text",
                "Always written; when read, another text is a finding, absence is not.",
                "version: {constant: v2.1}",
            ),
            Keyword(
                "required",
                "flag",
                "row",
                "true or false",
                "Without this value the record is not complete: a finding when read, and when written.",
                "item-id: {is: item_id, required: true}",
            ),
            Keyword(
                "default",
                "text",
                "row",
                "a text",
                "What is written where the record says nothing. It shows in the trace as ours.",
                'function: {is: declaration.function, default: "9"}',
            ),
            Keyword(
                "split",
                "widths",
                "row",
                "widths such as [1, rest]",
                "How a value is taken apart over the elements that the key joins with `+`, by widths.",
                "category + type: {is: nature, split: [1, rest]}",
            ),
            Keyword(
                "check",
                "text",
                "row",
                "the name of a check",
                "A named check of the value. It reports, it never changes the value.",
                "item-id: {is: item_id, check: s10}",
            ),
            Keyword(
                "codes",
                "text",
                "row",
                "the name of a code list",
                "A code list, both ways: the message's code and the model's. Further columns that are headed by model "
                "paths are set along. Of a measure or an amount it is the list of its unit or currency.",
                "nature: {is: nature, codes: post/nature}",
            ),
            Keyword(
                "none",
                "text",
                "row",
                "a text",
                "The text by which the message declares that there is no such value: read as none, not as missing.",
                "value: {is: value, currency: EUR, none: NCV}",
            ),
            Keyword(
                "date",
                "text",
                "row",
                "a form of date, or a path to it",
                "The form of a moment. The moment keeps its own precision and offset.",
                "posted: {is: posted_at, date: iso}",
            ),
            Keyword(
                "unit",
                "text",
                "row",
                "a unit, or a path to it",
                "The unit of a measure (UN/ECE Recommendation 20), or where in the message it stands: `@unitCode`, "
                "`../unit`, `@unitCode | KGM`. It is kept as received and converted once, when written.",
                'weight: {is: gross_mass, unit: "@unitCode | KGM"}',
            ),
            Keyword(
                "currency",
                "text",
                "row",
                "a currency, or a path to it",
                "The currency of an amount (ISO 4217), or where in the message it stands. Money is never rounded.",
                'postage: {is: postage, currency: "@currency"}',
            ),
            Keyword(
                "as",
                "text",
                "row",
                "the name of a converter",
                "A named converter for what the language itself does not say, both ways by its own law.",
                "address: {is: consignee.address.lines, as: one-line}",
            ),
            Keyword(
                "when",
                "text",
                "both",
                "a model path, or not(path)",
                "A rule of form when written: only where that place is stated, or not stated; what is derived does not "
                "count. Ignored when read.",
                'name: {is: declarant.name, when: "not(declarant.ids)"}',
            ),
            Keyword(
                "only",
                "side",
                "both",
                "read or write",
                "The row, or every row of the block, goes one way.",
                "note: {is: mail_class, only: read}",
            ),
            Keyword(
                "cut",
                "flag",
                "row",
                "true or false",
                "A value that is longer than its element is cut when written, with a note. Without it that is a "
                "finding.",
                "remarks: {is: mail_class, cut: true}",
            ),
            Keyword(
                "isolate",
                "flag",
                "block",
                "true or false",
                "Each entry of this list is a unit of failure: a bad one goes aside alone.",
                "bag: {is: receptacles, isolate: true, fields: {id: id}}",
                record="Movement",
            ),
            Keyword(
                "hint",
                "text",
                "both",
                "a text",
                "What the sender should do when this value is missing or wrong; shown with the finding.",
                "hs-code: {is: mail_class, hint: Ask the sender for it}",
            ),
            Keyword(
                "note",
                "text",
                "both",
                "a text",
                "A remark for people; it goes into the documentation. A row that says nothing else leaves its element "
                "aside on purpose, with all below it: it is not reported as unread.",
                "fee: {is: postage, currency: GBP, note: the authority bills in pounds}",
            ),
        )
    }
)

# What may stand on the left, and on the right: (form, meaning), in the order in which they are taught.
MESSAGE_PATHS: tuple[tuple[str, str], ...] = (
    ("a/b", "an element inside another"),
    ("a/@x", "an attribute"),
    (".", "the own text of the block's element"),
    ("../a", "from the element above: read once, the same for each entry"),
    ("/a", "from the document"),
    ("a[b='X']", "the element whose b is X: a condition when read, a constant when written"),
    ("a[b='X'|'Y']", "a set: each is read, the first is written"),
    ("a[b]", "the element that has a b"),
    ("a[not(b)]", "the element that has no b"),
    ("a | b", "alternatives: the first present is read, the first is written"),
    ("a + b", "several elements that hold one value together, by `split` or a converter"),
)
MODEL_PATHS: tuple[tuple[str, str], ...] = (
    ("a.b", "a field of a part"),
    (".", "the entry itself, in a list of texts"),
    ("/a", "from the table's own record"),
    ("list[kind=x]", "the entry whose kind is x: it filters when written and is set when read"),
    ("a | b", "alternatives: the first is set when read, the first present is written"),
    ("#", "the number of the element among its siblings"),
)
