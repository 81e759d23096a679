"""`gateway mapping names`: what a row may call by its name, with an example of each."""

from typing import Any

import click
import msgspec

from gateway.cli.report import Report, command_of


@command_of("names")
@click.argument("name", required=False)
def names(report: Report, *, name: str | None) -> dict[str, Any]:
    """List the checks and converters that rows may name, or show NAME with its examples."""
    from gateway.cli.columns import columns
    from gateway.mapping.names import nearest
    from gateway.workbench.named import named

    known = {one.name: one for one in named()}
    if name is None:
        head = ("word", "name", "what it does")
        for line in columns([(f"{one.keyword}:", one.name, one.line) for one in known.values()], head):
            report.line(line)
        return {"names": [msgspec.to_builtins(one) for one in known.values()]}
    if name not in known:
        meant = nearest(name, known)
        raise click.UsageError(f"nothing is called {name!r}" + (f"; did you mean {meant!r}?" if meant else ""))
    one = known[name]
    report.line(f"{one.keyword}: {one.name}\n\n{one.text}")
    if one.serves:
        report.line(f"\nserves {one.serves}")
    for example in one.examples:
        report.line(f"\n>>> {example.says}\n{example.gives}")
    return {"names": [msgspec.to_builtins(one)]}
