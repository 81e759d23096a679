"""The exchange that cannot lose: what is watched, sealed, acknowledged and handed from host to host.

Columns and tables, each null or empty in the journals that are there, and an index of the files: no row is copied.
"""

import sqlalchemy as sa
from alembic import op

from gateway.journal.schema.columns import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _watching()
    _batches()
    _hosts()
    _keeping()
    _restoring()


def _watching() -> None:
    op.create_table(
        "alert",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("masked", sa.Text(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("raised_at", Utc(), nullable=False),
        sa.Column("told_at", Utc(), nullable=True),
        sa.Column("cleared_at", Utc(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("code", "subject", name=op.f("pk_alert")),
    )
    op.create_index("ix_file_connection", "file", ["connection", "id"], unique=False)


def _batches() -> None:
    op.add_column("delivery", sa.Column("units", sa.Integer(), nullable=True))
    op.add_column("item", sa.Column("departs_at", Utc(), nullable=True))
    op.create_table(
        "run",
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("interchange", sa.String(length=26), nullable=False),
        sa.CheckConstraint("environment in ('production', 'test')", name=op.f("ck_run_environment")),
        sa.ForeignKeyConstraint(["interchange"], ["interchange.id"], name=op.f("fk_run_interchange")),
        sa.PrimaryKeyConstraint("environment", "sender", "kind", "prefix", "first", name=op.f("pk_run")),
    )
    op.create_table(
        "void_number",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "environment", "kind", "first", name=op.f("pk_void_number")),
    )


def _hosts() -> None:
    op.create_table(
        "duty",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("term", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duty")),
    )


def _keeping() -> None:
    op.add_column("item", sa.Column("erased_at", Utc(), nullable=True))
    op.create_table(
        "cleared",
        sa.Column("file", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["file.id"], name=op.f("fk_cleared_file")),
        sa.PrimaryKeyConstraint("file", "kind", name=op.f("pk_cleared")),
    )


def _restoring() -> None:
    op.create_table(
        "published",
        sa.Column("delivery", sa.String(length=26), nullable=False),
        sa.Column("lrn", sa.String(length=35), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("environment", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("directory", sa.Text(), nullable=False),
        sa.Column("final_name", sa.Text(), nullable=False),
        sa.Column("temp_name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sent", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("recognised", sa.Boolean(create_constraint=False), nullable=False),
        sa.PrimaryKeyConstraint("delivery", "lrn", name=op.f("pk_published")),
    )
    op.create_index("ix_published_lrn", "published", ["lrn", "environment"], unique=False)
