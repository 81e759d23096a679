"""Every fault of every file at once, each with its place and what was probably meant."""

import pytest

from gateway.findings.catalogue import hint, text
from gateway.settings import load

POST, UK, NETWORK, ISLAND, ROUTES = (
    "partners/example-post.yaml",
    "partners/uk-customs.yaml",
    "partners/post-network.yaml",
    "partners/island-post.yaml",
    "routes.yaml",
)


def test_sample_configuration_has_no_faults(folder):
    settings, faults = folder.load()
    assert faults == ()
    assert set(settings.partners) == {"example-post", "island-post", "post-network", "uk-customs"}


def test_sample_partners_are_short(folder):
    for file in (folder.path / "partners").glob("*.yaml"):
        assert len([line for line in file.read_text().splitlines() if not line.startswith("#")]) <= 15


def test_faults_of_all_files_come_at_once(folder):
    folder.change("gateway.yaml", "runner: local", "runner: locl")
    folder.change(POST, "role: post", "role: psot")
    folder.change(POST, "warn: 6h", "wran: 6h")
    folder.change(UK, "brake: 20 of 50", "brake: 20")
    folder.change(ROUTES, "default: hold", "default: hodl")
    assert folder.faults() == [
        "CFG107 gateway.yaml:1:80",
        "CFG107 routes.yaml:5:23",
        "CFG107 partners/example-post.yaml:3:35",
        "CFG106 partners/example-post.yaml:12:8",
        "CFG105 partners/example-post.yaml:12:9",
        "CFG108 partners/uk-customs.yaml:9:103",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (POST, "name: Example Post", "name: Example Post, name: Other", "CFG104 partners/example-post.yaml:3:29"),
        (POST, "sftp: gw@edi.example.org", "sftp: edi.example.org", "CFG108 partners/example-post.yaml:6:41"),
        (POST, "timezone: Europe/Paris", "timezone: Paris", "CFG108 partners/example-post.yaml:4:11"),
        (POST, "timezone: Europe/Paris", "timezone: localtime", "CFG108 partners/example-post.yaml:4:11"),
        (POST, "partner: example-post", "partner: other-post", "CFG115 partners/example-post.yaml:2:10"),
        (POST, "upu: FRA", "upu: MUA", "CFG120 partners/island-post.yaml:3:64"),
        (POST, "from: out/itmatt/*.xml, ", "", "CFG106 partners/example-post.yaml:9:3"),
        (POST, "{upu: FRA}", "[FRA]", "CFG108 partners/example-post.yaml:3:59"),
        (UK, "every: 30s", "every: 0 6 * * 1", "CFG112 partners/uk-customs.yaml:6:192"),
        (UK, "per_file: 1,", "per_file: 20,", "CFG121 partners/uk-customs.yaml:9:3"),
        (UK, "per_file: 1,", "per_file: many,", "CFG108 partners/uk-customs.yaml:9:56"),
        (ISLAND, "via: post-network", "via: post-netwrk", "CFG117 partners/island-post.yaml:5:6"),
        (ISLAND, "via: post-network\n", "", "CFG116 partners/island-post.yaml:2:1"),
        (ROUTES, "with: uk-customs", "with: uk-custom", "CFG117 routes.yaml:4:16"),
        (ROUTES, "with: uk-customs", "with: uk-customs.lve", "CFG117 routes.yaml:4:16"),
        (ROUTES, "with: uk-customs", "with: uk-customs.live", "RTE103 routes.yaml:4:16"),
        (ROUTES, "as: customs/uk/h7", "as: customs/uk/h8", "RTE106 routes.yaml:4:32"),
        (ROUTES, "as: upu/cusrsp-1", "as: upu/cusrsp-2", "RTE106 routes.yaml:6:28"),
        (ROUTES, "format: upu/itmatt-1.5", "format: upu/itmatt-2", "RTE105 routes.yaml:3:9"),
        (ROUTES, "  file: {with: uk-customs, as: customs/uk/h7}\n", "", "CFG114 routes.yaml:2:3"),
        (UK, "  test: {environment: test", "  more: {environment: production", "RTE104 routes.yaml:4:16"),
    ],
)
def test_fault_has_its_code_and_place(folder, file, old, new, fault):
    folder.change(file, old, new)
    assert fault in folder.faults()


def test_no_connection_in_an_environment_is_listed_not_guessed(folder):
    lines = (folder.path / UK).read_text().splitlines(keepends=True)
    folder.write(UK, "".join(line for line in lines if not line.startswith("  test:")))
    assert folder.faults() == ["RTE102 routes.yaml:4:16"]


def test_shadowed_route_is_a_fault(folder):
    route = (folder.path / ROUTES).read_text().partition("- route")[2]
    narrow = route.replace("uk-h7", "uk-express", 1).replace("[A, B, C, D]", "[A]")
    folder.write(ROUTES, f"- route{route}- route{narrow}")
    assert folder.faults() == ["RTE108 routes.yaml:6:10"]
    folder.write(ROUTES, f"- route{narrow}- route{route}")
    assert folder.faults() == []


def test_a_route_after_one_that_goes_on_is_in_nobodys_shade(folder):
    route = (folder.path / ROUTES).read_text().partition("- route")[2]
    second = route.replace("uk-h7", "uk-again", 1)
    folder.write(ROUTES, f"- route{route.replace('  file:', '  continue: true' + chr(10) + '  file:')}- route{second}")
    assert folder.faults() == []
    third = route.replace("uk-h7", "uk-third", 1)
    folder.write(
        ROUTES,
        f"- route{route}- route{second.replace('  file:', '  continue: true' + chr(10) + '  file:')}- route{third}",
    )
    assert [fault.split()[0] for fault in folder.faults()] == ["RTE108", "RTE108"]


def test_two_routes_of_one_name_are_a_fault(folder):
    route = (folder.path / ROUTES).read_text().partition("- route")[2]
    folder.write(ROUTES, f"- route{route.replace('[GB]', '[IM]')}- route{route}")
    assert folder.faults() == ["RTE109 routes.yaml:6:10"]


def test_carried_partner_must_say_so(folder):
    folder.change(NETWORK, "carries: [island-post]", "carries: [island-post, example-post, nobody]")
    assert [fault.split()[0] for fault in folder.faults()] == ["CFG119", "CFG117"]


def test_partner_at_fault_still_counts_as_defined(folder):
    folder.change(UK, "timezone: Europe/London", "timezone: London")
    assert folder.faults() == ["CFG108 partners/uk-customs.yaml:4:11"]


def test_did_you_mean(folder):
    folder.change(POST, "complete: rename", "compleet: rename")
    _, (fault,) = folder.load()
    assert (text(fault), hint(fault)) == ("unknown key `compleet`", "did you mean `complete`?")


def test_missing_files_are_named(tmp_path):
    (tmp_path / "config").mkdir()
    settings, faults = load(tmp_path / "config")
    assert settings is None
    assert {(fault.code, fault.source.file) for fault in faults} == {
        ("CFG101", "config/gateway.yaml"),
        ("CFG101", "config/routes.yaml"),
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"gateway: {id: GW1", "CFG102"),
        (b"\xff\xfe", "CFG102"),
        (b"a: b: c", "CFG102"),
        (b"# " + b"x" * 1_000_001, "CFG103"),
        (
            b"a: &a [x,x,x,x]\n" + b"".join(b"%c: &%c [*%c,*%c,*%c,*%c]\n" % (n, n, *[n - 1] * 4) for n in b"bcdefghi"),
            "CFG103",
        ),
        (b"[" * 5000, "CFG103"),
        (b"&a [*a]", "CFG103"),
        (b"", "CFG108"),
        (b"- a", "CFG108"),
        (b"{[a]: b}", "CFG106"),
    ],
)
def test_hostile_or_broken_file_is_a_fault_not_a_crash(folder, content, code):
    (folder.path / "gateway.yaml").write_bytes(content)
    settings, faults = folder.load()
    assert settings is None
    assert faults[0].code == code
