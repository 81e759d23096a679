"""Findings as people and programs read them: a text with the source line, and a JSON object.

>>> from gateway.findings import Row
>>> place = Position("out/ITMATT_0012.xml", 11, path="item/content-piece[2]")
>>> row = Row("upu/itmatt-1.5.yaml", 56)
>>> found = Finding("SRC341", source=place, row=row, model_path="goods_items[2].hs_code", wco_id="145")
>>> print(as_text(found, line_at=lambda position: '    <content-piece>', effect="item RB123456785CN held"))
error[SRC341]: no HS code for commercial goods
  --> out/ITMATT_0012.xml:11  item/content-piece[2]
  11 |     <content-piece>
   = rule:   upu/itmatt-1.5.yaml:56 -> goods_items[2].hs_code (WCO 145)
   = effect: item RB123456785CN held
   = fix:    Ask the sender for an HS code of at least 6 digits
   = more:   gateway rule SRC341
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from gateway.findings.catalogue import hint, text
from gateway.findings.finding import Finding, Position
from gateway.locale import translate_word

LineAt = Callable[[Position], str | None]
WIDEST_LINE = 160  # characters of a source line; some files are one line
LONGEST = 1000  # characters of a line of ours: identifiers and paths are as long as partners make them


def as_text(finding: Finding, *, line_at: LineAt | None = None, effect: str = "", language: str = "") -> str:
    """Return what, where, the source line, which rule, what it means for the item, what to do, where to read more."""
    title = f"{severity(finding.severity, language)}[{finding.code}]: {text(finding, language)}"
    parts = (
        *_place(finding, line_at),
        *_note(translate_word("finding", "rule", language), _rule(finding)),
        *_note(translate_word("finding", "effect", language), effect),
        *_note(translate_word("finding", "fix", language), hint(finding, language)),
        *_note(translate_word("finding", "more", language), f"gateway rule {finding.code}"),
    )
    return "\n".join(printable(line[:LONGEST]) for line in (title, *parts))


def as_json(finding: Finding, language: str = "") -> dict[str, Any]:
    """Return the object that `--json` prints; its keys are a contract."""
    source = finding.source or Position()
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": text(finding, language),
        "hint": hint(finding, language),
        "item_id": finding.item_id,
        "source": {key: getattr(source, key) for key in ("file", "line", "offset", "length", "path", "segment")},
        "row": msgspec.to_builtins(finding.row),
        "model_path": finding.model_path,
        "wco_id": finding.wco_id,
    }


def printable(line: str) -> str:
    """Return a line that is safe on a terminal: what partners write must not move the cursor."""
    return line if line.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in line)


def _place(finding: Finding, line_at: LineAt | None) -> Iterator[str]:
    source = finding.source
    if source is None or not (source.file or source.line or source.path):
        if finding.item_id or finding.model_path:
            yield f"  --> {'  '.join(filter(None, (finding.item_id, finding.model_path)))}"
        return
    place = source.file + (f":{source.line}" if source.line is not None else "")
    named = source.path.startswith(f"{place}:")  # tables and configuration: the path is file:line:column itself
    yield f"  --> {source.path if named else '  '.join(filter(None, (place, source.path)))}"
    line = line_at(source) if line_at else None
    if line is not None:
        yield f"  {'' if source.line is None else source.line} | {line.rstrip()[:WIDEST_LINE].expandtabs(4)}"


def severity(name: str, language: str = "") -> str:
    """What a severity is called."""
    if name == "error":
        return translate_word("severity", "error", language)
    if name == "warning":
        return translate_word("severity", "warning", language)
    return translate_word("severity", "info", language)


def _rule(finding: Finding) -> str:
    row = f"{finding.row.file}:{finding.row.line}" if finding.row else ""
    wco = f" (WCO {finding.wco_id})" if finding.wco_id else ""
    model = f"{finding.model_path}{wco}" if finding.model_path else ""
    return " -> ".join(filter(None, (row, model)))


def _note(label: str, value: str) -> Iterator[str]:
    if value:
        yield f"   = {label + ':':<8}{value}"
