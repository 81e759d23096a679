"""The exchange that cannot lose: what is watched, sealed, acknowledged and handed from host to host.

Columns and tables alone, each null or empty in the journals that are there: nothing is copied, however long they are.
"""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing yet in what is there already."""
