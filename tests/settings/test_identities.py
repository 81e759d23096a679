"""Ids of partners, some of which are secrets."""

import pytest

from gateway.findings.errors import CredentialMissing
from gateway.runner.gates import load_settings
from gateway.runner.local import run
from gateway.steps.ground.hub import Hub
from tests.steps.site import Site

REFERENCE = "ids: {upu: credential:post.upu}"


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    made.change("partners/example-post.yaml", "ids: {upu: FRA}", REFERENCE)
    return made


def secret(site, text):
    file = site.folder / "config/credentials/post.upu"
    file.parent.mkdir()
    file.touch(mode=0o600)
    file.write_text(text)


def test_a_partner_goes_by_what_its_secret_says(site):
    secret(site, "FRA\n")
    hub = Hub(load_settings(site.folder / "config/gateway.yaml"))
    assert hub.mailbox("example-post") == "FRA" and hub.unread == ()
    assert "FRA" not in repr(hub.settings)


def test_nobody_goes_by_a_reference(site):
    hub = Hub(load_settings(site.folder / "config/gateway.yaml"))
    assert hub.mailbox("example-post") == "example-post" and hub.unread == ("credential:post.upu",)


def test_who_reads_messages_does_not_start_without_it(site):
    with pytest.raises(CredentialMissing, match=r"post\.upu"):
        run(site.folder / "config/gateway.yaml", once=True, roles=("core",))
    run(site.folder / "config/gateway.yaml", once=True, roles=("mover",))
