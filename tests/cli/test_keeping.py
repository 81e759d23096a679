"""`gateway purge`, `hold` and `erase`, from outside."""

import json
import re
from datetime import UTC, datetime

import pytest

from tests.cli.copies import copied, ran_once
from tests.cli.messages import item_id

RELEASED = """<MetaData><WCODataModelVersionCode>3.6</WCODataModelVersionCode><WCOTypeName>RES</WCOTypeName>
<ResponsibleCountryCode/><ResponsibleAgencyName/>
<Response><FunctionCode>09</FunctionCode><FunctionalReferenceID>{n:032}</FunctionalReferenceID>
<IssueDateTime><DateTimeString formatCode="304">{now:%Y%m%d%H%M%SZ}</DateTimeString></IssueDateTime>
<Declaration><FunctionalReferenceID>{lrn}</FunctionalReferenceID><ID>26GB{n:012}R5</ID><VersionID>1</VersionID>
</Declaration></Response></MetaData>"""


@pytest.fixture(scope="module")
def released(tmp_path_factory, program):
    """Three parcels that customs has released."""
    folder = tmp_path_factory.mktemp("kept")
    config = ran_once(program, folder, 3)
    for number, path in enumerate(sorted((folder / "customs/in").glob("*.xml"))):
        (folder / f"customs/out/{number}.xml").write_text(
            RELEASED.format(n=number, lrn=path.stem, now=datetime.now(UTC))
        )
    assert program(folder, "run", "--once", "--config", config).code == 0
    return folder


@pytest.fixture
def ask(released, tmp_path, gateway):
    """A copy, and a way to ask it."""
    return copied(gateway, released, tmp_path, "state")


def test_nothing_is_erased_without_yes(ask):
    said = ask("erase", item_id(1), "--force")
    assert said.code == 0, said.err
    assert said.out.startswith("1 item, 1 filing, 1 answer of customs: ") and "with --yes this goes" in said.err
    assert ask("items", "show", item_id(1)).out.count("erased on") == 0


def test_customs_records_are_kept_unless_forced(ask):
    said = ask("erase", item_id(1), "--yes")
    assert said.code == 1 and re.search(r"customs records are kept until 20\d\d-", said.err)


def test_an_erased_parcel_is_proved_and_shown(ask, tmp_path):
    said = ask("erase", item_id(1), "--force", "--yes")
    assert said.code == 0, said.err
    assert re.search(r"searched for \d+ values in \d+ rows and \d+ files \([\d,]+ bytes\): 0 left", said.out)
    assert said.out.endswith("erased\n")
    assert re.search(r"erased on 20\d\d-\d\d-\d\d", ask("items", "show", item_id(1)).out)
    assert ask("balance").code == 0 and ask("audit", "verify").code == 0
    assert "erase" in ask("audit", "list", "--people").out
    kept = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert not any(item_id(1).encode() in path.read_bytes() for path in kept)
    assert any(item_id(2).encode() in path.read_bytes() for path in kept)


def test_parcels_are_found_by_what_their_records_hold(ask):
    data = json.loads(ask("erase", "--text", "ada specimen", "--text", "manchester", "--force", "--json").out)["data"]
    assert len(data["items"]) == 3 and not data["erased"]
    for text in ("nobody at all", "{", "city"):
        assert json.loads(ask("erase", "--text", text, "--json").out)["data"]["items"] == []


def test_nothing_nobody_and_anybody_are_usage_errors(ask):
    assert ask("erase").code == 2
    for words in (("--text", ""), ("--text", "ada specimen", "--text", " "), ("CP*",), ("*",)):
        assert ask("erase", *words, "--force", "--yes").code == 2
    assert ask("hold", "CP*").code == 2
    assert "no file is under a hold" in ask("hold").err
    assert ask("erase", "RR999999999GB").code == 2


def test_a_hold_stops_an_erasure_until_it_is_lifted(ask):
    assert "is under a legal hold" in ask("hold", item_id(1)).out
    assert ask("hold").out.count("\n") == 1
    said = ask("erase", item_id(2), "--force", "--yes")
    assert said.code == 1 and "gateway hold --lift" in said.err
    assert ask("hold", item_id(1), "--lift").code == 0
    assert "no file is under a hold" in ask("hold").err
    assert ask("erase", item_id(2), "--force", "--yes").code == 0


def test_a_purge_says_what_goes_and_what_went(ask, tmp_path):
    assert "nothing is over its time" in ask("purge", "--dry-run").err
    settings = tmp_path / "config/gateway.yaml"
    settings.write_text(settings.read_text().replace("raw: 90d", "raw: 0s"))
    said = ask("purge", "--dry-run")
    assert re.search(r"^raw +example-post\.live +1 blobs +[\d,]+ bytes  since 20", said.out, re.MULTILINE), said.out
    assert list((tmp_path / "state").glob("spool/in/*/*.raw"))
    assert json.loads(ask("purge", "--json").out)["data"]["done"] > 0
    assert not list((tmp_path / "state").glob("spool/in/*/*.raw"))
    assert "purge" in ask("audit", "list", "--people").out and ask("balance").code == 0
