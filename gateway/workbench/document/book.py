"""A folder of pages: one for each format, the index, and the same as CSV where it is asked for."""

from collections.abc import Iterator, Sequence
from datetime import date

from gateway.mapping.cases import cases_of
from gateway.mapping.registry import Registry
from gateway.settings import Settings
from gateway.workbench.document.cells import cells
from gateway.workbench.document.codes import CodeTables
from gateway.workbench.document.elements import carried
from gateway.workbench.document.examples import examples
from gateway.workbench.document.flows import flow_diagram, flows_of, hub_diagram
from gateway.workbench.document.index import Index, index, matrix_rows
from gateway.workbench.document.line import Outline
from gateway.workbench.document.outline import notes_of, outline
from gateway.workbench.document.page import Page, file_name, page
from gateway.workbench.document.sheet import matrix_sheet, sheet
from gateway.workbench.document.words import Words


def book(
    registry: Registry,
    names: Sequence[str],
    on: date,
    say: Words,
    *,
    settings: Settings | None = None,
    sheets: bool = False,
) -> Iterator[tuple[str, str]]:
    """Every file by its name, the index last. Raises: MappingInvalid."""
    outlines = {name: _outline(registry, name, on) for name in names}
    known = {name: carried(found) for name, found in outlines.items()}
    ways = {name: (found.plan.reads, found.plan.writes) for name, found in outlines.items()}
    flows = [flow for flow in flows_of(settings) if {flow.source, flow.target} <= known.keys()] if settings else []
    drawn = [(flow, flow_diagram(flow, known, say)) for flow in flows]
    tables = CodeTables(registry, say)
    for name, found in outlines.items():
        said = tuple(cells(line, found.plan, tables, say) for line in found.lines)
        own = tuple(diagram for flow, diagram in drawn if name in {flow.source, flow.target})
        diagrams = own or (hub_diagram((name,), known, ways, say),)
        yield f"{file_name(name)}.html", page(Page(found, said, diagrams, on.isoformat()), say)
        if sheets:
            yield f"{file_name(name)}.csv", sheet(said, [line.depth for line in found.lines], say)
    plans = tuple(found.plan for found in outlines.values())
    whole = Index(plans, known, hub_diagram(names, known, ways, say), tuple(drawn), on.isoformat(), sheets)
    if sheets:
        yield "matrix.csv", matrix_sheet(matrix_rows(whole, say), names, say)
    yield "index.html", index(whole, say)


def _outline(registry: Registry, name: str, on: date) -> Outline:
    table = registry.format(name, on)
    said = examples(table, list(cases_of(name, registry.roots)))
    return outline(table.plan, said, notes_of(registry.merged(name, on)))
