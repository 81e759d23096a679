"""What a target requires of what a source says, and who gives it: the answer of `coverage --from F --to T`."""

from datetime import date
from typing import TYPE_CHECKING, Any

from gateway.cli.endings import FINDINGS
from gateway.cli.report import Report, counted

if TYPE_CHECKING:
    from gateway.mapping.registry import Registry
    from gateway.steps.working.filer import Filer
    from gateway.workbench.coverage.lacking import Met

GIVERS = {
    "nobody": "nobody: needs a second source",
    "record": "filer: `record:` of the authority's partner file",
    "setting": "filer: setting of the authority's partner file",
    "filer": "filer, as the authority's partner file says",
    "authority": "authority's rules",
    "derived": "derived",
    "table": "table",
    "gateway": "gateway",
    "source": "source",
}


def needs(report: Report, registry: "Registry", source: str, target: str, on: date, filer: "Filer") -> dict[str, Any]:
    """Print every demand by who meets it; what nobody meets first."""
    from gateway.cli.columns import columns
    from gateway.findings.catalogue import entry
    from gateway.mapping.cases import cases_of
    from gateway.workbench.coverage.lacking import met

    cases = list(cases_of(source, registry.roots))
    found = met(registry.format(source, on), registry.format(target, on), cases, on, filer)
    data = [_data(one) for one in found]
    report.line(f"{source} → {target}: {counted(len(found), 'element')} required")
    for by, words in GIVERS.items():
        rows = [row for row in data if row["by"] == by]
        if not rows:
            continue
        report.line(f"\n{words} ({len(rows)})")
        table = [(row["element"] or "-", row["model"], row["wco"], _why(row, entry), row["how"]) for row in rows]
        for line in columns(table, ("element", "model", "WCO", "required by", "from")):
            report.line(f"  {line}")
    missing = sum(row["by"] == "nobody" for row in data)
    asked = sum(row["by"] in {"record", "setting"} for row in data)
    report.line(f"\n{missing} without any source, {asked} for the filer to say")
    if not cases:
        report.talk(f"{source} has no golden case: what authority and derivations add was not tried")
    if missing:
        report.ends_with(FINDINGS)
    return {"from": source, "to": target, "required": data, "lacking": missing, "of_the_filer": asked}


def _data(one: "Met") -> dict[str, Any]:
    demand = one.demand
    return {
        "element": demand.path,
        "model": " | ".join(place.path for place in demand.places),
        "wco": demand.wco,
        "why": demand.why,
        "within": demand.within,
        "by": one.by,
        "how": one.how,
    }


def _why(row: dict[str, Any], entry: Any) -> str:
    """The grammar, a row, or the check by its name; where it is asked only if something else stands, that."""
    if row["within"]:
        return f"{row['why']}, within {row['within'].rpartition('/')[2]}"
    return row["why"] if row["why"] in {"grammar", "required"} else f"{row['why']} {entry(row['why']).name}"
