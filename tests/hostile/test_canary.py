"""Personal data planted in every field of a person: it reaches customs, and nothing else that this gateway writes.

Logs, the journal's own file, what commands say without being asked for one item's values, figures for watching: none
holds a byte of it. What may hold it is the spool (raw bytes, records, declarations), which has a retention of its own.
"""

import re
import subprocess
from datetime import UTC, datetime

import pytest

from gateway.demo.corpus import itmatt
from gateway.journal.sqlite import NAME
from tests.acceptance.daemon import command
from tests.steps.site import Site

PLANTED = {
    "name": "Zqname Canarybird",
    "company": "Zqcompany Canary Works",
    "line": "77 Zqstreet Canary Lane",
    "city": "Zqcity-upon-Canary",
    "phone": "+447700900999",
    "email": "zqmail.canary@example.org",
}
FAULTS = {2: "gross-zero", 4: "hs-missing", 6: "check-digit", 8: "unclosed-element", 9: "control-character"}
SAID = (
    ("status",), ("doctor",), ("balance",), ("items", "search"), ("items", "search", "--state", "held"),
    ("filings", "list"), ("partner", "list"), ("audit", "verify"), ("config", "show"),
)  # fmt: skip


def planted() -> bytes:
    """Ten parcels, half of them at fault, whose persons all bear the marks; one mark stands where no field takes it."""
    day = datetime.now(UTC).date()
    data = b"".join(itmatt(10, 3, faults=FAULTS, day=day, sender="FRA", reference="CANARY"))
    for element, value in PLANTED.items():
        place = rb"(<%(e)s>)[^<]*(</%(e)s>)" % {b"e": element.encode()}
        data = re.sub(rb"(?s)<(sender|recipient)>.*?</\1>", lambda found, p=place, v=value: re.sub(
            p, rb"\g<1>" + v.encode() + rb"\2", found[0]), data)  # fmt: skip
    return data.replace(b"<postcode>", b"<postcode>Zqpost77 ", 3)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("canary"))
    site.post(planted(), "a.xml")
    site.post(planted().replace(b"CANARY", b"AGAIN")[:4000], "cut.xml")
    site.post(b"\xff\xfe" + planted(), "odd.xml")
    config = site.folder / "config/gateway.yaml"
    done = subprocess.run(command(config, "run", "--once"), capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr[-3000:]
    return site, done


def marks(text: bytes) -> list[str]:
    """What was found of it, in any case of letters."""
    lower = text.lower()
    wanted = [*PLANTED.values(), "Zqpost77"]
    return [one for one in wanted if one.lower().encode() in lower]


def test_customs_is_told_so_the_test_can_fail(ran):
    site, _ = ran
    assert "Zqname Canarybird" in marks(b"".join(site.filed().values()))


def test_the_log_holds_nothing_of_it(ran):
    _, done = ran
    assert done.stderr.count("\n") > 3 and marks((done.stdout + done.stderr).encode()) == []


def test_the_journal_holds_nothing_of_it(ran):
    site, _ = ran
    for file in (site.folder / "state").glob(f"{NAME}*"):
        assert marks(file.read_bytes()) == [], file.name


@pytest.mark.parametrize("words", SAID, ids=" ".join)
@pytest.mark.parametrize("how", [(), ("--json",)], ids=["text", "json"])
def test_no_command_says_it_unasked(ran, words, how):
    site, _ = ran
    call = command(site.folder / "config/gateway.yaml", *words, *how)
    said = subprocess.run(call, capture_output=True, check=False, timeout=100)
    assert b"Traceback" not in said.stderr and said.returncode in {0, 1}, said.stderr
    assert marks(said.stdout + said.stderr) == []


def test_findings_of_items_cover_it(ran):
    site, _ = ran
    config = site.folder / "config/gateway.yaml"
    with site.gate() as gate:
        items = [row["id"] for row in site.rows(gate, "item") if row["state"] in {"held", "quarantined"}]
    assert len(items) >= 3
    for item in items:
        said = subprocess.run(command(config, "items", "show", item), capture_output=True, check=False, timeout=100)
        assert said.returncode in {0, 1} and marks(said.stdout + said.stderr) == [], said.stdout


def test_figures_for_watching_count_them_and_hold_nothing_of_it(ran):
    site, _ = ran
    call = command(site.folder / "config/gateway.yaml", "metrics")
    said = subprocess.run(call, capture_output=True, check=True, timeout=100)
    assert b'gateway_items{state="quarantined"}' in said.stdout and marks(said.stdout) == []


def test_names_of_files_of_ours_hold_nothing_of_it(ran):
    site, _ = ran
    names = "\n".join(str(path) for path in site.folder.rglob("*")).encode()
    assert marks(names) == []
