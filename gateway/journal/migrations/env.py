"""Alembic asks here how to reach the journal: the connection is handed over by `gateway.journal.upgrade`."""

from alembic import context

from gateway.journal.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
