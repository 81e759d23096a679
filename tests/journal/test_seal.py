"""Sealed blobs: only the recipients open them, any stretch can be read; sizes and hashes are of the plain bytes."""

import hashlib
import os
import tracemalloc

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.findings.errors import BlobDamaged, CredentialMissing, SpoolSealed
from gateway.journal.blobs import BlobStore
from gateway.journal.ids import new_id
from gateway.journal.seal import FRAME, LENGTH, Seal

CANARY = b"Asha Canary-Example"


@pytest.fixture
def identity():
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def sealed(state_dir, clock, identity):
    return BlobStore(state_dir, clock, Seal([str(identity.to_public())], str(identity).encode))


def stored(journal, blobs, *parts, kind="raw"):
    blob = blobs.write(kind, "post.live", parts)
    with journal.write() as conn:
        blobs.add(conn, blob)
    return blob


def read(journal, blobs, *place):
    with journal.read() as conn:
        return blobs.read(conn, *place)


def test_nothing_of_the_plain_bytes_is_on_the_disk(journal, sealed, state_dir):
    blob = stored(journal, sealed, CANARY * 50_000)
    assert blob.path.endswith(f"{blob.id}.raw.sealed")
    assert CANARY[5:] not in (state_dir / blob.path).read_bytes()
    assert read(journal, sealed, blob.id) == CANARY * 50_000


def test_size_and_hash_are_those_of_the_plain_bytes(sealed, blobs):
    data = os.urandom(FRAME + 7)
    plain, closed = blobs.write("raw", "post.live", [data]), sealed.write("raw", "post.live", [data])
    assert (closed.size, closed.sha256) == (plain.size, plain.sha256)


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME])
def test_what_is_on_disk_without_a_row_is_found_and_hashed_again(sealed, size):
    blob = sealed.write("raw", "post.live", [b"x" * size])
    assert sealed.find("raw", "post.live", blob.id) == blob


def test_plain_blobs_of_before_stay_readable(journal, blobs, sealed):
    old = stored(journal, blobs, b"0123456789")
    assert read(journal, sealed, old.id, 3, 4) == b"3456"
    assert sealed.find("raw", "post.live", old.id) == old


def test_a_plain_file_that_looks_sealed_is_what_it_is(journal, blobs, sealed, state_dir):
    """A sender chooses bytes, not names."""
    inside = (state_dir / sealed.write("raw", "post.live", [b"x"]).path).read_bytes()
    assert read(journal, sealed, stored(journal, blobs, inside).id) == inside


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(parts=st.lists(st.integers(0, FRAME), min_size=1, max_size=6), data=st.data())
def test_any_stretch_is_read_as_from_the_plain_bytes(journal, sealed, parts, data):
    blocks = [os.urandom(size) for size in parts]
    whole = b"".join(blocks)
    blob = stored(journal, sealed, *blocks, kind="record")
    for _ in range(4):
        at = data.draw(st.integers(0, len(whole)))
        length = data.draw(st.integers(0, len(whole) - at))
        assert read(journal, sealed, blob.id, at, length) == whole[at : at + length]


def test_a_stream_goes_forth_and_back(journal, sealed, state_dir):
    blob = stored(journal, sealed, bytes(range(256)) * 2000)
    with sealed.opened(state_dir / blob.path) as stream:
        assert stream.seek(0, os.SEEK_END) == 512_000
        stream.seek(-3, os.SEEK_END)
        assert stream.read() == b"\xfd\xfe\xff"
        stream.seek(FRAME - 2)
        assert len(stream.read(300_000)) == 512_000 - FRAME + 2
        stream.seek(1)
        assert hashlib.sha256(stream.read(255)).digest() == hashlib.sha256(bytes(range(1, 256))).digest()


def test_another_identity_opens_nothing_and_says_so(journal, sealed, state_dir, clock):
    blob = stored(journal, sealed, b"x")
    other = BlobStore(state_dir, clock, Seal([], str(pyrage.x25519.Identity.generate()).encode))
    with pytest.raises(SpoolSealed, match="identity"):
        read(journal, other, blob.id)


def missing():
    raise CredentialMissing("credential:spool: No such file or directory")


@pytest.mark.parametrize(
    ("asked", "said"),
    [(None, "no identity"), (missing, "credential:spool: No such"), (lambda: b"# none\n", "no identity"),
     (lambda: b"AGE-SECRET-KEY-1CANARY", "holds no age identity"), (lambda: b"\xff", "holds no age identity")],
)  # fmt: skip
def test_without_an_identity_one_clear_error_and_the_bytes_stay(journal, sealed, state_dir, clock, asked, said):
    blob = stored(journal, sealed, b"kept")
    blind = BlobStore(state_dir, clock, Seal([], asked))
    with pytest.raises(SpoolSealed, match=said) as failed:
        read(journal, blind, blob.id)
    assert "CANARY" not in str(failed.value)
    assert read(journal, sealed, blob.id) == b"kept"


def test_without_an_identity_new_bytes_can_still_be_stored(state_dir, clock, identity, sealed):
    blind = BlobStore(state_dir, clock, Seal([str(identity.to_public())], missing))
    blob = blind.write("raw", "post.live", [b"came in the night"])
    assert sealed.find("raw", "post.live", blob.id) == blob


def test_a_second_recipient_opens_what_is_sealed_for_both(state_dir, clock, identity):
    safe = pyrage.x25519.Identity.generate()
    both = BlobStore(state_dir, clock, Seal([str(identity.to_public()), str(safe.to_public())]))
    blob = both.write("raw", "post.live", [CANARY])
    old_and_new = f"# spool, made for a test\n{pyrage.x25519.Identity.generate()}\n{safe}\n".encode()
    recovered = BlobStore(state_dir, clock, Seal([], lambda: old_and_new))
    assert recovered.find("raw", "post.live", blob.id) == blob


def test_each_frame_is_an_age_file_for_the_standard_tool(sealed, state_dir, identity):
    blob = sealed.write("raw", "post.live", [b"a" * (FRAME + 5)])
    data, found = (state_dir / blob.path).read_bytes(), b""
    while data:
        length = int.from_bytes(data[:LENGTH], "big")
        frame, data = data[LENGTH : LENGTH + length], data[LENGTH + length :]
        assert frame.startswith(b"age-encryption.org/v1\n")
        found += pyrage.decrypt(frame, [identity])
    assert found == b"a" * (FRAME + 5)


@pytest.mark.parametrize(
    "harm",
    [lambda data: data[:-1], lambda data: data[:2], lambda data: b"\0\0\0\0" + data, lambda data: b"\xff" * 4 + data,
     lambda data: data[:-8] + bytes(8), lambda data: data + b"more"],
)  # fmt: skip
def test_a_sealed_file_that_is_not_as_it_was_written_is_damaged(journal, sealed, state_dir, harm):
    blob = stored(journal, sealed, b"whole")
    path = state_dir / blob.path
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(BlobDamaged):
        read(journal, sealed, blob.id)


def test_a_lost_frame_is_seen_by_what_is_asked(journal, sealed, state_dir):
    blob = stored(journal, sealed, b"x" * (2 * FRAME))
    path = state_dir / blob.path
    data = path.read_bytes()
    path.write_bytes(data[: LENGTH + int.from_bytes(data[:LENGTH], "big")])
    with pytest.raises(BlobDamaged):
        read(journal, sealed, blob.id, FRAME, 10)


def test_an_abandoned_draft_leaves_nothing(sealed, state_dir):
    with sealed.draft("raw", "post.live", new_id()) as draft:
        draft.write(CANARY * 100_000)
        (part,) = state_dir.glob("spool/in/post.live/*")
        assert CANARY not in part.read_bytes()
    assert list(state_dir.glob("spool/in/post.live/*")) == []


def test_that_we_can_open_what_we_seal_is_proved_beforehand(identity):
    recipient = str(identity.to_public())
    Seal([recipient], str(identity).encode).prove()
    Seal().prove()
    for asked in (str(pyrage.x25519.Identity.generate()).encode, missing):
        with pytest.raises(SpoolSealed):
            Seal([recipient], asked).prove()


def test_a_large_file_costs_little_memory(sealed, state_dir):
    block = os.urandom(1 << 20)
    sealed.write("raw", "post.live", [block])
    tracemalloc.start()
    blob = sealed.write("raw", "post.live", (block for _ in range(50)))
    with sealed.opened(state_dir / blob.path) as stream:
        while stream.read(1 << 20):
            pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000
