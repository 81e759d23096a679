"""Samples are told by their bytes; hostile and broken ones are refused by name."""

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mapping.protocols import Limits
from gateway.workbench.propose import cells, markup, objects
from gateway.workbench.propose.raw import Refused
from gateway.workbench.propose.sources import read

LIMITS = Limits()


def refused(path, data, limits=LIMITS):
    path.write_bytes(data)
    with pytest.raises(Refused) as trouble:
        read(path, limits)
    return trouble.value.finding.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "SRC202"),
        (b"<a><b></a>", "MAP502"),
        (b"<a>" * 300 + b"</a>" * 300, "MAP502"),
        (b"[" * 100_000, "MAP502"),
        (b'{"a": 1', "MAP502"),
        (b"no columns at all", "MAP502"),
        (b"", "MAP502"),
    ],
)
def test_sample_is_refused(tmp_path, data, code):
    assert refused(tmp_path / "sample", data) == code


def test_large_sample_is_refused(tmp_path):
    assert refused(tmp_path / "sample", b"<a/>", Limits(file_bytes=3)) == "MAP501"


def test_archive_that_is_no_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "archive", "w") as archive:
        archive.writestr("a.txt", "a")
    assert refused(tmp_path / "sample", (tmp_path / "archive").read_bytes()) == "MAP502"


def test_workbook_that_would_fill_the_memory_is_refused(tmp_path):
    sample = Path(__file__).parents[2] / "samples/manifest/consolidator.xlsx"
    with zipfile.ZipFile(sample) as whole, zipfile.ZipFile(tmp_path / "far", "w") as archive:
        for name in whole.namelist():
            data = whole.read(name)
            if name.startswith("xl/worksheets/"):
                data = re.sub(
                    rb"</sheetData>", rb'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>', data
                )
            archive.writestr(name, data)
    assert refused(tmp_path / "sample", (tmp_path / "far").read_bytes()) == "MAP502"
    assert read(sample, LIMITS)


def test_text_of_very_many_columns_is_refused(tmp_path):
    row = ",".join(map(str, range(2000)))
    assert refused(tmp_path / "sample", f"{row}\n{row}\n".encode()) == "MAP502"


def test_json_lines_are_entries_of_one_list(tmp_path):
    (tmp_path / "sample").write_bytes(b'{"a": 1}\n{"a": 2}\n')
    assert len(read(tmp_path / "sample").root.children) == 2


def test_windows_text_is_read(tmp_path):
    (tmp_path / "sample").write_bytes("Ort;Straße\nKöln;Weg 1\n".encode("cp1252"))
    assert [cell.text for cell in read(tmp_path / "sample").root.children[0].children] == ["Köln", "Weg 1"]


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data):
    for reader in (markup.sample, objects.sample, cells.text, cells.workbook):
        try:
            reader(data)
        except (ValueError, RecursionError):
            continue
