"""`gateway schemas`: official schemas into an overlay and out of it, from outside."""

import zipfile
from pathlib import Path

import pytest

SCHEMAS = Path(__file__).resolve().parents[1] / "samples/schemas"
H7 = "customs/uk/h7"


@pytest.fixture
def schemas(gateway, tmp_path):
    """`gateway schemas` on an overlay folder of its own."""
    return lambda *words: gateway("schemas", *words, "--into", tmp_path / "overlay")


@pytest.fixture
def set_of(tmp_path):
    """A folder with schemas by name."""

    def of(**files):
        for name, text in files.items():
            (tmp_path / "set").mkdir(exist_ok=True)
            (tmp_path / "set" / f"{name}.xsd").write_text(text)
        return tmp_path / "set"

    return of


def schema(inside=""):
    return f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{inside}</xs:schema>'


def editions(schemas):
    return [(one["format"], one["name"], one["in_force"]) for one in schemas("list", "--json").json["data"]["editions"]]


def test_a_folder_is_installed_for_several_formats_and_kept_once(schemas, tmp_path):
    said = schemas("add", H7, "customs/uk/birds", SCHEMAS, "--name", "v1", "--json")
    assert said.code == 0 and [one["root"] for one in said.json["data"]["installed"]] == ["parcel.xsd"] * 2
    assert editions(schemas) == [("customs/uk/birds", "v1", True), (H7, "v1", True)]
    folders = [path for path in (tmp_path / "overlay/schemas").iterdir() if path.is_dir()]
    assert len(folders) == 1
    assert (folders[0] / "parts/parts.xsd").read_bytes() == (SCHEMAS / "parts/parts.xsd").read_bytes()


def test_a_file_is_installed_with_what_it_names_and_nothing_else(schemas, tmp_path, set_of):
    folder = set_of(a=schema('<xs:include schemaLocation="b.xsd"/>'), b=schema(), c=schema())
    assert schemas("add", H7, folder / "a.xsd").code == 0
    assert sorted(path.name for path in (tmp_path / "overlay").rglob("*.xsd")) == ["a.xsd", "b.xsd"]


def test_an_archive_is_installed(schemas, tmp_path):
    with zipfile.ZipFile(tmp_path / "v2.zip", "w") as archive:
        for name in ("parcel.xsd", "parts/parts.xsd"):
            archive.write(SCHEMAS / name, f"Import schemas/{name}")
        archive.writestr("read me.txt", "words")
    assert schemas("add", H7, tmp_path / "v2.zip", "--root", "Import schemas/parcel.xsd").code == 0
    assert editions(schemas) == [(H7, "v2", True)]


@pytest.mark.parametrize("name", ["../a.xsd", "/a.xsd", "x/../../a.xsd", "..\\a.xsd"])
def test_an_archive_that_reaches_outside_is_refused(schemas, tmp_path, name):
    with zipfile.ZipFile(tmp_path / "v.zip", "w") as archive:
        archive.writestr(name, schema())
        archive.writestr("b.xsd", schema())
    said = schemas("add", H7, tmp_path / "v.zip", "--json")
    assert (said.code, said.codes) == (1, ["CFG131"])
    assert list(tmp_path.glob("**/*.xsd")) == []


@pytest.mark.parametrize(("at", "value"), [(6, 1), (8, 99)], ids=["encrypted", "packed in a way nobody knows"])
def test_an_archive_that_cannot_be_read_is_said(schemas, tmp_path, at, value):
    with zipfile.ZipFile(tmp_path / "v.zip", "w") as archive:
        archive.writestr("a.xsd", schema())
    data = bytearray((tmp_path / "v.zip").read_bytes())
    data[at] = data[data.index(b"PK\1\2") + at + 2] = value  # APPNOTE 4.3.7, 4.3.12
    (tmp_path / "v.zip").write_bytes(data)
    said = schemas("add", H7, tmp_path / "v.zip", "--json")
    assert (said.code, said.codes) == (1, ["CFG130"]) and "archive cannot be read" in said.out


def test_a_link_that_leads_outside_is_refused(schemas, tmp_path, set_of):
    folder = set_of(a=schema())
    (tmp_path / "secret.xsd").write_text(schema())
    (folder / "b.xsd").symlink_to(tmp_path / "secret.xsd")
    assert schemas("add", H7, folder, "--json").codes == ["CFG131"]


def test_a_schema_that_does_not_load_is_refused_with_its_line(schemas, tmp_path, set_of):
    folder = set_of(a=schema('\n<xs:element name="A" type="Unknown"/>'))
    said = schemas("add", H7, folder)
    assert said.code == 1 and not (tmp_path / "overlay").exists()
    assert f"--> {folder}/a.xsd:2" in said.err and 'type="Unknown"' in said.err


@pytest.mark.parametrize(
    ("files", "more", "code"),
    [
        ({"a": schema(), "b": schema()}, (), "CFG135"),
        ({"a": schema()}, ("--root", "c.xsd"), "CFG132"),
        ({}, (), "CFG136"),
        ({"a": schema('<xs:include schemaLocation="../b.xsd"/>')}, (), "CFG131"),
    ],
)
def test_what_cannot_be_installed_is_said(schemas, tmp_path, set_of, files, more, code):
    (tmp_path / "set").mkdir()
    set_of(**files)
    said = schemas("add", H7, tmp_path / "set", *more, "--json")
    assert (said.code, said.codes) == (1, [code]) and said.json["data"]["installed"] == []


@pytest.mark.parametrize("name", ["customs/uk/h8", "upu/itmatt-1.5", "ecommerce/manifest"])
def test_a_format_without_schemas_or_that_is_not_there_is_a_usage_error(schemas, name):
    assert schemas("add", name, SCHEMAS).code == 2


def test_the_edition_of_the_latest_day_is_in_force(schemas):
    for name, since in (("old", "2020-01-01"), ("new", "2021-01-01"), ("next", "2999-01-01")):
        assert schemas("add", H7, SCHEMAS, "--name", name, "--from", since).code == 0
    assert editions(schemas) == [(H7, "old", False), (H7, "new", True), (H7, "next", False)]
    assert schemas("add", H7, SCHEMAS, "--name", "newer", "--from", "2021-01-01").code == 0
    assert [name for _, name, _ in editions(schemas)] == ["old", "newer", "next"]


def test_removing_the_last_edition_removes_its_files(schemas, tmp_path):
    schemas("add", H7, SCHEMAS, "--name", "a", "--from", "2020-01-01")
    schemas("add", H7, SCHEMAS, "--name", "b", "--from", "2021-01-01")
    assert schemas("remove", H7, "--name", "a").code == 0 and editions(schemas) == [(H7, "b", True)]
    assert list(tmp_path.glob("overlay/**/*.xsd"))
    assert schemas("remove", H7).code == 0 and editions(schemas) == []
    assert not list(tmp_path.glob("overlay/**/*.xsd"))
    assert schemas("remove", H7).code == 2


def test_schemas_go_into_the_folder_of_the_configuration(gateway, configuration, tmp_path):
    said = gateway("schemas", "add", H7, SCHEMAS, "--config", configuration, "--json")
    assert said.code == 0 and Path(said.json["data"]["overlay"]) == tmp_path / "state/overlay"
    assert (tmp_path / "state/overlay/schemas/editions.csv").is_file()


@pytest.mark.parametrize("folder", ["", ".", "..", "a/b"])
def test_a_row_without_a_folder_of_its_own_is_removed_and_no_file_with_it(schemas, tmp_path, folder):
    schemas("add", H7, SCHEMAS, "--name", "kept", "--from", "2021-01-01")
    index = tmp_path / "overlay/schemas/editions.csv"
    index.write_text(index.read_text() + f"{H7},odd,{folder},parcel.xsd,2030-01-01,\n")
    before = sorted(tmp_path.glob("overlay/**/*.xsd"))
    said = schemas("remove", H7, "--name", "odd")
    assert said.code == 0 and "no file was deleted" in said.out
    assert editions(schemas) == [(H7, "kept", True)]
    assert before and sorted(tmp_path.glob("overlay/**/*.xsd")) == before


def test_a_name_that_no_disk_takes_is_told_and_leaves_nothing(schemas, tmp_path):
    with zipfile.ZipFile(tmp_path / "long.zip", "w") as archive:
        archive.writestr("x" * 300 + ".xsd", schema())
    said = schemas("add", H7, tmp_path / "long.zip")
    assert said.code == 1 and "CFG130" in said.err and "cannot be kept" in " ".join(said.err.split())
    assert editions(schemas) == [] and not list(tmp_path.glob("overlay/**/*.part"))
