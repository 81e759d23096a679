"""What a person is to be told of: one row for each trouble that lasts."""

from sqlalchemy import Column, Integer, String, Table, Text

from gateway.journal.schema.columns import METADATA, Utc

alert = Table(
    "alert",
    METADATA,
    Column("code", String(8), primary_key=True),
    Column("subject", Text, primary_key=True),  # a name of ours: a connection, a route, an id; never a person's
    Column("severity", String(8), nullable=False),
    Column("masked", Text),  # of the message's placeholders, as JSON
    Column("times", Integer, nullable=False),
    Column("raised_at", Utc, nullable=False),
    Column("told_at", Utc),  # when a message last said so
    Column("cleared_at", Utc),  # the row goes once that is told, too
    Column("owner", Text),  # who is just telling it, and until when nobody else does
    Column("lease_until", Utc),
)
