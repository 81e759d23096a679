"""`gateway`: the list of commands. A command's module is imported when it is used, so that `--help` stays fast."""

import difflib
import importlib
import sys
from typing import NamedTuple

import click

from gateway import __version__


class Entry(NamedTuple):
    """Where a command lives and what its line in the list says."""

    section: str
    module: str
    summary: str


COMMANDS = {
    "init": Entry("Start", "init", "Write a sample configuration to start from."),
    "demo": Entry("Start", "demo", "Run the whole exchange on simulated partners; ends by itself."),
    "doctor": Entry("Start", "doctor", "Look at everything the gateway needs and say what is wrong."),
    "formats": Entry("Messages, without any state", "formats", "List the formats: direction, record, syntax, basis."),
    "read": Entry("Messages, without any state", "read", "Print records as JSON Lines."),
    "map": Entry("Messages, without any state", "map", "Translate files."),
    "check": Entry("Messages, without any state", "check", "Print findings only."),
    "explain": Entry("Messages, without any state", "explain", "Show where each value came from, by which row."),
    "rule": Entry("Messages, without any state", "rule", "Show what a finding's code means."),
    "run": Entry("The daemon", "run", "Exchange with all partners."),
    "reload": Entry("The daemon", "reload", "Take up changed tables while files are on their way."),
    "status": Entry("The daemon", "status", "Show what goes on and what waits for a person."),
    "metrics": Entry("The daemon", "metrics", "Print figures for Prometheus once."),
    "items": Entry("The daemon", "items", "Search, show, retry, release and return items."),
    "filings": Entry("The daemon", "filings", "List, change, cancel, take back what was filed."),
    "gaps": Entry("The daemon", "gaps", "List references of senders that are missing, close a gap."),
    "balance": Entry("The daemon", "balance", "Prove that every item is in exactly one place."),
    "pause": Entry("The daemon", "switches:pause", "Stop a connection or route."),
    "resume": Entry("The daemon", "switches:resume", "Let a connection or route go on."),
    "audit": Entry("What is kept", "audit", "Prove the audit trail, list who did what."),
    "purge": Entry("What is kept", "purge", "Purge what is over its time, or say what would go."),
    "hold": Entry("What is kept", "hold", "Put files under a legal hold, lift it."),
    "erase": Entry("What is kept", "erase", "Erase what leads to the persons of parcels, and prove it."),
    "backup": Entry("The daemon", "backup", "Save a running gateway, or look whether a backup is whole."),
    "restore": Entry("The daemon", "restore", "Put a backup back."),
    "config": Entry("Configuration and tables", "config", "Validate, show, describe the configuration."),
    "partner": Entry("Configuration and tables", "partner", "List, begin, try partners; pin their servers' keys."),
    "mapping": Entry("Configuration and tables", "mapping", "Lint, test, show mapping tables."),
    "schemas": Entry("Configuration and tables", "schemas", "Install, list, remove official schemas."),
    "version": Entry("Configuration and tables", "version", "Print versions."),
}


class Commands(click.Group):
    """A group that knows its commands by name and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].module.partition(":")
        found = getattr(importlib.import_module(f"gateway.cli.{module}"), attribute or "command")
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for section in dict.fromkeys(entry.section for entry in COMMANDS.values()):
            rows = [(name, entry.summary) for name, entry in COMMANDS.items() if entry.section == section]
            with formatter.section(section):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            raise click.UsageError(f"{error.message} Did you mean {close[0]!r}?", ctx) if close else error from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="gateway")
def gateway() -> None:
    """The postal-customs EDI gateway: postal messages in, customs declarations out, decisions back."""


def main() -> None:
    """Entry point of the `gateway` program."""
    from gateway.cli.endings import run

    sys.exit(run(gateway, sys.argv[1:]))
