"""The first tables, as they were when this version was new: the schema of today lives in `gateway.journal.schema`."""

import sqlalchemy as sa
from alembic import op

from gateway.journal.schema import APPEND_ONLY
from gateway.journal.schema.columns import Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "blob",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_at", Utc(), nullable=False),
        sa.Column("purging_at", Utc(), nullable=True),
        sa.Column("purged_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blob")),
    )
    op.create_index(op.f("ix_blob_purging_at"), "blob", ["purging_at"], unique=False)
    op.create_index(op.f("ix_blob_sha256"), "blob", ["sha256"], unique=False)
    op.create_table(
        "counter",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "environment", "kind", name=op.f("pk_counter")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("directory", sa.Text(), server_default="", nullable=False),
        sa.Column("final_name", sa.Text(), nullable=False),
        sa.Column("control_reference", sa.Text(), nullable=True),
        sa.Column("temp_name", sa.Text(), nullable=True),
        sa.Column("mode", sa.String(length=16), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", Utc(), nullable=True),
        sa.Column("attempt", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_try_at", Utc(), nullable=True),
        sa.Column("sent_at", Utc(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("environment in ('production', 'test')", name=op.f("ck_delivery_environment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "connection",
            "environment",
            "kind",
            "control_reference",
            name=op.f("uq_delivery_connection_environment_kind_control_reference"),
        ),
        sa.UniqueConstraint("connection", "final_name", name=op.f("uq_delivery_connection_final_name")),
        sa.UniqueConstraint("id", "environment", name=op.f("uq_delivery_id_environment")),
    )
    op.create_index(op.f("ix_delivery_next_try_at"), "delivery", ["next_try_at"], unique=False)
    op.create_index("ix_delivery_state", "delivery", ["state", "connection", "id"], unique=False)
    op.create_table(
        "dossier",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("business_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.String(length=10), server_default="", nullable=False),
        sa.CheckConstraint("environment in ('production', 'test')", name=op.f("ck_dossier_environment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint(
            "environment", "kind", "business_id", "epoch", name=op.f("uq_dossier_environment_kind_business_id_epoch")
        ),
        sa.UniqueConstraint("id", "environment", name=op.f("uq_dossier_id_environment")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "finding",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("connection", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("masked", sa.Text(), nullable=True),
        sa.Column("line", sa.BigInteger(), nullable=True),
        sa.Column("offset", sa.BigInteger(), nullable=True),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.Column("row", sa.Text(), nullable=True),
        sa.Column("model_path", sa.Text(), nullable=True),
        sa.Column("wco_id", sa.Text(), nullable=True),
        sa.Column("waived_by", sa.Text(), nullable=True),
        sa.Column("waived_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("subject", "seq", name=op.f("pk_finding")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_finding_group", "finding", ["code", "row", "connection"], unique=False)
    op.create_table(
        "ruleset",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("package_version", sa.String(length=32), nullable=False),
        sa.Column("first_used_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_ruleset")),
    )
    op.create_table(
        "switch",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", Utc(), nullable=True),
        sa.Column("environment", sa.String(length=10), nullable=True),
        sa.Column("banner", sa.Text(), nullable=True),
        sa.Column("probe", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_switch")),
    )
    op.create_table(
        "delivery_part",
        sa.Column("delivery", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("blob", sa.String(length=26), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["blob"], ["blob.id"], name=op.f("fk_delivery_part_blob")),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name=op.f("fk_delivery_part_delivery")),
        sa.PrimaryKeyConstraint("delivery", "seq", name=op.f("pk_delivery_part")),
    )
    op.create_index("ix_delivery_part_bytes", "delivery_part", ["blob", "offset"], unique=False)
    op.create_table(
        "file",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("directory", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("blob", sa.String(length=26), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("parent", sa.String(length=26), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("format", sa.Text(), nullable=True),
        sa.Column("ruleset", sa.String(length=64), nullable=True),
        sa.Column("received_at", Utc(), nullable=True),
        sa.Column("items", sa.Integer(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", Utc(), nullable=True),
        sa.Column("attempt", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("environment in ('production', 'test')", name=op.f("ck_file_environment")),
        sa.ForeignKeyConstraint(["blob"], ["blob.id"], name=op.f("fk_file_blob")),
        sa.ForeignKeyConstraint(["parent"], ["file.id"], name=op.f("fk_file_parent")),
        sa.ForeignKeyConstraint(["ruleset"], ["ruleset.hash"], name=op.f("fk_file_ruleset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("id", "environment", name=op.f("uq_file_id_environment")),
    )
    op.create_index("ix_file_content", "file", ["connection", "sha256"], unique=False)
    op.create_index("ix_file_state", "file", ["state", "id"], unique=False)
    op.create_table(
        "identifier",
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("dossier", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.id"], name=op.f("fk_identifier_dossier")),
        sa.PrimaryKeyConstraint("value", "kind", "dossier", name=op.f("pk_identifier")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_identifier_dossier"), "identifier", ["dossier"], unique=False)
    op.create_table(
        "interchange",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("file", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("sender", sa.Text(), server_default="", nullable=False),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("type", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("test", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("prepared_at", sa.Text(), nullable=True),
        sa.Column("items", sa.Integer(), nullable=True),
        sa.Column("repeat_of", sa.String(length=26), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("head", sa.LargeBinary(), nullable=True),
        sa.Column("tail", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("environment in ('production', 'test')", name=op.f("ck_interchange_environment")),
        sa.ForeignKeyConstraint(["file"], ["file.id"], name=op.f("fk_interchange_file")),
        sa.ForeignKeyConstraint(["repeat_of"], ["interchange.id"], name=op.f("fk_interchange_repeat_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interchange")),
        sa.UniqueConstraint("file", "seq", name=op.f("uq_interchange_file_seq")),
        sa.UniqueConstraint("id", "environment", name=op.f("uq_interchange_id_environment")),
    )
    op.create_index(
        "uq_interchange_reference",
        "interchange",
        ["environment", "sender", "recipient", "type", "reference"],
        unique=True,
        sqlite_where=sa.text("repeat_of IS NULL"),
        postgresql_where=sa.text("repeat_of IS NULL"),
    )
    op.create_table(
        "sighting",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("directory", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mtime", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_seen", Utc(), nullable=False),
        sa.Column("last_seen", Utc(), nullable=False),
        sa.Column("polls", sa.Integer(), server_default="1", nullable=False),
        sa.Column("file_id", sa.String(length=26), nullable=True),
        sa.Column("tidied_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_sighting_file_id")),
        sa.PrimaryKeyConstraint("connection", "directory", "name", "size", "mtime", name=op.f("pk_sighting")),
    )
    op.create_index(op.f("ix_sighting_file_id"), "sighting", ["file_id"], unique=False)
    op.create_table(
        "batch",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("file", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("interchange", sa.String(length=26), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", Utc(), nullable=True),
        sa.Column("attempt", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["file"], ["file.id"], name=op.f("fk_batch_file")),
        sa.ForeignKeyConstraint(["interchange"], ["interchange.id"], name=op.f("fk_batch_interchange")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("file", "seq", name=op.f("uq_batch_file_seq")),
    )
    op.create_index("ix_batch_state", "batch", ["state", "id"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("file", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("interchange", sa.String(length=26), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=True),
        sa.Column("dossier", sa.String(length=26), nullable=True),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ruleset", sa.String(length=64), nullable=True),
        sa.Column("record_blob", sa.String(length=26), nullable=True),
        sa.Column("record_offset", sa.BigInteger(), nullable=True),
        sa.Column("record_length", sa.BigInteger(), nullable=True),
        sa.Column("places_blob", sa.String(length=26), nullable=True),
        sa.Column("places_offset", sa.BigInteger(), nullable=True),
        sa.Column("places_length", sa.BigInteger(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_item_batch")),
        sa.ForeignKeyConstraint(
            ["dossier", "environment"], ["dossier.id", "dossier.environment"], name=op.f("fk_item_dossier_environment")
        ),
        sa.ForeignKeyConstraint(["file"], ["file.id"], name=op.f("fk_item_file")),
        sa.ForeignKeyConstraint(
            ["interchange", "environment"],
            ["interchange.id", "interchange.environment"],
            name=op.f("fk_item_interchange_environment"),
        ),
        sa.ForeignKeyConstraint(["places_blob"], ["blob.id"], name=op.f("fk_item_places_blob")),
        sa.ForeignKeyConstraint(["record_blob"], ["blob.id"], name=op.f("fk_item_record_blob")),
        sa.ForeignKeyConstraint(["ruleset"], ["ruleset.hash"], name=op.f("fk_item_ruleset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("file", "seq", name=op.f("uq_item_file_seq")),
    )
    op.create_index(op.f("ix_item_dossier"), "item", ["dossier"], unique=False)
    op.create_index(
        "ix_item_item_id",
        "item",
        ["item_id"],
        unique=False,
        sqlite_where=sa.text("dossier IS NULL"),
        postgresql_where=sa.text("dossier IS NULL"),
    )
    op.create_index("ix_item_state", "item", ["state", "id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("cause_kind", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=26), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("item", sa.String(length=26), nullable=True),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("payload_blob", sa.String(length=26), nullable=True),
        sa.Column("payload_offset", sa.BigInteger(), nullable=True),
        sa.Column("payload_length", sa.BigInteger(), nullable=True),
        sa.Column("delivery", sa.String(length=26), nullable=True),
        sa.Column("made_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery", "environment"],
            ["delivery.id", "delivery.environment"],
            name=op.f("fk_answer_delivery_environment"),
        ),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_answer_item")),
        sa.ForeignKeyConstraint(["payload_blob"], ["blob.id"], name=op.f("fk_answer_payload_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("cause_kind", "cause", "route", name=op.f("uq_answer_cause_kind_cause_route")),
    )
    op.create_index(op.f("ix_answer_delivery"), "answer", ["delivery"], unique=False)
    op.create_index(
        "ix_answer_due",
        "answer",
        ["connection", "kind"],
        unique=False,
        sqlite_where=sa.text("delivery IS NULL"),
        postgresql_where=sa.text("delivery IS NULL"),
    )
    op.create_index(op.f("ix_answer_item"), "answer", ["item"], unique=False)
    op.create_table(
        "filing",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("dossier", sa.String(length=26), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("item", sa.String(length=26), nullable=True),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("declarant", sa.Text(), nullable=False),
        sa.Column("lrn", sa.String(length=35), nullable=False),
        sa.Column("mrn", sa.String(length=35), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("payload_blob", sa.String(length=26), nullable=True),
        sa.Column("payload_offset", sa.BigInteger(), nullable=True),
        sa.Column("payload_length", sa.BigInteger(), nullable=True),
        sa.Column("ruleset", sa.String(length=64), nullable=True),
        sa.Column("delivery", sa.String(length=26), nullable=True),
        sa.Column("wait_until", Utc(), nullable=True),
        sa.Column("answer_due_at", Utc(), nullable=True),
        sa.Column("replaces", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery", "environment"],
            ["delivery.id", "delivery.environment"],
            name=op.f("fk_filing_delivery_environment"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier", "environment"],
            ["dossier.id", "dossier.environment"],
            name=op.f("fk_filing_dossier_environment"),
        ),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_filing_item")),
        sa.ForeignKeyConstraint(["payload_blob"], ["blob.id"], name=op.f("fk_filing_payload_blob")),
        sa.ForeignKeyConstraint(["replaces"], ["filing.id"], name=op.f("fk_filing_replaces")),
        sa.ForeignKeyConstraint(["ruleset"], ["ruleset.hash"], name=op.f("fk_filing_ruleset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
        sa.UniqueConstraint(
            "dossier", "route", "purpose", "attempt", name=op.f("uq_filing_dossier_route_purpose_attempt")
        ),
        sa.UniqueConstraint("id", "environment", name=op.f("uq_filing_id_environment")),
        sa.UniqueConstraint("lrn", "declarant", "environment", name=op.f("uq_filing_lrn_declarant_environment")),
    )
    op.create_index(
        "ix_filing_answer_due_at",
        "filing",
        ["answer_due_at"],
        unique=False,
        sqlite_where=sa.text("answer_due_at IS NOT NULL"),
        postgresql_where=sa.text("answer_due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_filing_delivery",
        "filing",
        ["delivery"],
        unique=False,
        sqlite_where=sa.text("delivery IS NOT NULL"),
        postgresql_where=sa.text("delivery IS NOT NULL"),
    )
    op.create_index(
        "ix_filing_mrn",
        "filing",
        ["mrn"],
        unique=False,
        sqlite_where=sa.text("mrn IS NOT NULL"),
        postgresql_where=sa.text("mrn IS NOT NULL"),
    )
    op.create_index(
        "ix_filing_replaces",
        "filing",
        ["replaces"],
        unique=False,
        sqlite_where=sa.text("replaces IS NOT NULL"),
        postgresql_where=sa.text("replaces IS NOT NULL"),
    )
    op.create_index(
        "ix_filing_state", "filing", ["state", "route", "environment", "connection", "kind", "id"], unique=False
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("notification", sa.Text(), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("interchange", sa.String(length=26), nullable=True),
        sa.Column("item", sa.String(length=26), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("offset", sa.BigInteger(), nullable=True),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.BigInteger(), nullable=True),
        sa.Column("lrn", sa.String(length=35), nullable=True),
        sa.Column("mrn", sa.String(length=35), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("original", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("filing", sa.String(length=26), nullable=True),
        sa.Column("retry_until", Utc(), nullable=True),
        sa.Column("record_blob", sa.String(length=26), nullable=True),
        sa.Column("record_offset", sa.BigInteger(), nullable=True),
        sa.Column("record_length", sa.BigInteger(), nullable=True),
        sa.Column("ruleset", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["filing", "environment"], ["filing.id", "filing.environment"], name=op.f("fk_decision_filing_environment")
        ),
        sa.ForeignKeyConstraint(
            ["interchange", "environment"],
            ["interchange.id", "interchange.environment"],
            name=op.f("fk_decision_interchange_environment"),
        ),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_decision_item")),
        sa.ForeignKeyConstraint(["record_blob"], ["blob.id"], name=op.f("fk_decision_record_blob")),
        sa.ForeignKeyConstraint(["ruleset"], ["ruleset.hash"], name=op.f("fk_decision_ruleset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "authority", "environment", "notification", name=op.f("uq_decision_authority_environment_notification")
        ),
    )
    op.create_index(op.f("ix_decision_filing"), "decision", ["filing"], unique=False)
    op.create_index(op.f("ix_decision_item"), "decision", ["item"], unique=False)
    op.create_index(op.f("ix_decision_lrn"), "decision", ["lrn"], unique=False)
    op.create_index(op.f("ix_decision_mrn"), "decision", ["mrn"], unique=False)
    op.create_index("ix_decision_state", "decision", ["state", "id"], unique=False)
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
