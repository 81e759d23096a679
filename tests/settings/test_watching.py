"""Whom to tell and where figures are shown: what is wrong is said before anything runs."""

from datetime import timedelta

import pytest

from gateway.settings.addresses import Server

MAIL = "{to: [duty@example.org], from: gateway@example.org, smtp: mail.example.org"


def with_lines(folder, *lines):
    file = folder.path / "gateway.yaml"
    kept = [line for line in file.read_text().splitlines() if not line.startswith(("alerts:", "metrics:"))]
    file.write_text("\n".join([*kept, *lines]) + "\n")
    return folder


def test_all_of_it_may_be_left_out(folder):
    settings, faults = with_lines(folder).load()
    assert faults == ()
    assert (settings.alerts.command, settings.alerts.mail, settings.metrics.textfile) == (None, None, None)
    assert (settings.alerts.repeat, settings.metrics.every) == (timedelta(hours=4), timedelta(seconds=30))


def test_mail_is_encrypted_unless_it_is_said_otherwise(folder):
    settings, faults = with_lines(folder, f"alerts: {{mail: {MAIL}}}}}").load()
    assert faults == ()
    mail = settings.alerts.mail
    assert (mail.to, mail.sender, mail.tls) == (("duty@example.org",), "gateway@example.org", "starttls")
    assert mail.smtp == Server("mail.example.org")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("user: gateway", "CFG155"),
        ("password: credential:mail", "CFG155"),
        ("user: gateway, password: credential:mail, tls: none", "CFG156"),
        ("tls: ssl", "CFG107"),
        ("color: red", "CFG105"),
    ],
)
def test_what_is_wrong_with_mail_is_told_with_its_place(folder, more, code):
    (fault,) = with_lines(folder, f"alerts: {{mail: {MAIL}, {more}}}}}").faults()
    assert fault.startswith(code)


def test_a_password_may_go_to_this_machine_in_clear(folder):
    login = "user: gateway, password: credential:mail, tls: none"
    mail = MAIL.replace("mail.example.org", "127.0.0.1:25")
    assert with_lines(folder, f"alerts: {{mail: {mail}, {login}}}}}").load()[1] == ()


@pytest.mark.parametrize("to", ["[]", "duty@example.org", "[duty]", '["a@example.org\\nBcc: b@example.org"]'])
def test_addresses_are_a_list_of_addresses(folder, to):
    mail = MAIL.replace("[duty@example.org]", to)
    found = with_lines(folder, f"alerts: {{mail: {mail}}}}}").faults()
    assert {fault[:22] for fault in found} == {"CFG108 gateway.yaml:3:"}


@pytest.mark.parametrize("address", ["127.0.0.1:9464", "'[::1]:9464'", "localhost:9464"])
def test_figures_are_shown_on_this_machine(folder, address):
    assert with_lines(folder, f"metrics: {{listen: {address}}}").load()[1] == ()


@pytest.mark.parametrize("address", ["0.0.0.0:9464", "192.0.2.1:9464", "'[::]:9464'", "gateway.example.org:9464"])
def test_and_elsewhere_only_when_that_is_said(folder, address):
    assert with_lines(folder, f"metrics: {{listen: {address}}}").faults() == ["CFG157 gateway.yaml:3:10"]
    assert with_lines(folder, f"metrics: {{listen: {address}, anywhere: true}}").load()[1] == ()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999", "here:x"])
def test_a_door_has_a_port(folder, address):
    (fault,) = with_lines(folder, f"metrics: {{listen: {address}}}").faults()
    assert fault.startswith("CFG108")
