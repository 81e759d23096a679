import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.findings.errors import JournalFault
from gateway.journal.blobs import BlobDamaged, BlobGone, BlobStore
from gateway.journal.ids import new_id


@pytest.fixture
def calls(monkeypatch):
    """Every fsync and rename, in order, by what it was done to."""
    seen = []
    sync, rename = os.fsync, os.rename

    def fsync(handle):
        seen.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        sync(handle)

    def move(source, target, **more):
        seen.append("rename")
        rename(source, target, **more)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", move)
    return seen


def test_a_blob_is_synced_renamed_and_its_folder_synced_once_each(blobs, calls):
    blobs.write("raw", "post.live", [b"first: makes the folders"])
    calls.clear()
    blobs.write("raw", "post.live", [b"x" * 100] * 1000)
    assert calls == ["sync file", "rename", "sync folder"]


def test_a_new_folder_is_synced_into_its_parent(blobs, calls):
    blobs.write("raw", "post.live", [])
    assert calls.count("sync folder") == 5  # one for each of four new folders, one for the rename


@pytest.mark.parametrize(("kind", "side"), [("raw", "in"), ("record", "in"), ("filed", "out"), ("answer", "out")])
def test_a_blob_lies_below_its_side_and_connection_under_its_id(blobs, state_dir, kind, side):
    blob = blobs.write(kind, "post.live", [b"ab", b"c"])
    assert blob.path == f"spool/{side}/post.live/{blob.id}.{kind}"
    assert (state_dir / blob.path).read_bytes() == b"abc"
    assert (blob.size, blob.sha256[:8]) == (3, "ba7816bf")


def test_blobs_are_ours_alone(blobs, state_dir):
    path = state_dir / blobs.write("raw", "post.live", [b"x"]).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = [parent for parent in path.parents if parent.is_relative_to(state_dir)]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "-rf", "a\nb", "é", "x" * 101])
def test_a_connection_that_is_no_folder_name_is_refused(blobs, name):
    with pytest.raises(JournalFault):
        blobs.write("raw", name, [b"x"])


def write_three(blobs, blocks):
    with blobs.draft("raw", "post.live") as draft:
        for _ in range(3):
            draft.write(next(blocks))


def test_an_abandoned_draft_leaves_nothing(blobs, state_dir):
    blocks = iter([b"half of the fi"])
    with pytest.raises(StopIteration):
        write_three(blobs, blocks)
    assert list(state_dir.glob("spool/in/post.live/*")) == []


def test_two_who_write_the_same_blob_have_a_part_each(blobs, state_dir):
    ulid = new_id()
    with blobs.draft("raw", "post.live", ulid) as late:
        late.write(b"much longer than what")
        blob = blobs.write("raw", "post.live", [b"new"], ulid)
        late.write(b"comes now")
    assert [path.name for path in (state_dir / blob.path).parent.iterdir()] == [f"{ulid}.raw"]
    assert (state_dir / blob.path).read_bytes() == b"new"


def test_what_another_one_has_begun_is_taken_away_and_cannot_be_finished(blobs, state_dir):
    ulid, other = new_id(), blobs.write("raw", "post.live", [b"whole"])
    with blobs.draft("raw", "post.live", ulid) as late:
        late.write(b"half")
        blobs.forsake("raw", "post.live", ulid)
        with pytest.raises(FileNotFoundError):
            late.keep()
    assert list(state_dir.glob("spool/*/*/*")) == [state_dir / other.path]


def write_to_full(blobs):
    with blobs.draft("raw", "post.live") as draft, Path("/dev/full").open("wb") as full:
        draft.write(b"in the buffer")
        os.dup2(full.fileno(), draft._out.fileno())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_disk_that_has_no_room_for_what_is_buffered_keeps_no_part(blobs, state_dir):
    with pytest.raises(OSError, match="No space left"):
        write_to_full(blobs)
    assert list(state_dir.glob("spool/in/post.live/*")) == []


def test_what_is_on_disk_without_a_row_is_found_and_hashed_again(blobs):
    blob = blobs.write("raw", "post.live", [b"abc"])
    assert blobs.find("raw", "post.live", blob.id) == blob
    assert blobs.find("raw", "post.live", new_id()) is None


@given(parts=st.lists(st.binary(max_size=50), max_size=20))
def test_every_part_is_read_back_from_its_offset(tmp_path_factory, parts):
    store = BlobStore(tmp_path_factory.mktemp("state"))
    with store.draft("record", "post.live") as draft:
        places = [(draft.write(part), len(part)) for part in parts]
        blob = draft.keep()
    whole = (store.root / blob.path).read_bytes()
    assert [whole[at : at + size] for at, size in places] == parts
    assert blob.size == len(whole)


def test_a_stretch_of_a_blob_is_read_by_its_id(journal, blobs):
    blob = blobs.write("raw", "post.live", [b"0123456789"])
    with journal.write() as conn:
        blobs.add(conn, blob)
    with journal.read() as conn:
        assert blobs.read(conn, blob.id) == b"0123456789"
        assert blobs.read(conn, blob.id, 3, 4) == b"3456"
        with pytest.raises(JournalFault):
            blobs.read(conn, new_id())


def test_a_blob_that_is_not_as_it_was_stored_is_damaged_and_no_trouble_of_the_machine(journal, blobs, state_dir):
    short, folder = (blobs.write("raw", "post.live", [b"0123456789"]) for _ in range(2))
    with journal.write() as conn:
        blobs.add(conn, short, folder)
    (state_dir / short.path).write_bytes(b"01234")
    (state_dir / folder.path).unlink()
    (state_dir / folder.path).mkdir()
    with journal.read() as conn:
        assert blobs.read(conn, short.id, 0, 5) == b"01234"
        for ulid, offset in ((short.id, 3), (folder.id, 0)):
            with pytest.raises(BlobDamaged):
                blobs.read(conn, ulid, offset, 4)


def test_orphans_are_old_files_that_no_row_speaks_of(journal, blobs, clock, state_dir):
    clock.time = datetime.now(UTC)
    known, fresh, old = (blobs.write("record", "post.live", [b"x"]) for _ in range(3))
    received = blobs.write("raw", "post.live", [b"x"])  # of a journal that was restored: adopted, never swept
    with journal.write() as conn:
        blobs.add(conn, known)
    long_ago = (clock.now() - timedelta(hours=25)).timestamp()
    for blob in (known, old, received):
        os.utime(state_dir / blob.path, (long_ago, long_ago))
    with journal.read() as conn:
        named = blobs.named(conn)
    assert list(blobs.orphans(named)) == [state_dir / old.path]
    assert (state_dir / fresh.path).exists()


def test_what_goes_while_the_spool_is_walked_is_no_orphan(blobs, state_dir, monkeypatch):
    gone, old = (blobs.write("record", "post.live", [b"x"]) for _ in range(2))
    for blob in (gone, old):
        os.utime(state_dir / blob.path, (0, 0))
    stat = Path.stat

    def look(path, **how):
        if path == state_dir / gone.path:
            path.unlink(missing_ok=True)
        return stat(path, **how)

    monkeypatch.setattr(Path, "stat", look)
    assert list(blobs.orphans(())) == [state_dir / old.path]


def test_a_purge_may_stop_after_any_step_and_begin_again(journal, blobs, state_dir):
    blob, other = (blobs.write("raw", "post.live", [b"name"]) for _ in range(2))
    with journal.write() as conn:
        blobs.add(conn, blob, other)
        blobs.mark(conn, [blob.id])
    for _ in range(2):  # killed after the unlink: the next start does it again
        with journal.read() as conn:
            due = blobs.marked(conn)
            with pytest.raises(BlobGone):
                blobs.read(conn, blob.id)
        assert [one.id for one in due] == [blob.id]
        blobs.unlink(due)
    with journal.write() as conn:
        blobs.purged(conn, due)
    with journal.read() as conn:
        assert blobs.marked(conn) == []
        assert blobs.read(conn, other.id) == b"name"
    assert not (state_dir / blob.path).exists()
