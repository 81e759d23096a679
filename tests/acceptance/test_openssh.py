"""The whole exchange against real servers: post and customs each behind Debian's OpenSSH, internal-sftp, chroot."""

import shutil
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import NamedTuple

import pytest

from gateway.demo import corpus
from gateway.demo.customs import Customs
from gateway.demo.ledger import Ledger
from gateway.demo.post import Post
from gateway.demo.scene import CAST, CUSTOMS, POST, STAGE
from tests.acceptance.daemon import ITEM, Books, balanced, running, until
from tests.servers import running_openssh

ITEMS = 30
pytestmark = pytest.mark.openssh


@contextmanager
def home_of(server):
    """A folder on the file system of the server's root, with that root in it: where the partner's desk works."""
    home = Path(tempfile.mkdtemp(prefix="gateway-desk-", dir=server.root.parent))
    try:
        (home / "root").symlink_to(server.root)
        yield home
    finally:
        shutil.rmtree(home)


@contextmanager
def at_work(desk):
    """The administration takes and answers until the end of the block."""
    over = threading.Event()

    def work():
        while not over.is_set():
            desk.step() or time.sleep(0.01)

    clerk = threading.Thread(target=work)
    clerk.start()
    try:
        yield
    finally:
        over.set()
        clerk.join()


def configure(folder, servers):
    """The demonstration's configuration with other addresses, users and keys."""
    for template in (STAGE / "gateway").rglob("*.yaml"):
        if template.parent.name == "partners" and template.stem not in servers:
            continue  # an administration that has no part here
        target = folder / "config" / template.relative_to(STAGE / "gateway")
        target.parent.mkdir(parents=True, exist_ok=True)
        server = servers.get(template.stem)
        facts = {"port": str(server.port), "host_key": server.host_key_line} if server else {}
        text = Template(template.read_text(encoding="utf-8")).substitute(facts)
        target.write_text(text.replace("gw@", f"{server.user}@") if server else text, encoding="utf-8")
    for name, server in servers.items():
        key = folder / "config" / "credentials" / f"sftp.{name}"
        key.parent.mkdir(exist_ok=True)
        key.touch(mode=0o600)
        key.write_bytes(server.key_file.read_bytes())
    return folder / "config" / "gateway.yaml"


class Exchange(NamedTuple):
    """Both partners at work, and the configuration that knows them."""

    settings: Path
    post: Post
    post_root: Path
    desk: Customs
    customs: Ledger


@pytest.fixture
def exchange(tmp_path):
    with ExitStack() as stack:
        servers = {}
        for name in (POST, CUSTOMS):
            (tmp_path / name).mkdir()
            servers[name] = stack.enter_context(running_openssh(tmp_path / name))
        home = stack.enter_context(home_of(servers[CUSTOMS]))
        desk = Customs(home, STAGE / CUSTOMS, seed=7)
        stack.enter_context(at_work(desk))
        root = servers[POST].root
        yield Exchange(configure(tmp_path, servers), Post(root, CAST.post), root, desk, Ledger(home))


def is_over(exchange):
    """Every declaration is answered, every answer has come in, and what it says has gone out."""
    books = Books(exchange.settings)
    heard = sum(books.count("decision").values())
    return not exchange.desk.pending and heard == len(exchange.customs.replies()) and not books.moving()


@pytest.mark.slow
def test_a_whole_exchange_over_openssh_there_and_back(exchange):
    data = b"".join(corpus.itmatt(ITEMS, 7, {4: "gross-zero"}, day=datetime.now(UTC).date(), sender="FRA"))
    with running(exchange.settings):
        exchange.post.publish("a.xml", data)
        moves = Books(exchange.settings).steps
        until(lambda: len(exchange.customs.receipts()) == ITEMS - 1, moves=moves)
        until(lambda: is_over(exchange), moves=moves)
    filed = [ITEM.search(exchange.customs.read(receipt))[1] for receipt in exchange.customs.receipts()]
    assert len(set(filed)) == len(filed) == ITEMS - 1
    answered = Books(exchange.settings).count("decision")["answered"]
    assert sum(exchange.post.answers().values()) == answered + 1, "and the one that was refused before"
    assert [file.name for file in (exchange.post_root / "done").iterdir()] == ["a.xml"]
    assert balanced(exchange.settings)
