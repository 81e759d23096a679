"""The gate of a configuration: its journal, spool and rulesets, opened and ready for the steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from gateway.findings.errors import ConfigurationInvalid
from gateway.journal.blobs import BlobStore
from gateway.journal.clock import Clock
from gateway.journal.seal import Seal
from gateway.journal.store import Journal, open_journal
from gateway.mapping.registry import shipped
from gateway.ruleset import Archive
from gateway.settings import Credentials, Settings, load
from gateway.steps.ground.gate import Gate, new_owner, pin_ruleset
from gateway.steps.ground.hub import Hub, filer_with


def load_settings(path: Path) -> Settings:
    """The configuration, or its faults. Raises: ConfigurationInvalid."""
    settings, findings = load(path)
    if settings is None or any(f.severity == "error" for f in findings):
        raise ConfigurationInvalid(f"{path}: `gateway config validate` shows what is wrong")
    return settings


def roots_of(settings: Settings) -> tuple[Path, ...]:
    return (*settings.overlays, shipped())


def pinned_settings(settings: Settings) -> bytes:
    """What of the configuration decides how declarations are written: the filer with each partner."""
    return msgspec.json.encode({name: filer_with(settings, p) for name, p in settings.partners.items()}, order="sorted")


def pin(journal: Journal, archive: Archive, settings: Settings) -> str:
    """Archive the ruleset of a configuration as it is now; gives its hash."""
    return pin_ruleset(journal, archive, roots_of(settings), pinned_settings(settings))


def seal_of(settings: Settings) -> Seal:
    """How bytes are stored; the identity is read when the first sealed ones are."""
    identity = settings.at_rest.identity
    asked = partial(Credentials(settings.folder), identity) if identity else None
    return Seal(settings.at_rest.recipients, asked)


def journal_of(settings: Settings, clock: Clock | None = None, *, create: bool = True) -> Journal:
    """Open the journal that a configuration names. Raises: as `open_journal`, and CredentialMissing."""
    named, password = settings.gateway.journal, password_of(settings)
    return open_journal(
        named or settings.state, create=create, state_dir=settings.state, clock=clock, password=password
    )


def password_of(settings: Settings) -> str:
    """Of the journal's server; empty where none is named. Raises: CredentialMissing."""
    secret = settings.gateway.journal_password
    return Credentials(settings.folder)(secret).decode().strip() if secret else ""


@contextmanager
def open_gate(
    settings: Settings, clock: Clock | None = None, *, create: bool = True, reads: bool = True
) -> Iterator[Gate]:
    """Journal, spool and rulesets of a configuration, ready for the steps. Holds no lock.

    What `reads` no message needs no tables, and pins none. Raises: JournalMissing; SpoolSealed
    where `create` says that this is the gateway at work, and it would seal what it cannot open.
    """
    journal = journal_of(settings, clock, create=create)
    clock = journal.clock
    try:
        archive = Archive(settings.state)
        ruleset = pin(journal, archive, settings) if reads else ""
        seal = seal_of(settings)
        if create:
            seal.prove()
        blobs = BlobStore(settings.state, clock, seal)
        yield Gate(journal, blobs, archive, Hub(settings), clock, ruleset, new_owner())
    finally:
        journal.close()
