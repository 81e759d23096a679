"""The gateway's own exchange with one server: the carrier of a line, its journal and spool, as the daemon runs it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path

from sqlalchemy import func, select

from gateway.journal import bulk, schema
from gateway.journal.ids import new_id
from gateway.runner.carrier import Carrier
from gateway.runner.gates import load_settings, open_gate
from gateway.settings import Credentials
from gateway.steps.ground.gate import Gate
from tests.servers import Server

LINE = "bench.live"
FILES = {
    "gateway.yaml": "gateway: {id: GW1, timezone: UTC, state: ../state}\nlimits: {file: 2 GB}\n"
    "retention: {raw: 90d, record: 3y, filed: 3y}\n",
    "routes.yaml": "[]\n",
    "partners/bench.yaml": """\
partner: bench
party: {name: Bench, role: post, country: FR, ids: {upu: FRA}}
timezone: UTC
connections:
  live: {environment: test, sftp: "ACCOUNT", key: KEY, host_keys: ["HOST"], probe: probe, every: 60s}
sends:
  upu/itmatt-1.5: {from: out/*.xml, complete: rename, after: move to done/}
receives:
  upu/cusrsp-1: {to: in, name: "CUSRSP_{control_reference}.xml"}
""",
}


class Ours:
    """One line, open; what is told of it is counted in the journal."""

    def __init__(self, gate: Gate, carrier: Carrier) -> None:
        self.gate, self.carrier = gate, carrier

    def fetch(self) -> None:
        self.carrier.turn(poll=True)

    def deliver(self) -> None:
        self.carrier.turn(poll=False)

    def queue(self, contents: dict[str, bytes]) -> None:
        """What is to be sent, durable in the spool as the assembling step leaves it."""
        with self.gate.blobs.draft("answer", LINE) as draft:
            places = {name: draft.write(content) for name, content in contents.items()}
            blob = draft.keep()
        ids = {name: new_id() for name in contents}
        deliveries = [
            {
                "id": ids[name], "connection": LINE, "environment": "test", "kind": "upu/cusrsp-1", "directory": "in",
                "final_name": name, "control_reference": name, "state": "queued", "size": len(content), "attempt": 0,
                "sha256": blob.sha256,
            }
            for name, content in contents.items()
        ]  # fmt: skip
        parts = [
            {"delivery": ids[name], "seq": 0, "blob": blob.id, "offset": at, "length": len(contents[name])}
            for name, at in places.items()
        ]
        with self.gate.journal.write() as conn:
            self.gate.blobs.add(conn, blob)
            bulk.insert(conn, schema.delivery, deliveries)
            bulk.insert(conn, schema.delivery_part, parts)

    def counted(self, table: str, state: str) -> int:
        rows = schema.METADATA.tables[table]
        with self.gate.journal.read() as conn:
            return conn.scalar(select(func.count()).select_from(rows).where(rows.c.state == state)) or 0


@contextmanager
def gateway(folder: Path, server: Server, port: int) -> Iterator[Ours]:
    config = folder / "config"
    (config / "partners").mkdir(parents=True)
    key = config / "key"
    key.write_bytes(server.key_file.read_bytes())
    key.chmod(0o600)
    facts = {"ACCOUNT": f"{server.user}@127.0.0.1:{port}", "KEY": os.fspath(key), "HOST": server.host_key_line}
    for name, text in FILES.items():
        (config / name).write_text(reduce(lambda said, fact: said.replace(*fact), facts.items(), text))
    settings = load_settings(config / "gateway.yaml")
    with open_gate(settings) as gate:
        carrier = Carrier(gate, gate.hub.connections[LINE], Credentials(settings.folder), lambda: None)
        try:
            carrier.turn(poll=True)  # dials
            yield Ours(gate, carrier)
        finally:
            carrier.close()
