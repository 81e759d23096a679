"""What was picked up: switches of lines, directory entries, bytes, files, envelopes, batches."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from gateway.journal.schema.columns import (
    METADATA,
    Environment,
    Hash,
    Id,
    Utc,
    environment,
    index_where,
    key,
    lease,
    state,
)

switch = Table(
    "switch",
    METADATA,
    Column("kind", String(16), primary_key=True),  # connection, route
    Column("name", Text, primary_key=True),
    Column("state", String(16), nullable=False),  # active, paused, unreachable, braked
    Column("since", Utc, nullable=False),
    Column("who", Text),
    Column("reason", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Utc),
    Column("environment", Environment),
    Column("banner", Text),
    Column("probe", Text),
)

blob = Table(
    "blob",
    METADATA,
    key(),
    Column("kind", String(16), nullable=False),
    Column("connection", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Hash, nullable=False, index=True),
    Column("stored_at", Utc, nullable=False),
    Column("purging_at", Utc),
    Column("purged_at", Utc),
)
index_where(blob.c.purging_at.is_not(None) & blob.c.purged_at.is_(None), "ix_blob_purging", blob.c.id)

file = Table(
    "file",
    METADATA,
    key(),
    Column("connection", Text, nullable=False),
    environment(),
    Column("directory", Text, nullable=False, server_default=""),
    Column("name", LargeBinary, nullable=False),
    Column("blob", Id, ForeignKey("blob.id")),
    Column("sha256", Hash),
    Column("parent", Id, ForeignKey("file.id")),
    state(),
    Column("format", Text),
    Column("ruleset", Hash, ForeignKey("ruleset.hash")),
    Column("received_at", Utc),
    Column("items", Integer),
    Column("legal_hold", Boolean(create_constraint=False), nullable=False, server_default=false()),
    *lease(),
    UniqueConstraint("id", "environment"),
    CheckConstraint("environment in ('production', 'test')", "environment"),
    Index("ix_file_content", "connection", "sha256"),
    Index("ix_file_connection", "connection", "id"),  # the last ones of a line
    Index("ix_file_state", "state", "id"),
)

sighting = Table(
    "sighting",
    METADATA,
    Column("connection", Text, primary_key=True),
    Column("directory", Text, primary_key=True),
    Column("name", LargeBinary, primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("mtime", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen", Utc, nullable=False),
    Column("last_seen", Utc, nullable=False),
    Column("polls", Integer, nullable=False, server_default="1"),
    Column("file_id", Id, ForeignKey("file.id"), index=True),
    Column("tidied_at", Utc),
)

cleared = Table(
    "cleared",
    METADATA,
    Column("file", Id, ForeignKey("file.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),  # the class of data: raw, record, filed, findings, identifiers
    Column("at", Utc, nullable=False),
)

interchange = Table(
    "interchange",
    METADATA,
    key(),
    Column("file", Id, ForeignKey("file.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    environment(),
    Column("sender", Text, nullable=False, server_default=""),
    Column("recipient", Text, nullable=False, server_default=""),
    Column("type", Text, nullable=False, server_default=""),
    Column("reference", Text),
    Column("test", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("prepared_at", Text),
    Column("items", Integer),
    Column("repeat_of", Id, ForeignKey("interchange.id")),
    Column("digest", Hash),  # of the bytes of its items: same reference, same content?
    Column("head", LargeBinary),
    Column("tail", LargeBinary),
    UniqueConstraint("file", "seq"),
    UniqueConstraint("id", "environment"),
    CheckConstraint("environment in ('production', 'test')", "environment"),
)
index_where(
    interchange.c.repeat_of.is_(None),
    "uq_interchange_reference",
    interchange.c.environment,
    interchange.c.sender,
    interchange.c.recipient,
    interchange.c.type,
    interchange.c.reference,
    unique=True,
)

run = Table(
    "run",  # of references of a sender: what came without a gap, from the first number to the last
    METADATA,
    Column("environment", Environment, primary_key=True),
    Column("sender", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # a format; empty where several share one run
    Column("prefix", Text, primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("since", Utc, nullable=False),  # when the gap before it was noticed
    Column("interchange", Id, ForeignKey("interchange.id"), nullable=False),  # whose number is the first
    CheckConstraint("environment in ('production', 'test')", "environment"),
)

batch = Table(
    "batch",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("file", Id, ForeignKey("file.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("interchange", Id, ForeignKey("interchange.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("line", BigInteger, nullable=False),
    Column("items", Integer, nullable=False),
    Column("connection", Text, nullable=False),
    state(),
    *lease(),
    UniqueConstraint("file", "seq"),
    Index("ix_batch_state", "state", "id"),
)
