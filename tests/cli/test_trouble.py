"""What fails on this machine is said as that, by an exit code of its own, and `doctor` goes on to its end."""

import os
import shutil
import socket
import subprocess
import threading
from contextlib import closing, contextmanager

import pytest

from gateway.cli.endings import INTERNAL, USAGE, run
from gateway.cli.main import gateway as commands
from tests.cli.copies import copied, ran_once
from tests.cli.messages import itmatt

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtt9BeozASVxdqCC/sAVBaE3IWgFPT+FD1dhH7egtl9"
FAR = """partner: far-post
party: {{name: Far Post, role: post, country: FR, ids: {{upu: FRB}}}}
timezone: Europe/Paris
connections:
  live: {{environment: production, sftp: gw@127.0.0.1:{port}, key: credential:far, host_keys: [{pin}], every: 1s}}
sends:
  upu/itmatt-1.5: {{from: out/*.xml, complete: rename, after: delete}}
receives:
  upu/cusrsp-1: {{to: in}}
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory, program):
    folder = tmp_path_factory.mktemp("ran")
    ran_once(program, folder, 2)
    return folder


@pytest.fixture
def ask(ran, gateway, tmp_path):
    """A way to ask the copy of a gateway that has run."""
    return copied(gateway, ran, tmp_path, "state", "post", "customs")


@contextmanager
def mounted(folder, *options):
    """A file system of its own that holds what the folder holds."""
    whole = folder.with_name("whole")
    shutil.copytree(folder, whole)
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        shutil.copytree(whole, folder, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", ",".join(("remount", *options)), folder], check=True)
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_state_folder_that_is_read_only_is_looked_at_to_the_end(ask, tmp_path):
    with mounted(tmp_path / "state", "ro"):
        said = ask("doctor", "--offline")
        assert said.code == 1, said.err
        assert "fail  disk writes" in said.out and "fail  journal" in said.out
        assert "ok    daemon: does not run" in said.out
        for words in (("status",), ("run", "--once"), ("reload",)):
            said = ask(*words)
            assert said.code == INTERNAL, words
            assert "Read-only file system" in said.err and "gateway doctor" in said.err


def test_a_damaged_page_of_the_journal_is_no_bug(ask, tmp_path):
    journal = tmp_path / "state/journal.sqlite"
    data = bytearray(journal.read_bytes())
    place = data.index(b"indexsqlite_autoindex_dossier_")
    data[place + 5 : place + 13] = b"\xff" * 8
    journal.write_bytes(data)
    for words, code in ((("doctor", "--offline"), 1), (("status",), INTERNAL), (("run", "--once"), INTERNAL)):
        said = ask(*words)
        assert said.code == code, said.err
        assert "restore" in said.out + said.err
        assert "bug" not in said.out + said.err and "Unicode" not in said.out + said.err


def test_a_spool_that_takes_nothing_is_not_the_partners_fault(ask, tmp_path):
    (tmp_path / "post/out/b.xml").write_text(itmatt(3))
    shutil.rmtree(tmp_path / "state/spool/in/example-post.live")
    (tmp_path / "state/spool/in/example-post.live").write_text("no folder")
    said = ask("run", "--once")
    assert said.code == INTERNAL, said.err
    assert "not reached" not in said.err
    assert "failed here, not at the partner: example-post.live" in said.err
    assert str(tmp_path / "state") in said.err and "gateway doctor" in said.err


WORDS = [
    ("items", "search", "\udcff"),
    ("items", "show", "\udcff"),
    ("items", "retry", "\udcff"),
    ("items", "release", "\udcff"),
    ("hold", "\udcff"),
    ("erase", "\udcff"),
    ("explain", "\udcff"),
    ("audit", "show", "\udcff"),
    ("audit", "list", "--who", "\udcff"),
    ("audit", "list", "--action", "\udcff"),
    ("filings", "show", "\udcff"),
    ("filings", "claim", "\udcff", "\udcff"),
    ("filings", "cancel", "\udcff"),
    ("filings", "list", "--route", "\udcff"),
    ("filings", "list", "--ruleset", "\udcff"),
    ("map", "--to", "customs/uk/h7", "--set", "declarant-id=\udcff", "pyproject.toml"),
]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_an_argument_that_is_no_text_is_refused_as_that(words, ran, capfd):
    assert run(commands, (*words, "--config", str(ran / "config"))) == USAGE
    _, err = capfd.readouterr()
    assert "is not UTF-8" in err and "bug" not in err


def test_a_path_may_be_any_bytes(ran, tmp_path, program):
    odd = tmp_path / os.fsdecode(b"odd\xff")
    shutil.copytree(ran / "config", odd)
    assert program(tmp_path, "status", "--config", odd).code in {0, 3}
    assert program(tmp_path, "backup", odd / "saved", "--config", ran / "config").code == 0


def answering(data):
    """A server that says this to whoever calls, and hangs up; nobody is let in by it."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with closing(line):
                line.sendall(data)

    threading.Thread(target=serve, daemon=True).start()
    return server


@pytest.mark.parametrize("said", [b"hello\x1b[2J\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_what_an_unknown_server_says_comes_on_no_terminal(ask, tmp_path, said):
    folder = tmp_path / "config/credentials"
    folder.mkdir(mode=0o700)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "far"], check=True)
    with closing(answering(said)) as server:
        text = FAR.format(port=server.getsockname()[1], pin=KEY)
        (tmp_path / "config/partners/far-post.yaml").write_text(text)
        for words in (("partner", "test", "far-post"), ("partner", "trust", "far-post.live"), ("doctor",)):
            for form in ((), ("--json",)):
                found = ask(*words, *form)
                assert found.code == 4, found.err
                for word in ("\x1b", "u001b", "Traceback", "paramiko.", "Exception (client)"):
                    assert word not in found.out + found.err.replace("paramiko 5", ""), (words, form)


def test_a_file_of_figures_that_nobody_can_write_is_told_before(ask, tmp_path):
    settings = tmp_path / "config/gateway.yaml"
    settings.write_text(settings.read_text() + f"metrics: {{textfile: {tmp_path}/nowhere/x.prom}}\n")
    said = ask("doctor", "--offline")
    assert f"warn  figures: `metrics.textfile`: {tmp_path}/nowhere is no folder" in said.out
