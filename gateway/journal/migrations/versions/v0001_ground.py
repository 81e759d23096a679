"""The first tables."""

from alembic import op

from gateway.journal.schema import APPEND_ONLY, METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    METADATA.create_all(op.get_bind())
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
