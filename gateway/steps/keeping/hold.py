"""Legal holds: what came in a file, and what was made of it, is neither purged nor erased until the hold is lifted."""

from sqlalchemy import select, update

from gateway.journal import audit, schema
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.refusal import NotPossible

f = schema.file


def hold(gate: Gate, file: str, who: str, *, on: bool) -> bool:
    """Set or lift the hold of a file; false when it is so already. Raises: NotPossible."""
    with gate.journal.write("hold.set") as conn:
        before = conn.scalar(select(f.c.legal_hold).where(f.c.id == file))
        if before is None:
            raise NotPossible("there is no file of this id")
        if bool(before) == on:
            return False
        conn.execute(update(f).where(f.c.id == file).values(legal_hold=on))
        audit.append(conn, "hold" if on else "lift", file, "held" if before else None, "held" if on else None, who)
    return True
