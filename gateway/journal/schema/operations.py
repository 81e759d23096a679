"""What keeps the rest honest: numbers, rulesets in force, the chained audit trail."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from gateway.journal.schema.columns import METADATA, Environment, Hash, Id, Utc

counter = Table(
    "counter",
    METADATA,
    Column("connection", Text, primary_key=True),
    Column("environment", Environment, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("next", BigInteger, nullable=False),
)

void_number = Table(
    "void_number",  # numbers of a counter that no delivery bears and none will
    METADATA,
    Column("connection", Text, primary_key=True),
    Column("environment", Environment, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Utc, nullable=False),
)

duty = Table(
    "duty",
    METADATA,
    Column("name", Text, primary_key=True),  # core, line/<connection>
    Column("term", BigInteger, nullable=False),
    Column("holder", Text, nullable=False),
    Column("since", Utc, nullable=False),
)

ruleset = Table(
    "ruleset",
    METADATA,
    Column("hash", Hash, primary_key=True),
    Column("manifest", Text, nullable=False),
    Column("package_version", String(32), nullable=False),
    Column("first_used_at", Utc, nullable=False),
)

audit = Table(
    "audit",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("before", Text),
    Column("after", Text),
    Column("mac", LargeBinary(32), nullable=False),
)

published = Table(
    "published",  # deliveries that the journal did not know when it was restored, by each declaration in them
    METADATA,
    Column("delivery", Id, primary_key=True),
    Column("lrn", String(35), primary_key=True),  # empty: of a delivery without declarations
    Column("connection", Text, nullable=False),
    Column("environment", Environment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("directory", Text, nullable=False),
    Column("final_name", Text, nullable=False),
    Column("temp_name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Hash, nullable=False),
    Column("sent", Boolean(create_constraint=False), nullable=False),
    Column("recognised", Boolean(create_constraint=False), nullable=False),  # its delivery goes by the evidence of then
    Index("ix_published_lrn", "lrn", "environment"),
)

APPEND_ONLY = {
    "sqlite": tuple(
        f"create trigger audit_no_{verb} before {verb} on audit "
        "begin select raise(abort, 'the audit trail is append-only'); end"
        for verb in ("update", "delete")
    ),
    "postgresql": (
        """create function audit_append_only() returns trigger language plpgsql as
           $$ begin raise exception 'the audit trail is append-only'; end $$""",
        """create trigger audit_no_change before update or delete on audit
           for each row execute function audit_append_only()""",
        """create trigger audit_no_truncate before truncate on audit
           for each statement execute function audit_append_only()""",
    ),
}
