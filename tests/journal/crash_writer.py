"""A writer to be killed: for ever blob, then one transaction of rows, number and audit entry, then the id on stdout."""

import sys
from pathlib import Path

from gateway.journal.blobs import BlobStore
from gateway.journal.counter import next_number
from gateway.journal.ids import new_id
from gateway.journal.store import open_journal
from gateway.steps.ground import moves


def write(state_dir):
    journal, blobs = open_journal(state_dir), BlobStore(state_dir)
    while True:
        blob = blobs.write("raw", "post.live", [new_id().encode()] * 40)
        row = {"id": new_id(), "connection": "post.live", "environment": "test", "name": b"a", "state": "sighted"}
        with journal.write() as conn:
            blobs.add(conn, blob)
            number = next_number(conn, "post.live", "test", "files")
            moves.enter(conn, "file", [row | {"blob": blob.id, "items": number}], "P", "sight")
        sys.stdout.write(f"{row['id']} {number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
