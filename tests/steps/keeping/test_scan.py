"""The search that proves an erasure, beside a gateway at work."""

from gateway.steps.keeping import scan
from tests.steps.test_exchange import itmatt

WORDS = b"<name>Somebody Else-Example</name>"


def test_what_has_got_another_name_is_found_and_what_has_gone_is_passed(site, monkeypatch):
    search = scan._file

    def work(gate, path, *given):
        for one in folder.glob("fetched.part"):
            one.rename(folder / "fetched.raw")
            (folder / "gone.part").unlink()
        return search(gate, path, *given)

    with site.gate() as gate:
        site.post(itmatt(1))
        site.run(gate)
        folder = next(gate.blobs.root.glob("spool/in/*"))
        for name in ("fetched.part", "gone.part"):
            (folder / name).write_bytes(WORDS)
        monkeypatch.setattr(scan, "_file", work)
        proof = scan.scan(gate, ["Somebody Else-Example"])
        assert [hit.where for hit in proof.hits] == [str((folder / "fetched.raw").relative_to(gate.blobs.root))]
