"""A journal on a server is put back by whoever has it alone: locks of a state folder know nothing of other hosts."""

import shutil

import pytest

from gateway.journal.restore import BEGUN
from gateway.journal.tenure import TenureLost
from gateway.runner.queue.duties import Duties
from gateway.runner.queue.sole import Sole
from gateway.steps.recovering import restore
from tests.crash.scenarios.commands import command

DUTIES = ("core", "line/example-post.live")


@pytest.fixture
def saved(site, gate):
    folder = str(gate.blobs.root.with_name("saved"))
    assert command(site, "backup", folder) == 0
    return folder


@pytest.mark.parametrize("options", [("--keep-spool",), ()])
@pytest.mark.parametrize("duty", DUTIES)
def test_beside_a_host_at_work_nothing_is_restored(site, saved, duties, duty, options):
    state = site.folder / "state"
    if not options:
        shutil.rmtree(state)
    duties[0].take(duty) if options else duties[0]._ask("select pg_try_advisory_lock(%s)", duty)
    before = sorted(state.rglob("*"))
    assert command(site, "restore", saved, *options) == 5
    assert not (state / BEGUN).exists() and {one for one in state.rglob("*") if one.suffix != ".lock"} <= set(before)
    duties[0].close()
    assert command(site, "restore", saved, *options) == 0


def test_what_is_restored_is_written_by_whoever_has_every_duty(site, saved, gates, monkeypatch):
    """A host that begins meanwhile gets none; one that had them before is refused."""
    here, there = gates
    adopt, seen = restore.adopt.adopt, []

    def meanwhile(gate):
        other = Duties(there.journal, there.owner, lambda: None)
        other.open()
        seen.extend(other.take(name) for name in DUTIES)
        other.close()
        with pytest.raises(TenureLost), late.journal.write():
            pass
        return adopt(gate)

    with Sole(here, ("core", "mover")).held() as late:
        pass
    monkeypatch.setattr(restore.adopt, "adopt", meanwhile)
    assert command(site, "restore", saved, "--keep-spool") == 0
    assert seen == [None, None]
