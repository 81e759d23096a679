"""Tables, schemas and backups on our own disk: a tool that dies leaves the old one or the new one, never half of it."""

import shutil
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from gateway.cli.endings import run
from gateway.cli.main import gateway as program
from gateway.mapping.editions import editions
from gateway.mapping.registry import shipped
from gateway.steps.ground.gate import Gate
from tests.crash.scenarios.commands import command
from tests.crash.stage import Counts, Scenario
from tests.steps.site import Site

SCHEMAS = Path(__file__).resolve().parents[2] / "samples/schemas"
TABLE = "customs/uk/cancellation"
CUT_SHORT = ".20260101T000000Z.part"  # a backup in the making


def _lay(site: Site) -> None:
    site.change("gateway.yaml", "workers: 1", "workers: 1, mappings: ../overlay")
    folder = site.folder / "overlay" / TABLE
    folder.parent.mkdir(parents=True)
    for ending in (".yaml", ".csv"):
        shutil.copy(shipped() / f"{TABLE}{ending}", folder.with_suffix(ending))
    table = folder.with_suffix(".yaml")
    table.write_text(table.read_text().replace(": ", ":   ", 9))


def _live(site: Site, gate: Gate) -> None:  # noqa: ARG001  # no file of a partner moves here
    command(site, "schemas", "add", "customs/uk/h7", str(SCHEMAS), "--name", "v1")
    with patch.object(Path, "replace", side_effect=OSError):
        _format(site)
    _format(site)
    (site.folder / "saved" / CUT_SHORT).mkdir(parents=True, exist_ok=True)
    command(site, "backup", str(site.folder / "saved"))


def _format(site: Site) -> None:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        run(program, ["mapping", "fmt", TABLE, "--tables", str(site.folder / "overlay")])


def _count(site: Site) -> Counts:
    """The schema is installed, once, and the table is whole and in its layout."""
    found = [one.name for one in editions(site.folder / "overlay")]
    lost = [] if "v1" in found else ["v1"]
    if (site.folder / "overlay" / f"{TABLE}.yaml").read_bytes() != (shipped() / f"{TABLE}.yaml").read_bytes():
        lost.append(TABLE)
    if not list(site.folder.glob("saved/[!.]*")) or (site.folder / "saved" / CUT_SHORT).exists():
        lost.append("backup")
    return Counts(lost, ["v1"] if found.count("v1") > 1 else [])


SCENARIO = Scenario("tools", _lay, _live, _count)
