"""Connections: one line to one server, with every rule of every partner it carries."""

from datetime import timedelta

from gateway.settings import Completion, Inbound, Tidy


def test_rules_of_a_partner_hold_on_each_of_its_lines(folder):
    settings, _ = folder.load()
    live, test = (settings.connection(f"example-post.{name}") for name in ("live", "test"))
    assert (live.environment, test.environment) == ("production", "test")
    assert live.inbound == test.inbound
    assert live.inbound == (
        Inbound(("example-post",), "upu/itmatt-1.5", "out/itmatt", "*.xml", Completion("rename"), Tidy("move", "done")),
    )


def test_mailbox_serves_those_it_carries_and_not_itself(folder):
    settings, _ = folder.load()
    mailbox = settings.connection("post-network.live")
    assert mailbox.carries == ("island-post",)
    assert [rule.partners for rule in mailbox.inbound] == [("island-post",)]


def test_partner_behind_a_mailbox_overlays_the_rules_of_the_mailbox(folder):
    settings, _ = folder.load()
    rule = settings.connection("post-network.live").outbound_for("island-post", "upu/cusrsp-1")
    assert (rule.directory, rule.per_file, rule.every.interval) == ("in", 500, timedelta(minutes=5))


def test_two_partners_behind_a_mailbox_share_its_folder(folder):
    text = (folder.path / "partners/island-post.yaml").read_text()
    folder.write(
        "partners/other-post.yaml",
        text.replace("island-post", "other-post").replace("MUA", "SCA").replace("MU,", "SC,"),
    )
    folder.change("partners/post-network.yaml", "[island-post]", "[island-post, other-post]")
    settings, faults = folder.load()
    assert not faults
    (rule,) = settings.connection("post-network.live").inbound
    assert rule.partners == ("island-post", "other-post")


def test_what_nobody_says_has_a_safe_default(folder):
    folder.change("partners/example-post.yaml", ", complete: rename, after: move to done/", "")
    folder.change(
        "partners/example-post.yaml", ', name: "CUSRSP_{control_reference}.xml", per_file: 500, every: 5m', ""
    )
    settings, _ = folder.load()
    line = settings.connection("example-post.live")
    assert (str(line.inbound[0].complete), str(line.inbound[0].after)) == ("stable 2 polls 30s", "none")
    (out,) = line.outbound
    assert (out.per_file, out.every, out.in_doubt) == (1, None, "resend")
    assert out.name.fill(format="cusrsp-1", control_reference="7", syntax="xml") == "cusrsp-1_7.xml"


def test_line_to_a_partner_is_found_by_environment_and_name(folder):
    settings, _ = folder.load()
    assert [c.name for c in settings.connections_to("uk-customs", "test")] == ["uk-customs.test"]
    assert [c.name for c in settings.connections_to("island-post", "production")] == ["post-network.live"]
    assert settings.connections_to("island-post", "test") == ()
    assert settings.connections_to("uk-customs.live", "test") == ()


def test_directory_is_a_line_too(folder):
    for kind in ("live", "test"):
        text = (folder.path / "partners/uk-customs.yaml").read_text().splitlines()
        line = next(one for one in text if one.startswith(f"  {kind}:"))
        environment = {"live": "production", "test": "test"}[kind]
        folder.change(
            "partners/uk-customs.yaml", line, f"  {kind}: {{environment: {environment}, directory: /srv/{kind}}}"
        )
    settings, faults = folder.load()
    assert not faults
    assert str(settings.connection("uk-customs.live").target) == "/srv/live"
