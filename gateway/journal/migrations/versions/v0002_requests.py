"""Requests about declarations, declarations for several parcels, what customs refuses and what a filing was held to.

Columns alone, each null in the rows that are there: nothing is copied, however long the journal is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

FILING = ("about", "lead")
"""Columns of a filing that name another filing."""


def upgrade() -> None:
    for name in FILING:  # the key within the column: both stores add it so, and SQLite knows no other way
        op.execute(
            f"alter table filing add column {name} varchar(26) constraint fk_filing_{name} references filing (id)"
        )
    op.add_column("filing", sa.Column("place", sa.Integer(), nullable=True))
    op.add_column("filing", sa.Column("goods", sa.Integer(), nullable=True))
    op.add_column("filing", sa.Column("together", sa.String(length=32), nullable=True))
    for name in ("reason", "note", "edition"):
        op.add_column("filing", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("decision", sa.Column("cause", sa.Text(), nullable=True))
    op.add_column("decision", sa.Column("request", sa.String(length=35), nullable=True))
    op.add_column("decision", sa.Column("releases", sa.Text(), nullable=True))
    for name in FILING:
        op.create_index(
            f"ix_filing_{name}",
            "filing",
            [name],
            unique=False,
            sqlite_where=sa.text(f"{name} IS NOT NULL"),
            postgresql_where=sa.text(f"{name} IS NOT NULL"),
        )
