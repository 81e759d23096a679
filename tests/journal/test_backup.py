"""A backup is whole or not there; what it holds can be put back, and only that."""

import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import update

from gateway.findings.errors import BackupUnusable, StateLocked
from gateway.journal import backup, restore, schema
from gateway.journal.lock import hold_lock
from gateway.journal.saved import MANIFEST, STAMP, damaged, manifest_of, set_aside
from gateway.journal.shelf import found, newest, newest_of_each
from gateway.journal.sqlite import NAME
from gateway.journal.store import open_journal

KILLED = """
import sys
from pathlib import Path
from gateway.journal.backup import make
from gateway.journal.store import open_journal
make(open_journal(sys.argv[1]), Path(sys.argv[2]), "GW1")
"""


@pytest.fixture
def target(state_dir):
    """A server's journal is saved by the server's own means."""
    return state_dir


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def rows(journal, query="select id from blob order by id"):
    with closing(sqlite3.connect(journal)) as conn:
        return [row[0] for row in conn.execute(query)]


def flip(file):
    """One byte is another: as many as before."""
    data = file.read_bytes()
    file.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    return file


def test_every_blob_that_the_saved_journal_names_is_saved(world, journal, folder):
    ids = sorted(world.blob() for _ in range(3))
    made = backup.make(journal, folder, "GW1")
    assert rows(made.folder / NAME) == ids and made.manifest.missing == ()
    assert {path.name.partition(".")[0] for path in made.folder.glob("spool/*/*/*")} == {*ids}
    assert (made.folder / "audit.key").read_bytes() == (journal.state_dir / "audit.key").read_bytes()
    assert list(damaged(made.folder, made.manifest)) == [] and newest(folder) == made.folder
    assert made.folder.stat().st_mode & 0o077 == 0


def test_a_blob_that_is_purged_meanwhile_is_not_missed(world, journal, blobs, folder, monkeypatch):
    gone, stays = world.blob(), world.blob()
    save = backup._save

    def purge_after(source, target):
        save(source, target)
        with journal.write() as conn:
            blobs.mark(conn, [gone])
            blobs.unlink(blobs.marked(conn))

    monkeypatch.setattr(backup, "_save", purge_after)
    made = backup.make(journal, folder, "GW1")
    assert (made.manifest.purged, made.manifest.missing) == ((gone,), ())
    assert [path.stem for path in made.folder.glob("spool/*/*/*")] == [stays]


def test_a_blob_that_is_written_anew_meanwhile_is_saved_under_its_new_name(world, journal, folder, monkeypatch):
    ulid = world.blob()
    save = backup._save

    def write_anew_after(source, target):
        save(source, target)
        (old,) = journal.state_dir.glob(f"spool/*/*/{ulid}*")
        new = old.rename(old.with_name(f"{ulid}~1{old.suffix}"))
        with journal.write() as conn:
            conn.execute(update(schema.blob).values(path=str(new.relative_to(journal.state_dir))))

    monkeypatch.setattr(backup, "_save", write_anew_after)
    made = backup.make(journal, folder, "GW1")
    assert (made.manifest.purged, made.manifest.missing) == ((), ())
    assert [path.stem for path in made.folder.glob("spool/*/*/*")] == [f"{ulid}~1"]


def test_a_blob_that_was_lost_before_is_told(world, journal, folder):
    lost = world.blob()
    next(journal.state_dir.glob(f"spool/*/*/{lost}*")).unlink()
    assert backup.make(journal, folder, "GW1").manifest.missing == (lost,)


def test_the_next_backup_shares_what_has_not_changed(world, journal, folder):
    world.blob()
    first = backup.make(journal, folder, "GW1")
    world.blob()
    first.folder.rename(folder / "20200101T000000Z")
    second = backup.make(journal, folder, "GW1")
    assert second.linked == 1 and len(list(second.folder.glob("spool/*/*/*"))) == 2
    assert list(damaged(second.folder, second.manifest)) == []
    third = backup.make(journal, folder, "GW1", keep=1)
    assert sorted(third.removed) == [folder / "20200101T000000Z", second.folder] and third.linked == 2
    assert found(folder) == [third.folder] and list(damaged(third.folder, third.manifest)) == []


def test_what_was_just_made_stays_and_one_from_the_future_is_the_oldest(journal, folder):
    folder.mkdir()
    for name in ("20991231T000000Z", "20200101T000000Z"):
        backup.make(journal, folder, "GW1").folder.rename(folder / name)
    assert newest(folder).name == "20200101T000000Z", "a clock was wrong: when the other one was made nobody knows"
    made = backup.make(journal, folder, "GW1", keep=2)
    assert [one.name for one in made.removed] == ["20991231T000000Z"] and newest(folder) == made.folder
    made.folder.rename(folder / "20991231T000000Z")
    made = backup.make(journal, folder, "GW1", keep=1)
    assert found(folder) == [made.folder]


def test_another_gateways_backups_are_left_alone(world, journal, folder):
    world.blob()
    other = backup.make(journal, folder, "GW2").folder
    in_the_making = folder / ".20260101T000000Z.GW2.part"
    in_the_making.mkdir()
    made = backup.make(journal, folder, "GW1", keep=1)
    assert (made.linked, made.removed) == (0, ()) and in_the_making.exists()
    assert newest_of_each(folder) == [made.folder, other]


def test_two_gateways_that_begin_within_a_second_have_each_a_backup(journal, folder, monkeypatch):
    fill = backup._fill

    def fill_while_another_is_made(of, copy, gateway, config):
        manifest = fill(of, copy, gateway, config)
        copy.draft.with_name(f"{copy.at:{STAMP}}").mkdir()
        (copy.draft.with_name(f"{copy.at:{STAMP}}") / MANIFEST).write_text("{}")
        return manifest

    monkeypatch.setattr(backup, "_fill", fill_while_another_is_made)
    made = backup.make(journal, folder, "GW1")
    assert len(found(folder)) == 2 and newest(folder) == made.folder


def test_in_a_backup_no_other_is_made(journal, folder):
    made = backup.make(journal, folder, "GW1").folder
    with pytest.raises(BackupUnusable, match=f"is a backup itself, .* give {folder}"):
        backup.make(journal, made, "GW1", keep=1)


@pytest.mark.parametrize("spoil", [lambda file: file.write_bytes(b""), Path.unlink, flip])
def test_a_damaged_file_is_not_shared_with_the_next_backup(world, journal, folder, spoil):
    world.blob()
    first = backup.make(journal, folder, "GW1")
    spoil(next(first.folder.glob("spool/*/*/*")))
    assert set_aside(first.folder, damaged(first.folder, first.manifest)) == []
    second = backup.make(journal, folder, "GW1")
    assert second.linked == 0 and list(damaged(second.folder, second.manifest)) == []
    assert len(list(damaged(first.folder, first.manifest))) == 1, "and is said of the first one again"


def test_what_cannot_be_set_aside_is_told(world, journal, folder):
    world.blob()
    made = backup.make(journal, folder, "GW1").folder
    blob = flip(next(made.glob("spool/*/*/*")))
    (blob.parent / f"{blob.name}.damaged/in the way").mkdir(parents=True)
    name = str(blob.relative_to(made))
    assert set_aside(made, [name, NAME]) == [name] and blob.exists() and (made / NAME).exists()


def test_a_file_that_is_shorter_than_saved_is_copied_anew_though_nobody_looked(world, journal, folder):
    world.blob()
    first = backup.make(journal, folder, "GW1")
    next(first.folder.glob("spool/*/*/*")).write_bytes(b"")
    second = backup.make(journal, folder, "GW1")
    assert second.linked == 0 and list(damaged(second.folder, second.manifest)) == []


def test_a_manifest_that_cannot_be_read_keeps_no_backup_from_being_made(journal, folder):
    first = backup.make(journal, folder, "GW1").folder
    (first / MANIFEST).write_text("{")
    made = backup.make(journal, folder, "GW1", keep=1)
    assert found(folder) == [first, made.folder], "whose the other is nobody knows"


def test_one_that_was_being_removed_is_cleared_away_by_the_next(journal, folder, monkeypatch):
    first = backup.make(journal, folder, "GW1").folder
    first.rename(folder / "20200101T000000Z")
    last = backup.make(journal, folder, "GW1").folder
    with monkeypatch.context() as while_killed:
        while_killed.setattr(backup.shutil, "rmtree", _killed)
        with pytest.raises(BackupUnusable, match=r"was made, an older one could not be removed: .*: it is busy"):
            backup.make(journal, folder, "GW1", keep=2)
    assert len(found(folder)) == 2 and last in found(folder)
    backup.make(journal, folder, "GW1")
    assert len(list(folder.iterdir())) == len(found(folder)) == 3


def _killed(_folder):
    raise OSError(16, "it is busy")


def test_what_is_not_a_backup_in_the_making_is_left_alone(journal, folder):
    (folder / ".mine.part").mkdir(parents=True)
    backup.make(journal, folder, "GW1")
    assert (folder / ".mine.part").exists()


def test_one_that_is_cut_short_is_none(world, journal, folder):
    world.blob()
    code = [sys.executable, "-c", KILLED, str(journal.state_dir), str(folder)]
    for point in ("backup.folders.after", "backup.sync.before", "backup.publish.before"):
        done = subprocess.run(code, check=False, env={"GATEWAY_FAILPOINT": point, "PATH": ""})
        assert done.returncode == -9
        assert found(folder) == [] and len(list(folder.iterdir())) == 1, "the next one clears it away"
    assert newest(folder) if backup.make(journal, folder, "GW1") else None
    assert len(list(folder.iterdir())) == 1


@contextmanager
def room(size):
    """Files grow to this size and no further, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_with_its_place(world, journal, folder, tmp_path):
    for size, what in ((1 << 16, "copying the journal failed"), (0, "File too large")):  # 0: not even the lock
        place = folder if size else journal.state_dir
        with pytest.raises(BackupUnusable, match=f"^{place}: {what}"), room(size):
            backup.make(journal, folder, "GW1")
    world.blob()
    made = backup.make(journal, folder, "GW1")
    assert len(list(folder.iterdir())) == 1, "what was begun is cleared away"
    with pytest.raises(BackupUnusable, match=f"^{tmp_path}/elsewhere: File too large"), room(1 << 16):
        restore.put_back(made.folder, made.manifest, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere" / NAME).exists()


def test_two_at_once_are_not_made(journal, folder):
    with hold_lock(journal.state_dir, "backup"), pytest.raises(StateLocked):
        backup.make(journal, folder, "GW1")


def test_a_backup_does_not_lie_in_what_it_saves(journal):
    with pytest.raises(BackupUnusable, match="another disk"):
        backup.make(journal, journal.state_dir / "backup", "GW1")


def test_the_configuration_is_saved_without_keys(journal, folder, tmp_path):
    config = tmp_path / "config"
    (config / "credentials").mkdir(parents=True)
    (config / "gateway.yaml").write_text("a: 1")
    (config / "credentials/sftp.post").write_text("secret")
    made = backup.make(journal, folder, "GW1", config)
    assert [path.name for path in made.folder.glob("config/**/*") if path.is_file()] == ["gateway.yaml"]


def test_it_comes_back_as_it_was(world, journal, folder, tmp_path):
    ids = sorted(world.blob() for _ in range(2))
    made = backup.make(journal, folder, "GW1")
    state = tmp_path / "elsewhere"
    restore.put_back(made.folder, made.manifest, state)
    restore.done(state)
    opened = open_journal(state, create=False)
    assert rows(state / NAME) == ids and len(list(state.glob("spool/*/*/*"))) == 2
    opened.close()


def test_into_a_folder_in_use_nothing_is_put(world, journal, folder):
    world.blob()
    made = backup.make(journal, folder, "GW1")
    with pytest.raises(BackupUnusable, match="not empty"):
        restore.put_back(made.folder, made.manifest, journal.state_dir)
    with pytest.raises(BackupUnusable, match=r"there is journal\.sqlite"):
        restore.put_back(made.folder, made.manifest, journal.state_dir, keep_spool=True)


def test_beside_what_another_journal_left_behind_none_is_put(world, journal, folder, tmp_path):
    world.blob()
    made = backup.make(journal, folder, "GW1")
    left = tmp_path / "elsewhere" / "journal.sqlite-journal"
    left.parent.mkdir()
    left.touch()
    with pytest.raises(BackupUnusable, match=r"journal\.sqlite-journal in"):
        restore.put_back(made.folder, made.manifest, left.parent, keep_spool=True)
    assert [one.name for one in left.parent.iterdir()] == [left.name]


def test_a_damaged_backup_is_found_and_puts_no_journal_back(world, journal, folder, tmp_path):
    world.blob()
    made = backup.make(journal, folder, "GW1")
    blob = flip(next(made.folder.glob("spool/*/*/*")))
    assert list(damaged(made.folder, made.manifest)) == [str(blob.relative_to(made.folder))]
    with pytest.raises(BackupUnusable, match=r"not what was saved.*--verify.*Restore another backup.*restore\.begun"):
        restore.put_back(made.folder, made.manifest, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere" / NAME).exists()


@pytest.mark.parametrize("name", [NAME, "audit.key", "spool/*/*/*"])
@pytest.mark.parametrize("spoil", [Path.unlink, lambda file: file.write_bytes(b"other")])
def test_of_a_backup_that_lacks_a_file_nothing_is_put_back(world, journal, folder, tmp_path, name, spoil):
    world.blob()
    made = backup.make(journal, folder, "GW1")
    spoil(next(made.folder.glob(name)))
    with pytest.raises(BackupUnusable, match=r"is damaged .*--verify.*Restore another backup$"):
        restore.put_back(made.folder, made.manifest, tmp_path / "elsewhere")
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("path", ["../escaped", "/escaped", "spool/../../escaped"])
def test_a_manifest_does_not_lead_out_of_the_backup(journal, folder, path):
    made = backup.make(journal, folder, "GW1")
    said = (made.folder / MANIFEST).read_text().replace("audit.key", path)
    (made.folder / MANIFEST).write_text(said)
    with pytest.raises(BackupUnusable, match="outside of the backup"):
        manifest_of(made.folder)


def test_one_without_a_manifest_is_none(journal, folder):
    made = backup.make(journal, folder, "GW1")
    (made.folder / MANIFEST).write_text("{")
    with pytest.raises(BackupUnusable, match="cannot be read"):
        manifest_of(made.folder)
    (made.folder / MANIFEST).unlink()
    with pytest.raises(BackupUnusable, match="no backup"):
        newest(folder)


@pytest.fixture
def cut_short(world, journal, folder, tmp_path):
    """A restore that met a damaged key; its backup, now whole again, and the state folder."""
    world.blob()
    made, state = backup.make(journal, folder, "GW1"), tmp_path / "elsewhere"
    key = flip(made.folder / "audit.key")
    with pytest.raises(BackupUnusable):
        restore.put_back(made.folder, made.manifest, state)
    flip(key)
    assert (state / restore.BEGUN).exists() and not (state / NAME).exists()
    return made, state


def test_a_restore_that_is_cut_short_is_begun_again(cut_short, tmp_path):
    made, state = cut_short
    other_name = shutil.copytree(made.folder, tmp_path / "copy")
    restore.put_back(other_name, made.manifest, state)
    restore.done(state)
    assert (state / NAME).exists() and not (state / restore.BEGUN).exists()


def test_a_restore_that_is_cut_short_goes_on_with_no_other_backup(cut_short, journal, folder):
    made, state = cut_short
    before = sorted(state.rglob("*"))
    made.folder.rename(folder / "20200101T000000Z")
    other = backup.make(journal, folder, "GW1")
    with pytest.raises(BackupUnusable, match=f"a restore of {made.folder.name} into .* was cut short, .*once more, or"):
        restore.put_back(other.folder, other.manifest, state)
    with pytest.raises(BackupUnusable, match="this is 20200101T000000Z with --keep-spool"):
        restore.put_back(folder / "20200101T000000Z", made.manifest, state, keep_spool=True)
    assert sorted(state.rglob("*")) == before


def test_a_restore_that_is_cut_short_says_when_its_backup_is_spoilt_meanwhile(cut_short):
    made, state = cut_short
    (made.folder / NAME).unlink()
    with pytest.raises(BackupUnusable, match=r"is damaged .*move .*restore\.begun and all files there that are newer"):
        restore.put_back(made.folder, made.manifest, state)


def test_a_mark_that_was_cut_short_is_none(journal, folder, tmp_path):
    """Nothing is put back before it is whole."""
    made, state = backup.make(journal, folder, "GW1"), tmp_path / "elsewhere"
    state.mkdir()
    (state / restore.BEGUN).touch()
    restore.put_back(made.folder, made.manifest, state)
    assert (state / NAME).exists()


def test_another_gateways_backup_is_not_taken(journal, folder):
    made = backup.make(journal, folder, "GW1")
    for place in (folder, made.folder):
        with pytest.raises(BackupUnusable, match="of gateway GW1, the configuration is that of gateway GW2"):
            newest(place, "GW2")
    backup.make(journal, folder, "GW2")
    assert newest(folder, "GW1") == made.folder


def test_the_spool_that_is_there_stays(world, journal, folder):
    first = world.blob()
    made = backup.make(journal, folder, "GW1")
    later = world.blob()
    journal.close()
    for file in journal.state_dir.glob(f"{NAME}*"):
        file.unlink()
    shutil.rmtree(journal.state_dir / "rulesets", ignore_errors=True)
    restore.put_back(made.folder, made.manifest, journal.state_dir, keep_spool=True)
    restore.done(journal.state_dir)
    assert rows(journal.state_dir / NAME) == [first]
    assert {path.stem for path in journal.state_dir.glob("spool/*/*/*")} == {first, later}
