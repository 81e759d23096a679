"""Values with a form of their own are read as written and refused otherwise; each shows itself as it was written."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from gateway.settings import values
from gateway.settings.hostkeys import HostKey
from gateway.settings.names import FileName, FileNameTemplate

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtt9BeozASVxdqCC/sAVBaE3IWgFPT+FD1dhH7egtl9"

GOOD = [
    (values.Duration, "60s", timedelta(seconds=60)),
    (values.Duration, "4h", timedelta(hours=4)),
    (values.Duration, "3y", timedelta(days=3 * 366)),
    (values.Size, "50 MB", 50_000_000),
    (values.BrakeRule, "20 of 50", values.Brake(20, 50)),
    (values.CompletionRule, "rename", values.Completion("rename")),
    (values.CompletionRule, "stable 2 polls 30s", values.Completion("stable", 2, timedelta(seconds=30))),
    (values.CompletionRule, "done-file *.done", values.Completion("done-file", done="*.done")),
    (values.TidyRule, "delete", values.Tidy("delete")),
    (values.TidyRule, "none", values.Tidy("none")),
    (values.TidyRule, "move to done/", values.Tidy("move", "done")),
    (values.SftpAccount, "gw@edi.example.org", values.Sftp("gw", "edi.example.org")),
    (values.SftpAccount, "gw@edi.example.org:2222/drop", values.Sftp("gw", "edi.example.org", 2222, "/drop")),
    (values.SftpAccount, "gw@[2001:db8::1]:22", values.Sftp("gw", "2001:db8::1")),
    (values.Timetable, "10m", values.Schedule(timedelta(minutes=10))),
    (values.Timetable, "0 6 * * mon-fri", values.Schedule(cron="0 6 * * mon-fri")),
    (values.Files, "out/itmatt/*.xml", values.RemoteFiles("out/itmatt", "*.xml")),
    (values.Files, "*.xml", values.RemoteFiles(".", "*.xml")),
    (values.Credential, "credential:sftp.post", values.CredentialReference("credential:sftp.post")),
    (values.Credential, "./id_ed25519", values.CredentialReference("./id_ed25519")),
    (FileNameTemplate, "{lrn}.xml", FileName("{lrn}.xml")),
]
BAD = [
    (values.Duration, ["", "60", "s", "-1s", "1.5h", "60 s", "9" * 20 + "s"]),
    (values.Size, ["50", "MB", "1.5 MB", "-1 MB", "50 MiB"]),
    (values.BrakeRule, ["20", "0 of 50", "60 of 50", "20 out of 50"]),
    (values.CompletionRule, ["renamed", "stable", "stable 0 polls 30s", "stable 2 polls soon", "done-file x"]),
    (values.TidyRule, ["move", "move to ../x/", "keep"]),
    (values.SftpAccount, ["edi.example.org", "gw@", "gw@host:0", "gw@host:99999", "gw@host/../etc", "gw:pw@host"]),
    (values.Timetable, ["", "often", "* * *"]),
    (values.Folder, ["", "../up", "in/*", "in\n"]),
    (values.Files, ["out/", "o*/x.xml", "../x"]),
    (
        values.Credential,
        ["", "S3CRET", "a/" * 128, "a/b\nc", "credential:", "credential:a/b", "-----BEGIN OPENSSH PRIVATE KEY-----"],
    ),
    (values.Zone, ["Europe/Pariss", "UTC+1"]),
    (FileNameTemplate, ["x.xml", "{sender}_{lrn}.xml", "../{lrn}", "-{lrn}", ".{lrn}", "{lrn} a.xml"]),
    (HostKey, ["SHA256:abcd", "ssh-ed25519 AAAA", "ssh-rsa " + KEY.split()[1], "ssh-ed25519 not/base64!"]),
]


@pytest.mark.parametrize(("form", "text", "value"), GOOD)
def test_value_is_read_as_written(form, text, value):
    assert TypeAdapter(form).validate_python(text) == value


@pytest.mark.parametrize(("form", "value"), [(form, value) for form, _, value in GOOD])
def test_value_shows_itself_as_it_can_be_read(form, value):
    adapter = TypeAdapter(form)
    assert adapter.validate_python(adapter.dump_python(value, mode="json")) == value


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in BAD for text in texts])
def test_other_text_is_refused(form, text):
    with pytest.raises(ValidationError):
        TypeAdapter(form).validate_python(text)


@pytest.mark.parametrize("weekday", ["1", "0", "1-5", "mon,2"])
def test_numeric_weekday_is_refused_by_name(weekday):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(values.Timetable).validate_python(f"0 6 * * {weekday}")
    assert refused.value.errors()[0]["type"] == "weekday"


def test_host_key_loses_its_comment_only():
    assert TypeAdapter(HostKey).validate_python(f"{KEY} gw@host") == KEY


def test_name_takes_only_plain_characters():
    assert FileName("{control_reference}.xml").fill(control_reference="A/../B 1") == "A-..-B-1.xml"


@given(st.integers(0, 999_999), st.sampled_from("smhdwy"))
def test_durations_round_trip(number, unit):
    value = values.parse_duration(f"{number}{unit}")
    assert value is not None
    assert values.parse_duration(values.duration_text(value)) == value


@given(st.text(max_size=40))
def test_parsers_never_raise_on_text(text):
    for parse in (
        values.parse_brake,
        values.parse_completion,
        values.parse_tidy,
        values.parse_sftp,
        values.parse_folder,
    ):
        parse(text)
