"""Tables of tests with golden cases beside them."""

from datetime import date

import pytest

from gateway.mapping.cases import cases_of
from gateway.mapping.registry import Registry

ON = date(2026, 9, 14)


class Bench:
    """One table in a folder, with its cases."""

    def __init__(self, folder):
        self.folder = folder
        self.registry = Registry([folder])
        self.table = self.registry.format("own/parcel", ON)
        self.merged = self.registry.merged("own/parcel", ON)
        self.cases = list(cases_of("own/parcel", [folder]))


@pytest.fixture
def bench(tmp_path):
    """`bench(rows, {"one.in": text})`: a table `own/parcel` of parcels."""

    def of(rows, cases=None, head=""):
        (tmp_path / "own" / "cases" / "parcel").mkdir(parents=True, exist_ok=True)
        lines = ["format: own/parcel", "title: A parcel", "syntax: xml", "record: Consignment", "root: parcels/parcel"]
        table = "\n".join(
            [*lines, *filter(None, [head.strip()]), "fields:", *(f"  {row}" for row in rows.splitlines())]
        )
        (tmp_path / "own" / "parcel.yaml").write_text(f"{table}\n")
        for name, text in (cases or {}).items():
            (tmp_path / "own" / "cases" / "parcel" / name).write_text(text)
        return Bench(tmp_path)

    return of
