"""The journal's tables.

A file contains interchanges, these contain items; items about one parcel form a dossier, from which filings are made;
filings travel in deliveries; customs' decisions come back, answers go to the sender.

Beyond the columns of the design's table of the journal there are
- `interchange.head`, `.tail`: the bytes around the items, so that a batch is a readable whole without the file;
  `.digest`: of the items' bytes, for what is the same and what is other content under a reference used before;
- `batch.id` (`<file>/<seq>`), `.interchange`, `.ordinal`, `.line`, `.connection`: what a worker must be told;
- `file.environment`, `.sha256` (kept after the bytes are purged), `.directory`, `.legal_hold`; `sighting.last_seen`;
- `item.environment`, `.kind`, `.item_id`; `item.record_*` and `item.places_*`: stretches of blobs with the record, and
  with the places of its values (kept when the raw bytes are purged); `item.kept`: its route files nothing for it alone;
  `item.departs_at`: when its transport leaves;
- `filing.item` (the version it was made from), `.connection`, `.kind` (target format), `.payload_*`, `.wait_until`
  (of a join); `.about`, `.reason`, `.note` (of a request), `.lead`, `.place`, `.goods`, `.together` (of several parcels
  in one declaration), `.edition` (of the schema);
- `delivery.directory`, `.mode`, `.sent_at`, `.reason`, `.units` (messages in an envelope);
- `decision.environment` (part of its key: a test system may count as the live one does), `.connection`,
  `.interchange`, `.seq`, `.offset`, `.length`, `.line`, `.record_*`, `.ruleset`, `.cause`, `.request`;
- `answer.id`, `.item`, `.connection`, `.kind`, `.environment`, `.payload_*`, `.made_at`;
- `finding.seq`, `.masked` (values as JSON), `.length`, `.segment`, `.model_path`, `.wco_id`;
- `blob.connection`, `.purging_at`;
- table `cleared`: of which files which class of personal data is gone from the rows (`gateway.steps.keeping.clearing`);
  `item.erased_at`: when all of it went at a person's request (`gateway.steps.keeping.erase`);
- table `run`: numbers of a sender's references that came without a gap (`gateway.steps.reading.sequence`);
  `void_number`: control references that no delivery bears and none will (`gateway.journal.counter`);
- table `duty`: which host does what only one host does at a time (`gateway.journal.tenure`);
- table `published`: deliveries that a restored journal did not know (`gateway.steps.recovering.adopt`,
  `gateway.steps.sending.recognise`);
- table `alert`: what a person is to be told of (`gateway.steps.ground.alarm`), how often it came up, when it was told.

Test and production never meet: where a row names another, both keys hold the environment (`columns.same_environment`).
A unique key with an absent (null) part does not bind: no reference, no collision.
"""

from gateway.journal.schema.columns import METADATA, Utc, stamp
from gateway.journal.schema.files import batch, blob, cleared, file, interchange, run, sighting, switch
from gateway.journal.schema.filings import answer, decision, delivery, delivery_part, filing
from gateway.journal.schema.items import dossier, finding, identifier, item
from gateway.journal.schema.operations import APPEND_ONLY, audit, counter, duty, published, ruleset, void_number
from gateway.journal.schema.watching import alert

VERSION = "0004"
"""The newest migration; a journal that says so is opened without a look at the migrations."""

__all__ = [
    "APPEND_ONLY",
    "METADATA",
    "VERSION",
    "Utc",
    "alert",
    "answer",
    "audit",
    "batch",
    "blob",
    "cleared",
    "counter",
    "decision",
    "delivery",
    "delivery_part",
    "dossier",
    "duty",
    "file",
    "filing",
    "finding",
    "identifier",
    "interchange",
    "item",
    "published",
    "ruleset",
    "run",
    "sighting",
    "stamp",
    "switch",
    "void_number",
]
