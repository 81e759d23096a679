"""What is said to customs and what customs says: filings, deliveries, decisions, answers."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
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
    lease,
    place,
    same_environment,
    state,
)

delivery = Table(
    "delivery",
    METADATA,
    key(),
    Column("connection", Text, nullable=False),
    environment(),
    Column("kind", Text, nullable=False),
    Column("directory", Text, nullable=False, server_default=""),
    Column("final_name", Text, nullable=False),
    Column("control_reference", Text),
    Column("temp_name", Text),
    Column("mode", String(16)),
    Column("size", BigInteger),
    Column("sha256", Hash),
    state(),
    *lease(),
    Column("next_try_at", Utc, index=True),
    Column("sent_at", Utc),
    Column("reason", Text),
    Column("units", Integer),  # of an envelope: how many messages are in it
    UniqueConstraint("connection", "final_name"),
    UniqueConstraint("connection", "environment", "kind", "control_reference"),
    UniqueConstraint("id", "environment"),
    CheckConstraint("environment in ('production', 'test')", "environment"),
    Index("ix_delivery_state", "state", "connection", "id"),
)

delivery_part = Table(
    "delivery_part",
    METADATA,
    Column("delivery", Id, ForeignKey("delivery.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("blob", Id, ForeignKey("blob.id"), nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Index("ix_delivery_part_bytes", "blob", "offset"),
)

filing = Table(
    "filing",
    METADATA,
    key(),
    Column("dossier", Id, nullable=False),
    environment(),
    Column("route", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("item", Id, ForeignKey("item.id")),
    Column("connection", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("declarant", Text, nullable=False),
    Column("lrn", String(35), nullable=False),
    Column("mrn", String(35)),
    Column("version", Text),
    Column("content_hash", Hash),
    state(),
    Column("outcome", Text),
    *place("payload"),
    Column("ruleset", Hash, ForeignKey("ruleset.hash")),
    Column("delivery", Id),
    Column("wait_until", Utc),
    Column("answer_due_at", Utc),
    Column("replaces", Id, ForeignKey("filing.id")),
    Column("about", Id, ForeignKey("filing.id")),  # of a request: the declaration it is about
    Column("lead", Id, ForeignKey("filing.id")),  # of several parcels in one declaration: the filing that carries it
    Column("place", Integer),  # and the number of this parcel's first goods item in it
    Column("goods", Integer),  # of a parcel that is declared together with others: how many goods items it has
    Column("together", String(32)),  # and what those have in common that may stand in one declaration
    Column("reason", Text),  # why the request is made: a code of the authority
    Column("note", Text),  # and in words
    Column("edition", Text),  # of the official schema it was held against
    UniqueConstraint("dossier", "route", "purpose", "attempt"),
    UniqueConstraint("lrn", "declarant", "environment"),
    UniqueConstraint("id", "environment"),
    same_environment("dossier", "dossier"),
    same_environment("delivery", "delivery"),
    *blob_keys("payload"),
    Index("ix_filing_state", "state", "route", "environment", "connection", "kind", "id"),  # what goes out together
)
for _name in ("item", "mrn", "delivery", "answer_due_at", "replaces", "about", "lead"):
    index_where(filing.c[_name].is_not(None), f"ix_filing_{_name}", filing.c[_name])


decision = Table(
    "decision",
    METADATA,
    key(),
    Column("authority", Text, nullable=False),
    environment(),
    Column("notification", Text, nullable=False, index=True),
    Column("connection", Text, nullable=False),
    Column("interchange", Id),
    Column("item", Id, ForeignKey("item.id"), index=True),
    Column("seq", Integer),
    Column("offset", BigInteger),
    Column("length", BigInteger),
    Column("line", BigInteger),
    Column("lrn", String(35), index=True),
    Column("mrn", String(35), index=True),
    Column("version", Text),
    Column("issued_at", Text),
    Column("outcome", Text),
    Column("original", Text),
    state(),
    Column("filing", Id, index=True),
    Column("retry_until", Utc),
    *place("record"),
    Column("ruleset", Hash, ForeignKey("ruleset.hash")),
    Column("cause", Text),  # its reason codes, each once, in order: equal causes brake a route
    Column("request", String(35)),  # the reference of a request, as customs names it
    Column("releases", Text),  # where it speaks of goods items alone: that may move, with - that may not
    UniqueConstraint("authority", "environment", "notification"),
    same_environment("interchange", "interchange"),
    same_environment("filing", "filing"),
    *blob_keys("record"),
    Index("ix_decision_state", "state", "id"),
)

answer = Table(
    "answer",
    METADATA,
    key(),
    Column("cause_kind", String(16), nullable=False),
    Column("cause", Id, nullable=False),
    Column("route", Text, nullable=False),
    Column("item", Id, ForeignKey("item.id"), index=True),
    Column("connection", Text, nullable=False),
    Column("kind", Text, nullable=False),
    environment(),
    *place("payload"),
    Column("delivery", Id),
    Column("made_at", Utc),
    UniqueConstraint("cause_kind", "cause", "route"),
    same_environment("delivery", "delivery"),
    *blob_keys("payload"),
)
index_where(answer.c.delivery.is_(None), "ix_answer_due", answer.c.connection, answer.c.kind)
index_where(answer.c.delivery.is_not(None), "ix_answer_delivery", answer.c.delivery)
