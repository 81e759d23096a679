"""The role `core`: what its loop does beside the work, and that no turn of it takes long."""

from datetime import timedelta

from gateway.journal import anchors
from gateway.journal.audit import append
from gateway.runner.bell import Bell
from gateway.runner.role_core import ANCHOR, CoreRole
from gateway.steps.watching import anchor


def test_a_trail_that_was_never_gone_along_is_anchored_a_page_a_turn(site, monkeypatch):
    """The service manager hears of the loop between two turns; a whole trail takes longer than it waits."""
    monkeypatch.setattr(anchor, "PAGE", 10)
    read = []
    monkeypatch.setattr(anchor.audit, "verify", _counted(anchor.audit.verify, read))
    bell = Bell()
    with site.gate() as gate:
        with gate.journal.write() as conn:
            for _ in range(35):
                append(conn, "probe", "something")
        core = CoreRole(gate, bell, lambda: None)
        core.turn(0.0, flush=False)
        site.clock.at += timedelta(seconds=ANCHOR + 1)
        turns = []
        while not (known := anchors.read(anchor.place(gate.hub.settings))):
            core.turn(0.0, flush=False)
            turns.append(len(read))
            assert len(turns) < 20
        core.close(0.0)
        bell.close()
        assert turns == list(range(1, len(turns) + 1)) and len(turns) > 3, "a page a turn"
        assert known[0].head == anchor.walk(gate).head


def _counted(verify, read):
    def counted(*words):
        read.append(words)
        return verify(*words)

    return counted
