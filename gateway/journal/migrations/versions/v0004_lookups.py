"""What was found by walking is looked up: an item's filings, a notification's decisions, few rows among many.

An index that also holds what is not done yet (no delivery, not being purged) finds nearly everything by that: it holds
what is done from here on. Indexes over what is there: of a long journal they take their time, once. For a while 0003
made the first two, too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _of_some("ix_filing_item", "filing", "item", "item IS NOT NULL")
    op.create_index("ix_decision_notification", "decision", ["notification"], unique=False, if_not_exists=True)
    op.drop_index("ix_answer_delivery", "answer")
    _of_some("ix_answer_delivery", "answer", "delivery", "delivery IS NOT NULL")
    op.drop_index("ix_blob_purging_at", "blob")
    _of_some("ix_blob_purging", "blob", "id", "purging_at IS NOT NULL AND purged_at IS NULL")


def _of_some(name: str, table: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], unique=False, sqlite_where=where, postgresql_where=where, if_not_exists=True)
