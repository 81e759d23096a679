"""Alembic runs this file: `gateway.journal.upgrade` hands the connection over, the transaction is the caller's."""

from alembic import context

from gateway.journal.schema import METADATA


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True
    )
    context.run_migrations()


if __name__ == "env_py":  # the name under which Alembic loads it
    run()
