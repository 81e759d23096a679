"""The stage of the demonstration, and of tests that need the whole exchange, below one folder.

folder/config      the gateway's configuration, as a site would write it
folder/state       its journal and spool
folder/partners    what the post and the administration have on their side
"""

from collections.abc import Sequence
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Self

import msgspec
from ruamel.yaml import YAML

from gateway.demo.ledger import Ledger
from gateway.demo.post import Post, PostSetup
from gateway.demo.process import PartnerProcess
from gateway.demo.server import new_key, public_line
from gateway.settings.shipped import shipped_configuration
from gateway.transport import private_key

STAGE = shipped_configuration() / "demo"


class Cast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `stage.yaml`: who plays."""

    post: PostSetup
    customs: str


CAST = msgspec.convert(YAML(typ="safe").load(STAGE / "stage.yaml"), Cast)
POST, CUSTOMS = CAST.post.partner, CAST.customs


class Scene:
    """Both partners and a configuration that knows them. The daemon is not part of it: it comes and goes, they stay.

    `stage` is a folder with what the shipped one has: the configuration, and the script of the administration. `more`
    names further administrations of it, each with a script and a route of its own.
    """

    def __init__(self, folder: Path, seed: int = 1, stage: Path = STAGE, *, more: Sequence[str] = ()) -> None:
        self.folder, self._stage, self._more = folder, stage, tuple(more)
        self.settings = folder / "config" / "gateway.yaml"
        self._partners = {name: self._partner(name, seed) for name in (POST, CUSTOMS, *more)}
        self.post = Post(self._partners[POST].root, CAST.post)
        self.customs = self.ledger(CUSTOMS)

    def start(self) -> None:
        """Start the partners, then write the configuration with their addresses and keys."""
        try:
            for partner in self._partners.values():
                partner.start()
            self._configure()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        for partner in self._partners.values():
            partner.stop()

    def addresses(self) -> list[str]:
        """Who listens where."""
        return [f"{name} at 127.0.0.1:{partner.port}" for name, partner in self._partners.items()]

    def partner(self, name: str) -> PartnerProcess:
        """The process of one partner, for tests that freeze or stop it."""
        return self._partners[name]

    def ledger(self, name: str) -> Ledger:
        """What one administration received and answered."""
        return Ledger(self._partners[name].root.parent)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _partner(self, name: str, seed: int) -> PartnerProcess:
        home, script = self.folder / "partners" / name, self._stage / name
        (home / "root").mkdir(parents=True)
        return PartnerProcess(
            home,
            _make_pair(home / "host_key"),
            authorized=_make_pair(self.settings.parent / "credentials" / f"sftp.{name}"),
            script=str(script) if script.is_dir() else None,
            seed=seed,
        )

    def _configure(self) -> None:
        written = self._stage / "gateway"
        for template in written.glob("*.yaml"):
            self._write(template, written, {})
        for name, partner in self._partners.items():
            facts = {"port": str(partner.port), "host_key": partner.host_key}
            self._write(written / "partners" / f"{name}.yaml", written, facts)
        with (self.settings.parent / "routes.yaml").open("a", encoding="utf-8") as routes:
            routes.writelines((self._stage / name / "route.yaml").read_text(encoding="utf-8") for name in self._more)

    def _write(self, template: Path, among: Path, facts: dict[str, str]) -> None:
        target = self.settings.parent / template.relative_to(among)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(template.read_text(encoding="utf-8")).substitute(facts), encoding="utf-8")


def _make_pair(private: Path) -> str:
    """Write a new private key that others cannot read; the public key as one line."""
    key = new_key()
    private.parent.mkdir(parents=True, exist_ok=True)
    private.touch(mode=0o600)
    private.write_bytes(key)
    return public_line(private_key(key))
