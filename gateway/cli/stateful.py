"""The gate of a configuration for commands that look into the journal or change it by a person's word."""

import getpass
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.configured import load_configuration
from gateway.cli.report import Report
from gateway.findings.errors import ConfigurationInvalid

if TYPE_CHECKING:
    from gateway.steps.ground.gate import Gate


@contextmanager
def gate_of(report: Report, config: Path | None, *, reads: bool = True) -> Iterator["Gate"]:
    """Open journal and spool beside a daemon that may be running; what `reads` no message archives no tables.

    Raises: ConfigurationInvalid.
    """
    from gateway.journal.store import JournalMissing
    from gateway.runner.gates import open_gate

    settings = load_configuration(report, config, formats=False)
    with ExitStack() as opened:
        try:
            gate = opened.enter_context(open_gate(settings, create=False, reads=reads))
        except JournalMissing:
            raise ConfigurationInvalid(f"there is no journal in {settings.state} yet: `gateway run` makes it") from None
        yield gate


def operator() -> str:
    """Who acts, as the audit trail names it: the operator's letter and the system user."""
    return f"O:{getpass.getuser()}"
