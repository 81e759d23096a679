"""`gateway filings`, from outside, beside what one round has left and customs has answered."""

import re
from contextlib import nullcontext

import pytest

from tests import postgresql
from tests.cli.messages import itmatt
from tests.cli.test_state import configured
from tests.steps.answers import mrn_of, response


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def journal(request):
    with postgresql.database() if request.param == "postgresql" else nullcontext("") as url:
        yield url


@pytest.fixture(scope="module")
def lodged(tmp_path_factory, program, journal):
    """Two declarations at customs, one of them accepted."""
    folder = tmp_path_factory.mktemp("gateway")
    config = configured(folder, journal)
    (folder / "post/out/a.xml").write_text(itmatt(2))
    assert program(folder, "run", "--once", "--config", config).code == 0
    first, second = sorted(path.stem for path in (folder / "customs/in").glob("*.xml"))
    told = response("01", first, issued=None).replace("None", "20991231100000Z")
    (folder / "customs/out/1.xml").write_text(told)
    assert program(folder, "run", "--once", "--config", config).code == 0

    def run(*arguments):
        return program(folder, "filings", *arguments, "--config", config)

    run.folder, run.config, run.program = folder, config, program
    run.first, run.second = first, second
    return run


def test_the_list_can_be_narrowed(lodged):
    everything = lodged("list", "--json").json["data"]["filings"]
    assert {one["lrn"] for one in everything} == {lodged.first, lodged.second}
    (one,) = lodged("list", "--outcome", "accepted", "--since", "1d", "--json").json["data"]["filings"]
    assert (one["lrn"], one["mrn"], one["state"]) == (lodged.first, mrn_of(lodged.first), "lodged")
    ruleset = one["ruleset"]
    assert len(lodged("list", "--ruleset", ruleset[:10], "--limit", "1").out.splitlines()) == 1
    assert lodged("list", "--state", "held").err == "nothing found\n"
    assert lodged("list", "--route", "uk-h7", "--since", "1969-12-31").out.count("\n") == len(everything)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "--ruleset", "ffffffff"), "no ruleset begins so"),
        (("list", "--since", "yesterday"), "neither a moment"),
        (("list", "--state", "nonsense"), "lodged, settled"),
        (("list", "--outcome", "nonsense"), "accepted"),
        (("list", "--purpose", "nonsense"), "declare, amend"),
        (("list", "--route", "uk-h8"), "did you mean 'uk-h7'?"),
        (("list", "--route", ""), "at least"),
        (("withdraw", "--since", "1d", "--ruleset", "ffffffff", "--route", "nonsense"), "there is no route"),
        (("show", "NOTHING"), "there is no filing"),
        (("withdraw", "--since", "1d"), "--ruleset"),
        (("withdraw", "--since", "1d", "--ruleset", ""), "at least"),  # as a shell says "$UNSET"
        (("withdraw", "--since", "1d", "--ruleset", "f"), "at least"),
        (("withdraw", "--since", "1d", "--ruleset", "ffffffff", "--route", ""), "at least"),
    ],
)
def test_what_is_wrong_is_said(lodged, arguments, said):
    found = lodged(*arguments)
    assert found.code == 2 and said in found.err


def test_what_cannot_be_asked_ends_with_one_and_says_why(lodged):
    found = lodged("query", lodged.first, "--json")
    assert found.code == 1 and "takes no request" in found.json["data"]["refused"][lodged.first]
    assert "no declaration" in lodged("cancel", "NOTHING", "--json").json["data"]["refused"]["NOTHING"]


def test_a_cancellation_is_asked_shown_and_sent(lodged):
    assert lodged("cancel", lodged.first, "--reason", "1", "--text", "sent back").code == 0
    assert lodged.program(lodged.folder, "run", "--once", "--config", lodged.config).code == 0
    shown = lodged("show", mrn_of(lodged.first))
    assert shown.code == 0 and re.search(r"^cancellation GW1\w+  lodged", shown.out, re.MULTILINE), shown.out
    assert f"about {lodged.first}" in shown.out and "customs: accepted" in shown.out
    declared, asked = lodged("show", lodged.first, "--json").json["data"]["filings"]
    assert (declared["purpose"], asked["purpose"], asked["reason"]) == ("declare", "cancel", "1")
    assert (lodged.folder / "customs/in" / f"{asked['lrn']}.xml").exists()
    again = lodged("cancel", lodged.first, "--reason", "1", "--text", "again")
    assert again.code == 1 and "already" in again.err
    assert lodged.program(lodged.folder, "balance", "--config", lodged.config).code == 0
    explained = lodged.program(lodged.folder, "explain", asked["lrn"], "--config", lodged.config)
    assert explained.code == 0 and f"asked to cancel {lodged.first} as LRN {asked['lrn']}" in explained.out


def test_a_withdrawal_counts_first_and_then_does_it(lodged):
    ruleset = lodged("list", "--json").json["data"]["filings"][0]["ruleset"]
    dry = lodged("withdraw", "--ruleset", ruleset, "--since", "1d", "--dry-run", "--json").json["data"]
    before = lodged("list", "--json").json["data"]["filings"]
    assert dry["dry_run"] and dry["counts"]["cancellation"] >= 1
    done = lodged("withdraw", "--ruleset", ruleset, "--since", "1d", "--reason", "1", "--text", "a wrong table")
    assert done.out.startswith("      0  not sent yet") and "a cancellation is asked" in done.out
    after = lodged("list", "--json").json["data"]["filings"]
    assert len(after) > len(before) and after[0]["purpose"] == "cancel"


def test_what_leads_to_no_filing_is_claimed_by_a_person(lodged):
    told = response("09", lodged.second, issued="x", mrn=mrn_of(lodged.first)).replace(">x<", ">20991231120000Z<")
    (lodged.folder / "customs/out/9.xml").write_text(told)
    assert lodged.program(lodged.folder, "run", "--once", "--config", lodged.config).code == 0
    listed = lodged("claim", "--json")
    (waiting,) = listed.json["data"]["decisions"]
    assert (waiting["lrn"], waiting["outcome"]) == (lodged.second, "cleared")
    assert sorted(listed.codes) == ["RSP732", "RSP741"]
    assert lodged("claim", waiting["id"]).code == 2
    assert lodged("claim", waiting["id"], lodged.second).code == 0
    assert lodged("claim", waiting["id"], lodged.second).code == 1
    assert lodged("claim").err == "nothing waits for that\n"
    (one,) = lodged("list", "--outcome", "cleared", "--json").json["data"]["filings"]
    assert one["lrn"] == lodged.second


def test_a_request_that_customs_does_not_answer_is_settled_by_a_person(lodged):
    asked = next(one for one in lodged("list", "--json").json["data"]["filings"] if one["about"] and one["lrn"])
    assert lodged("settle", asked["lrn"]).code == 2
    done = lodged("settle", asked["lrn"], "--denied", "--note", "told by telephone")
    assert done.code == 0 and "settled: denied" in done.out
    shown = lodged("show", asked["lrn"])
    assert "settled  request_denied" in shown.out and "RTE145" in shown.out + shown.err
    again = lodged("settle", asked["lrn"], "--granted")
    assert again.code == 1 and "it is settled" in again.err
