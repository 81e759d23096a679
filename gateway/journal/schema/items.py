"""What was understood: one row a parcel (dossier), one a message about it (item), what was found, what to search by."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from gateway.journal.schema.columns import (
    METADATA,
    Hash,
    Id,
    Utc,
    blob_keys,
    environment,
    index_where,
    key,
    place,
    same_environment,
    state,
)

dossier = Table(
    "dossier",
    METADATA,
    key(),
    environment(),
    Column("kind", String(16), nullable=False),
    Column("business_id", Text, nullable=False),
    Column("epoch", String(10), nullable=False, server_default=""),
    UniqueConstraint("environment", "kind", "business_id", "epoch"),
    UniqueConstraint("id", "environment"),
    CheckConstraint("environment in ('production', 'test')", "environment"),
    sqlite_with_rowid=False,
)

item = Table(
    "item",
    METADATA,
    key(),
    Column("file", Id, ForeignKey("file.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("interchange", Id, nullable=False),
    Column("batch", String(40), ForeignKey("batch.id")),
    Column("dossier", Id, index=True),
    environment(),
    Column("kind", String(16), nullable=False),  # consignment, decision, movement
    Column("item_id", Text),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("line", BigInteger),
    Column("version", Text),
    Column("content_hash", Hash),
    state(),
    Column("ruleset", Hash, ForeignKey("ruleset.hash")),
    *place("record"),
    *place("places"),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("erased_at", Utc),
    Column("kept", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("departs_at", Utc),  # when its transport leaves, where its record says so
    UniqueConstraint("file", "seq"),
    same_environment("interchange", "interchange"),
    same_environment("dossier", "dossier"),
    *blob_keys("record", "places"),
    Index("ix_item_state", "state", "id"),
)
index_where(item.c.dossier.is_(None), "ix_item_item_id", item.c.item_id)

finding = Table(
    "finding",
    METADATA,
    Column("subject", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("subject_kind", String(16), nullable=False),
    Column("connection", Text, nullable=False, server_default=""),
    Column("code", String(8), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("masked", Text),  # the values for the message's placeholders, JSON, personal ones masked
    Column("line", BigInteger),
    Column("offset", BigInteger),
    Column("length", BigInteger),
    Column("path", Text),
    Column("segment", Integer),
    Column("row", Text),  # file:line of the mapping row
    Column("model_path", Text),
    Column("wco_id", Text),
    Column("waived_by", Text),
    Column("waived_at", Utc),
    Index("ix_finding_group", "code", "row", "connection"),
    sqlite_with_rowid=False,
)

identifier = Table(
    "identifier",
    METADATA,
    Column("value", Text, primary_key=True),  # first: the key is the index of the search
    Column("kind", String(16), primary_key=True),  # s10, house, receptacle, master, order, reference
    Column("dossier", Id, ForeignKey("dossier.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
