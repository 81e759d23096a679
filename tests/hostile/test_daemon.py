"""All at once into one daemon: it lives, each file is accounted for with its bytes, the sound one goes through."""

import hashlib
import re

from tests.hostile.conftest import SOUND
from tests.hostile.files import CANARY

VERDICTS = {"refused": {"refused"}, "item": {"read"}, "read": {"read", "refused"}}
TEMPER = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def test_the_run_ends_well_and_no_worker_was_lost(survivor):
    _, _, done = survivor
    assert done.returncode == 0, done.stderr[-3000:]
    assert "worker.lost" not in done.stderr and ".bug" not in done.stderr


def test_every_file_is_ours_with_its_bytes_and_a_verdict(survivor):
    site, given, _ = survivor
    with site.gate() as gate:
        files = {row["name"].decode(): row for row in site.rows(gate, "file")}
        told = {row["subject"] for row in site.rows(gate, "finding")}
        items = {row["file"] for row in site.rows(gate, "item")}
        for name, (title, fate, digest) in given.items():
            row = files[name]
            assert row["state"] in VERDICTS[fate], title
            assert row["id"] in told or row["id"] in items, title
            assert hashlib.sha256(gate.bytes_at(row["blob"])).hexdigest() == digest, title
        assert site.violations(gate) == []


def test_the_sound_file_goes_through(survivor):
    site, _, _ = survivor
    with site.gate() as gate:
        (file,) = [row["id"] for row in site.rows(gate, "file") if row["name"] == b"zz-sound.xml"]
        lodged = {row["item"] for row in site.rows(gate, "filing") if row["state"] == "lodged"}
        mine = [row["id"] for row in site.rows(gate, "item") if row["file"] == file]
        assert len(mine) == SOUND and set(mine) <= lodged


def test_what_they_hold_is_not_in_the_log_and_moves_no_cursor(survivor):
    _, _, done = survivor
    assert CANARY not in done.stderr and not TEMPER.search(done.stderr) and "root:x:0" not in done.stderr
