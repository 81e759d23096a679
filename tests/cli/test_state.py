"""The commands that look into the journal, from outside, on what one round of a small gateway has left."""

import re
import shutil
from contextlib import nullcontext

import pytest
from sqlalchemy import make_url

from tests import postgresql
from tests.cli.messages import item_id, itmatt, replaced

POST = """partner: example-post
party: {name: Example Post, role: post, country: FR, ids: {upu: FRA}}
timezone: Europe/Paris
connections:
  live: {environment: production, directory: %(post)s, every: 1s}
sends:
  upu/itmatt-1.5: {from: out/*.xml, complete: rename, after: delete}
receives:
  upu/cusrsp-1: {to: in}
"""
CUSTOMS = """partner: uk-customs
party: {name: Example Customs, role: customs, country: GB}
timezone: Europe/London
connections:
  live: {environment: production, directory: %(customs)s, every: 1s}
receives:
  customs/uk/h7: {to: in, name: "{lrn}.xml", per_file: 1}
sends:
  customs/uk/response: {from: out/*.xml, complete: rename, after: delete}
settings: {declarant-id: GB123456789000, lrn-prefix: GW1, location: GBAUXXX}
"""
NO_CHECK_DIGIT = replaced(item_id(2), "CP000000020FR")
NO_PIECES = replaced("<m33:number-of-units>2<", "<m33:number-of-units>0<")
DEAR = replaced('<m33:value currency="GBP">24.00<', '<m33:value currency="GBP">240.00<')


def configured(folder, journal=""):
    for partner, places in (("post", "out in"), ("customs", "out in")):
        for place in places.split():
            (folder / partner / place).mkdir(parents=True)
    (folder / "config/partners").mkdir(parents=True)
    (folder / "config/gateway.yaml").write_text(
        f"gateway: {{id: GW1, timezone: Europe/Paris, state: {folder}/state, journal: '{journal}'}}\n"
        "retention: {raw: 90d, record: 3y, filed: 3y}\n"
    )
    (folder / "config/partners/example-post.yaml").write_text(POST % {"post": folder / "post"})
    (folder / "config/partners/uk-customs.yaml").write_text(CUSTOMS % {"customs": folder / "customs"})
    (folder / "config/routes.yaml").write_text(
        "- route: uk-h7\n  from: {role: post, format: upu/itmatt-1.5}\n"
        "  file: {with: uk-customs, as: customs/uk/h7}\n  findings: {default: hold}\n"
    )
    return folder / "config"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def after_a_round(request, tmp_path_factory, program):
    """The folder of a gateway, and the URL of its journal where that is on a server."""
    folder = tmp_path_factory.mktemp("gateway")
    with postgresql.database() if request.param == "postgresql" else nullcontext("") as url:
        config = configured(folder, url)
        (folder / "post/out/a.xml").write_text(itmatt(4, {2: NO_CHECK_DIGIT, 3: NO_PIECES}))
        (folder / "post/out/b.xml").write_text("not XML at all")
        done = program(folder, "run", "--once", "--config", config)
        assert done.code == 0, done.err
        yield folder, url


@pytest.fixture
def site(after_a_round, tmp_path, gateway):
    """A copy, and a way to ask it."""
    made, url = after_a_round
    with postgresql.database(make_url(url).database) if url else nullcontext("") as journal:
        shutil.copytree(made / "state", tmp_path / "state")
        config = shutil.copytree(made / "config", tmp_path / "config")
        settings = config / "gateway.yaml"
        text = settings.read_text().replace(str(made), str(tmp_path))
        settings.write_text(text.replace(f"'{url}'", f"'{journal}'"))
        yield lambda *words: gateway(*words, "--config", config)


def refused_file(site):
    (row,) = [line for line in site("status").out.splitlines() if line.endswith("# b.xml")]
    return row.split("items show ")[1].split()[0]


def test_status_ends_each_line_with_a_command_that_works(site):
    said = site("status").out.splitlines()
    commands = [line.partition("  gateway ")[2].split("#")[0].split() for line in said if "  gateway " in line]
    assert [words[:2] for words in commands] == [
        ["filings", "list"], ["items", "search"], ["items", "search"], ["items", "show"],
    ]  # fmt: skip
    for *words, _option, _config in commands:
        assert site(*words).code in (0, 1)


def test_search_wants_all_that_is_named(site):
    def found(*words):
        return [row["item_id"] for row in site("items", "search", *words, "--json").json["data"]["items"]]

    assert found("--state", "held") == [item_id(3)]
    assert found("--code", "SRC332") == found("--code", "quantity.zero") == [item_id(3)]
    assert found("CP*", "--state", "held") == [item_id(3)]
    assert found(item_id(1), "--state", "held") == []
    assert site("items", "search", "nobody").err == "nothing found\n"


def test_unknown_code_is_a_usage_error(site):
    assert site("items", "search", "--code", "SRC000").code == 2


def test_item_is_shown_with_its_file_and_the_ways_on(site):
    said = site("items", "show", item_id(3)).out
    assert "came in a.xml from example-post.live" in said
    assert f"gateway items release {item_id(3)} --waive SRC332" in said
    assert "release" not in site("items", "show", "CP000000020FR").out


def test_lines_of_the_message_are_shown_when_they_are_asked_for_and_the_trail_says_so(site):
    covered, whole = site("items", "show", item_id(3)), site("items", "show", item_id(3), "--reveal")
    assert " | " not in covered.err and "reveal" not in covered.out
    assert " | " in whole.err and " reveal " in whole.out


def test_time_is_shown_in_the_zone_of_the_gateway(site):
    (history,) = [line for line in site("items", "show", item_id(3)).out.splitlines() if "→ held" in line]
    assert history.split()[0].endswith(("+01:00", "+02:00"))
    assert history.split()[1] == "translate"


def test_file_that_was_refused_can_be_looked_at_and_tried_again(site):
    file = refused_file(site)
    said = site("items", "show", file)
    assert (said.code, "b.xml" in said.out, "SRC201" in said.err) == (1, True, True)
    assert site("items", "retry", file).out == f"{file}: received\n"


def test_what_cannot_be_done_does_not_keep_the_rest_from_it(site):
    said = site("items", "return", "nobody", item_id(1), item_id(3), "--json")
    assert said.code == 1
    assert list(said.json["data"]["done"]) == [item_id(3)]
    assert list(said.json["data"]["refused"]) == ["nobody", item_id(1)]


def test_every_error_must_be_waived_by_name(site):
    said = site("items", "release", item_id(3))
    assert (said.code, said.err) == (1, f"{item_id(3)}: not done: not waived: SRC332\n")
    assert site("items", "release", item_id(3), "--waive", "quantity.zero").code == 0
    assert "waived by a person" in site("items", "show", item_id(3)).err


def test_nothing_known_is_a_usage_error(site):
    for words in (("items", "show", "nobody"), ("explain", "nobody"), ("pause", "nobody")):
        assert site(*words).code == 2


def test_balance_of_one_file_counts_that_file(site):
    file = site("items", "show", item_id(1), "--json").json["data"]["item"]["file"]
    assert site("balance", "--file", file).out.startswith(f"file {file} read")
    assert site("balance", "--file", "nothing").code == 2


def test_pause_is_shown_with_its_reason_and_the_way_back(site):
    site("pause", "example-post.live", "--reason", "holiday")
    said = site("status").out
    assert "paused (holiday)" in said
    assert "gateway resume example-post.live" in said


def test_doctor_says_each_line_and_keeps_what_it_found(site, tmp_path):
    partner = tmp_path / "config/partners/uk-customs.yaml"
    partner.write_text(partner.read_text().replace("/customs,", "/gone,"))
    said = site("doctor", "--json")
    assert said.code in (1, 4)
    assert not said.json["ok"]
    lines = {one["what"]: one for one in said.json["data"]["diagnoses"]}
    assert lines["example-post.live: folder in/"]["grade"] == "ok"
    assert "DLV611" in lines["uk-customs.live: place"]["fix"]


def test_before_the_first_run_doctor_looks_and_others_say_what_to_do(gateway, tmp_path):
    config = configured(tmp_path)
    assert gateway("doctor", "--config", config).code == 0
    said = gateway("status", "--config", config)
    assert said.code == 3
    assert "`gateway run` makes it" in said.err


def test_configuration_can_be_named_in_the_environment(gateway, tmp_path, monkeypatch):
    monkeypatch.setenv("GATEWAY_CONFIG", str(configured(tmp_path)))
    assert gateway("config", "validate", cwd=tmp_path.parent).code == 0


def test_of_two_declarations_that_wait_the_one_that_is_named_goes_on(tmp_path, program):
    config = configured(tmp_path)
    routes = config / "routes.yaml"
    first = routes.read_text()
    routes.write_text(first + "  continue: true\n" + first.replace("uk-h7\n", "other\n", 1))
    (tmp_path / "post/out/a.xml").write_text(itmatt(1, {1: DEAR}))
    assert program(tmp_path, "run", "--once", "--config", config).code == 0
    said = program(tmp_path, "items", "show", item_id(1), "--config", config).out
    _, second = named = re.findall(r"gateway items release (\S+) --waive TGT555", said)
    assert program(tmp_path, "items", "release", second, "--waive", "TGT555", "--config", config).code == 0
    said = program(tmp_path, "items", "show", item_id(1), "--config", config).out
    states = [re.search(rf"LRN {lrn} .* attempt 1: (\w+)", said)[1] for lrn in named]
    assert states == ["held", "written"]
