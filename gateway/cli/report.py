"""What a command says: data on stdout, everything else on stderr; with `--json` one envelope and nothing else.

Every command is a function that takes a `Report` and returns the `data` of the envelope:

    @command_of("formats")
    @click.option("--all", is_flag=True)
    def command(report: Report, all: bool) -> dict[str, Any]:
        ...
"""

import functools
import inspect
import os
import sys
from collections.abc import Callable
from typing import IO, Any

import click
import msgspec

from gateway.cli.endings import DONE, FINDINGS, envelope, fault_of, harmless, readable, tell
from gateway.findings import Finding
from gateway.findings.errors import GatewayError
from gateway.findings.render import LineAt, as_json, as_text
from gateway.locale import LANGUAGES, is_spoken

COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
LANGUAGE = "Language of messages and hints; else that of the environment."
JSON = "One JSON envelope on stdout."
JSON_ALREADY = "Nothing more: what is printed is JSON already; findings as JSON with --findings, where there are any."
KEPT = 1000  # findings shown or kept for the envelope; the rest is counted, and said to be so


class Report:
    """One command's answer in the making."""

    def __init__(self, *, as_json: bool = False, language: str = "") -> None:
        self.as_json = as_json
        self.language = language
        self.total = 0
        self.errors = 0
        self._kept: list[dict[str, Any]] = []
        self._file: IO[bytes] | None = None
        self._ending = DONE
        self._colour = _colour()

    def write_findings_to(self, file: IO[bytes] | None) -> None:
        """Every finding goes there, one JSON object a line."""
        self._file = file

    def line(self, text: str = "", *, styled: str = "") -> None:
        """A line of data for people; `styled` is ours and goes before it as it is."""
        if not self.as_json:
            click.echo(styled + harmless(text))

    def talk(self, text: str) -> None:
        """A line about what is going on."""
        if not self.as_json:
            click.echo(harmless(text), err=True)

    def raw(self, data: bytes) -> None:
        """Data as it is."""
        sys.stdout.buffer.write(data)

    def finding(self, finding: Finding, line_at: LineAt | None = None, effect: str = "") -> None:
        """Show a finding with its line of the source and what it means for the item."""
        self.total += 1
        self.errors += finding.severity == "error"
        if self._file is not None:
            self._file.write(msgspec.json.encode(as_json(finding, self.language)) + b"\n")
        elif self.total <= KEPT and self.as_json:
            self._kept.append(as_json(finding, self.language))
        elif self.total <= KEPT:
            self._show(as_text(finding, line_at=line_at, effect=effect, language=self.language), finding.severity)

    @property
    def full(self) -> bool:
        """No more findings will be shown: their places need not be looked up."""
        return self._file is None and self.total >= KEPT

    @property
    def code(self) -> int:
        """The exit code so far."""
        return self._ending or (FINDINGS if self.errors else DONE)

    def ends_with(self, code: int) -> None:
        """The work was done, and says something that a caller must not miss."""
        self._ending = code

    def _show(self, text: str, severity: str) -> None:
        title, _, rest = text.partition("\n")
        word, _, what = title.partition(":")
        marked = click.style(word, fg=COLOURS[severity], bold=True) + f":{what}"
        click.echo(f"{marked}\n{rest}\n", err=True, color=self._colour)

    def fail(self, error: GatewayError, *, as_json: bool) -> int:
        """Say why the work could not be done, beside the findings so far; gives the exit code."""
        return tell(fault_of(error), self._kept, as_json=as_json)

    def end(self, data: dict[str, Any]) -> int:
        """Say the last word; gives the exit code."""
        if self.as_json:
            more = {"findings_total": self.total} if self.total > KEPT else {}
            self.raw(envelope({**data, **more}, self._kept, ok=self.code == DONE))
        elif self.total > KEPT and self._file is None:
            self.talk(f"… {self.total:,} findings in all; --findings FILE keeps every one")
        return self.code


def _spoken(_context: click.Context, _parameter: click.Parameter, language: str) -> str:
    """A language of ours, not one that would be English in silence."""
    if language and not is_spoken(language):
        raise click.BadParameter(f"there is no language {language!r}; there are {', '.join(LANGUAGES)}")
    return language


Command = Callable[..., dict[str, Any] | None]


def command_of(name: str, *, enveloped: bool = True, **settings: Any) -> Callable[[Command], click.Command]:
    """Make a command of a function: adds `--json` and `--language`, ends with the envelope and the exit code.

    Not `enveloped`, the command's own lines are its JSON form.
    """

    def wrap(function: Command) -> click.Command:
        @click.command(name, help=inspect.getdoc(function), **settings)
        @click.option("--json", "as_json", is_flag=True, help=JSON if enveloped else JSON_ALREADY)
        @click.option("--language", "--lang", "lang", default="", metavar="en|fr|es", callback=_spoken, help=LANGUAGE)
        @functools.wraps(function)
        def run(*, as_json: bool, lang: str, **parameters: Any) -> int:
            readable(parameters.values())
            report = Report(as_json=as_json and enveloped, language=lang)
            try:
                data = function(report, **parameters) or {}
                code = report.end(data) if enveloped else report.code
                sys.stdout.flush()
            except GatewayError as error:
                return report.fail(error, as_json=as_json)
            except BrokenPipeError:  # the reader has gone: what is still buffered goes nowhere
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                return report.code
            return code

        made: click.Command = run
        return made

    return wrap


def counted(number: int, name: str) -> str:
    """A number with its word.

    >>> counted(1, "record"), counted(1200, "record")
    ('1 record', '1,200 records')
    """
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _colour() -> bool:
    """Colour on a terminal unless NO_COLOR says otherwise (no-color.org)."""
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")
