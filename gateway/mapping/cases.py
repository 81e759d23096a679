"""Golden cases of tables and the two-way law: `gateway mapping test`.

Beside `customs/uk/h7.yaml` stand `customs/uk/cases/h7/<case>.in` and `<case>.out`. A case that begins with `{` or `[`
is a record (or several) and its `.out` the text written; any other is a message and its `.out` what was read, as
JSON: the record around the units, if there is one, then each unit. `<case>.findings` may list the findings, one `CODE path` a line. Every message that is read is also written back.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping.canonical import difference, leaf_set
from gateway.mapping.format import Format
from gateway.mapping.protocols import Bad, Item, Limits, Opening, Slice
from gateway.mapping.registry import Registry
from gateway.mapping.trace import Trace
from gateway.model.dictionary import records

_LIMITS = Limits()
_ADDED = {"default", "constant", "derived"}
_UNCARRIED = {"SRC254", "SRC255", "SRC271", "SRC275"}


class CaseResult(msgspec.Struct, frozen=True):
    """One check of one table: `detail` says what differs, `case` is the file or the row."""

    format: str
    case: str
    kind: Literal["golden", "findings", "round trip", "row"]
    ok: bool
    detail: str = ""


class Unit(msgspec.Struct, frozen=True):
    """One unit of a file in memory."""

    item: Item | Bad
    data: bytes
    opening: Opening


def run_cases(registry: Registry, names: Sequence[str] = (), on: date | None = None) -> tuple[CaseResult, ...]:
    """Every case of these tables (none: of all), the law on each message, and the rows that no case touches."""
    wanted = names or registry.names()
    return tuple(result for name in wanted for result in _Cases(registry, name, on or date.today()).results())  # noqa: DTZ011


def units(form: Format, data: bytes) -> Iterator[Unit]:
    """The units of a whole file."""
    opening: Opening | None = None
    for part in form.syntax.slices(io.BytesIO(data), form.plan, len(data), _LIMITS):
        if isinstance(part, Opening):
            opening = part
        elif isinstance(part, Slice) and opening:
            stretch = data[part.offset : part.offset + part.length]
            for item in form.syntax.items(opening, part, stretch, form.plan, _LIMITS):
                start = item.span.offset
                yield Unit(item, data[start : start + item.span.length], opening)
        elif isinstance(part, Bad) and opening:
            yield Unit(part, data[part.span.offset : part.span.offset + part.span.length], opening)


class _Cases:
    def __init__(self, registry: Registry, name: str, on: date) -> None:
        self.registry, self.name = registry, name
        head = next((head for head in registry.heads() if head.format == name), None)
        self.form = registry.format(name, max(on, head.valid_from) if head and head.valid_from else on)
        self.file = PurePosixPath(self.form.plan.file)
        self.touched: set[tuple[str, int]] = set()

    def results(self) -> Iterator[CaseResult]:
        cases = sorted(self.inputs())
        for case in cases:
            data = case.read_bytes()
            yield from self.written(case, data) if data.lstrip()[:1] in {b"{", b"["} else self.read(case, data)
        if cases:
            yield from self.rows()

    def inputs(self) -> Iterator[Path]:
        folder = self.file.parent / "cases" / self.file.stem
        seen: set[str] = set()
        for root in self.registry.roots:
            for path in (root / folder).glob("*.in"):
                if path.name not in seen:
                    seen.add(path.name)
                    yield path

    # messages

    def read(self, case: Path, data: bytes) -> Iterator[CaseResult]:
        found, findings = [], []
        broken: list[str] = []
        opening: Opening | None = None
        for unit in units(self.form, data):
            if unit.opening is not opening:
                opening = unit.opening
                around = self.form.trace_outer(opening)
                if around is not None:
                    found.append(around.record)
                    broken += self.envelope(unit, around)
            if isinstance(unit.item, Bad):
                findings += unit.item.findings
                continue
            trace = self.form.trace_read(unit.item, unit.data, unit.opening)
            self.touched |= {(entry.row.file, entry.row.line) for entry in trace.entries}
            found.append(trace.record)
            findings += trace.findings
            fast = self.form.reader(unit.item.body, unit.item.equals)
            if fast is not None and (fast != trace.record or trace.findings):
                broken.append(f"compiled and traced reading differ: {fast} and {trace.record}")
            broken += self.law(unit, trace.record, trace.findings)
        yield self.compared(case, ".out", "golden", [_plain(record) for record in found])
        yield from self.told(case, findings)
        yield CaseResult(self.name, case.name, "round trip", not broken, "\n".join(broken))

    def envelope(self, unit: Unit, trace: Trace) -> Iterator[str]:
        """What stands around the units, read, written and read again."""
        self.touched |= {(entry.row.file, entry.row.line) for entry in trace.entries}
        errors = any(finding.severity == "error" for finding in trace.findings)
        if not self.form.plan.writes or errors or isinstance(unit.item, Bad):
            return
        written = b"".join(self.form.frame(trace.record, (unit.data.decode("utf-8", "replace"),)))
        again = next(units(self.form, written), None)
        if again is None or self.form.read_outer(again.opening).record != trace.record:
            yield "the envelope, written and read again, says something else"

    def law(self, unit: Unit, record: Any, findings: tuple[Finding, ...]) -> Iterator[str]:
        """`write(read(m))` is m, but for what the table adds and what no row carries; read again it is the same record."""
        form = self.form
        errors = any(finding.severity == "error" for finding in findings)
        if not (form.plan.reads and form.plan.writes) or record is None or errors or isinstance(unit.item, Bad):
            return
        written = form.write(record)
        trace = form.trace_write(record)
        self.touched |= {(entry.row.file, entry.row.line) for entry in trace.entries}
        if written.text is None:
            yield f"cannot be written back: {', '.join(finding.code for finding in written.findings)}"
            return
        again = next(self.again(unit, written.text), None)
        if again is None or isinstance(again.item, Bad):
            yield "what was written cannot be read"
            return
        back = form.read(again.item).record
        unmapped = [f.source.path for f in findings if f.source and f.code in _UNCARRIED]
        allowed = [(entry.message_path, entry.text) for entry in trace.entries if entry.note in _ADDED or not entry.model_path]
        lost = difference(self.leaves(unit), self.leaves(again), unmapped, allowed)
        yield from (f"lost: {path} = {text}" for path, text in lost.missing)
        yield from (f"added: {path} = {text}" for path, text in lost.added)
        if back != record and not lost.added and not allowed:
            yield f"read again it says something else: {back} and {record}"

    def again(self, unit: Unit, text: str) -> Iterator[Unit]:
        """The unit as it stands in a whole document of its own."""
        if not self.form.plan.unit:
            return units(self.form, text.encode())
        message = self.form.read_outer(unit.opening).record
        return units(self.form, b"".join(self.form.frame(message, (text,))))

    def leaves(self, unit: Unit) -> Any:
        assert isinstance(unit.item, Item)
        return leaf_set(self.form.syntax.leaves(unit.item, unit.opening, unit.data, self.form.plan))

    # records

    def written(self, case: Path, data: bytes) -> Iterator[CaseResult]:
        kind = records()[self.form.plan.unit_record]
        texts, findings = [], []
        many = data.lstrip()[:1] == b"["
        for record in msgspec.json.decode(data, type=list[kind]) if many else [msgspec.json.decode(data, type=kind)]:  # type: ignore[valid-type]
            trace = self.form.trace_write(record)
            self.touched |= {(entry.row.file, entry.row.line) for entry in trace.entries}
            written = self.form.write(record)
            texts.append(written.text or "")
            findings += written.findings
        yield self.compared(case, ".out", "golden", "".join(texts))
        yield from self.told(case, findings)

    # results

    def compared(self, case: Path, suffix: str, kind: Literal["golden", "findings"], found: Any) -> CaseResult:
        file = case.with_suffix(suffix)
        if not file.is_file():
            return CaseResult(self.name, case.name, kind, ok=False, detail=f"{file.name} is missing; it would be:\n{_shown(found)}")
        text = file.read_text(encoding="utf-8")
        wanted = text if isinstance(found, str) else _json(text)
        same = wanted.strip() == found.strip() if isinstance(found, str) else wanted == found
        return CaseResult(self.name, case.name, kind, same, "" if same else f"expected:\n{text}\nfound:\n{_shown(found)}")

    def told(self, case: Path, findings: list[Finding]) -> Iterator[CaseResult]:
        if case.with_suffix(".findings").is_file():
            lines = [f"{f.code} {f.source.path if f.source else ''}".strip() for f in findings]
            yield self.compared(case, ".findings", "findings", "\n".join(lines))

    def rows(self) -> Iterator[CaseResult]:
        """Deleting a row that no case touches would break nothing."""
        for value in self.form.plan.values:
            row = (value.row.file, value.row.line)
            if not value.implied and row not in self.touched:
                self.touched.add(row)
                yield CaseResult(self.name, f"{row[0]}:{row[1]}", "row", ok=False, detail=f"no case touches {value.key}")


def _plain(record: Any) -> Any:
    """A record as its JSON says it."""
    return msgspec.json.decode(msgspec.json.encode(record))


def _json(text: str) -> list[Any]:
    """One object, a list of them, or one a line."""
    plain = text.strip()
    if plain.startswith("["):
        found: list[Any] = msgspec.json.decode(plain)
        return found
    try:
        return [msgspec.json.decode(plain)] if plain else []
    except msgspec.DecodeError:
        return [msgspec.json.decode(line) for line in plain.splitlines() if line.strip()]


def _shown(found: Any) -> str:
    return found if isinstance(found, str) else msgspec.json.format(msgspec.json.encode(found)).decode()
