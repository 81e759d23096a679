"""A journal on a server: its password stands nowhere in the configuration, and many hosts need one."""

import pytest

from gateway.settings import database

HERE = "postgresql://gateway@db.example.org/gateway"


@pytest.fixture
def said(folder):
    """The faults of a configuration with these keys in its section `gateway`."""

    def load(*lines):
        file = folder.path / "gateway.yaml"
        text = file.read_text().replace(", runner: local", "")
        assert "gateway: {" in text, text
        file.write_text(text.replace("gateway: {", "gateway: {" + "".join(f"{line}, " for line in lines)))
        return [fault[:6] for fault in folder.faults()]

    return load


def test_a_database_with_its_password_elsewhere(said):
    assert said(f'journal: "{HERE}?sslmode=verify-full"', "journal_password: credential:journal") == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((f'journal: "{HERE.replace("@", ":s3cret@")}"',), "CFG140"),
        ((f'journal: "{HERE}?password=s3cret"',), "CFG140"),
        ((f'journal: "{HERE}?sslpassword=s3cret"',), "CFG140"),
        ((f'journal: "{HERE}?passwor%64=s3cret"',), "CFG140"),
        ((f'journal: "{HERE}?passwor=s3cret"',), "CFG144"),
        ((f'journal: "{HERE}?sslmode=%zz"',), "CFG108"),
        (("journal_password: credential:journal",), "CFG141"),
        (("runner: procrastinate",), "CFG142"),
        (("journal: mysql://db/gateway",), "CFG108"),
        (("journal: postgresql://db",), "CFG108"),
        (('journal: "postgresql://db:x/gateway"',), "CFG108"),
    ],
)
def test_what_cannot_be_is_said(said, lines, code):
    assert said(*lines) == [code]


def test_a_password_that_should_not_be_there_is_not_shown(folder):
    file = folder.path / "gateway.yaml"
    file.write_text(file.read_text().replace("gateway: {", f'gateway: {{journal: "{HERE.replace("@", ":s3cret@")}", '))
    assert "s3cret" not in "".join(folder.faults())


def test_libraries_that_are_missing_are_said_before_anything_runs(said, monkeypatch):
    monkeypatch.setattr(database, "EXTRA", ("psycopg", "not_there"))
    assert said(f"journal: {HERE}") == ["CFG143"]


def test_a_journal_in_a_file_needs_no_libraries(said, monkeypatch):
    monkeypatch.setattr(database, "EXTRA", ("not_there",))
    assert said() == []
