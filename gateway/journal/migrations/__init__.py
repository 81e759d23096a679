"""Alembic's folder: every version of the journal's tables, from empty. Run by `gateway.journal.store.open_journal`."""
