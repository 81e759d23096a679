"""The exchange that cannot lose: what is watched, sealed, acknowledged and handed from host to host.

Columns and tables alone, each null or empty in the journals that are there: nothing is copied, however long they are.
"""

import sqlalchemy as sa
from alembic import op

from gateway.journal.schema.columns import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _watching()


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
        sa.PrimaryKeyConstraint("code", "subject", name=op.f("pk_alert")),
    )
