"""Tables made for one test: written into a folder, used through the registry like any other."""

import io
import textwrap
from datetime import date

import pytest

from gateway.mapping.protocols import Item, Limits, Opening, Slice
from gateway.mapping.registry import Registry

ON = date(2026, 9, 14)
LIMITS = Limits()


class Desk:
    """One table at work on texts."""

    def __init__(self, form):
        self.form, self.plan = form, form.plan

    def units(self, text):
        """Every item of a document with its opening and bytes, parsed."""
        return list(self._units(text.encode() if isinstance(text, str) else text, self.form.syntax.items))

    def scanned(self, text):
        """Every item as the fast way gives it."""
        data = text.encode()

        def offered(opening, at, raw, _, limits):
            return self.form.items(opening, at, raw, limits)

        return [item for item, _, _ in self._units(data, offered)]

    def _units(self, data, items):
        opening = None
        for part in self.form.syntax.slices(io.BytesIO(data), self.plan, len(data), LIMITS):
            if isinstance(part, Opening):
                opening = part
            elif isinstance(part, Slice):
                raw = data[part.offset : part.offset + part.length]
                for item in items(opening, part, raw, self.plan, LIMITS):
                    yield item, opening, data[item.span.offset : item.span.offset + item.span.length]

    def trace(self, text):
        """The first item, traced; the compiled readers must not differ from it."""
        (item, opening, raw), *_ = self.units(text)
        assert isinstance(item, Item), item
        trace = self.form.trace_read(item, raw, opening)
        compiled = self.form.reader(item.body, item.equals)
        scanned = self.scanned(text)[0].record
        for fast in (compiled, scanned):
            if fast is not None:
                assert fast == trace.record
                assert trace.findings == ()
        return trace

    def read(self, text):
        return self.trace(text).record

    def codes(self, text):
        """The findings of reading the first item, in order."""
        return [finding.code for finding in self.trace(text).findings]

    def write(self, record):
        """The text of a record; compiled and traced writing must not differ."""
        compiled, (traced, trace) = self.form.writer(record), self.form.twin_writer.write(record)
        if compiled is not None:
            assert compiled == traced
            assert trace.findings == ()
        return traced

    def writes_compiled(self, record):
        return self.form.writer(record) is not None

    def complaints(self, record):
        """What stands in the way of writing, and the notes."""
        return [finding.code for finding in self.form.write(record).findings]


@pytest.fixture
def folder(tmp_path):
    """A folder of tables; `put` writes a file into it."""

    class Folder:
        path = tmp_path / "tables"

        def put(self, name, text):
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
            return file

        def registry(self):
            return Registry([self.path])

    found = Folder()
    found.path.mkdir()
    return found


@pytest.fixture
def written(folder):
    """A registry with one table `own/table` from its rows."""

    def put(rows, *, root="parcel", record="Consignment", grammar="", codes=None, head=""):
        lines = ["format: own/table", "title: A table of a test", "syntax: xml", f"record: {record}", f"root: {root}"]
        if grammar:
            elements = textwrap.dedent(grammar).lstrip("\n")
            folder.put("own/table.csv", f"path,min,max,kind,format,facets,wco_id,name\n{elements}")
            lines.append("grammar: own/table.csv")
        for name, text in (codes or {}).items():
            folder.put(f"codes/{name}.csv", text)
        lines += [textwrap.dedent(head).strip()] if head else []
        rows = textwrap.indent(textwrap.dedent(rows).strip("\n"), "  ")
        folder.put("own/table.yaml", "\n".join(lines) + "\nfields:\n" + rows + "\n")
        return folder.registry()

    return put


@pytest.fixture
def desk(written):
    """A table at work: `desk(rows, root=…, record=…, grammar=…, codes={name: csv})`."""
    return lambda rows, **more: Desk(written(rows, **more).format("own/table", ON))


@pytest.fixture
def faults(written):
    """The faults of a table."""
    return lambda rows, **more: written(rows, **more).faults("own/table")


@pytest.fixture(scope="session")
def shipped():
    """A shipped table at work."""
    registry = Registry()
    return lambda name: Desk(registry.format(name, ON))
