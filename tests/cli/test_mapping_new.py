"""A table proposed from the command line: written, linted, used."""

import json

import pytest

ORDER = {
    "trackingNumber": "RR473124829GB",
    "shipTo": {"name": "Ana Ejemplo", "address": {"street": "Calle Prueba 3", "city": "Madrid", "country": "ES"}},
    "items": [{"description": "Ceramic cup", "hsCode": "691200", "quantity": 2}],
}


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "order.json"
    path.write_text(json.dumps(ORDER))
    return path


def test_table_is_written_and_used(gateway, tmp_path, sample):
    table = tmp_path / "own" / "shop" / "order.yaml"
    said = gateway("mapping", "new", "--like", sample, "--format", "shop/order", "--out", table)
    assert said.code == 0
    assert "next: gateway mapping lint shop/order --tables" in said.err
    assert gateway("mapping", "lint", "shop/order", "--tables", tmp_path / "own").code == 0
    read = gateway("read", sample, "--as", "shop/order", "--tables", tmp_path / "own")
    assert json.loads(read.out)["goods_items"][0]["hs_code"] == "691200"


def test_table_goes_to_stdout(gateway, sample):
    said = gateway("mapping", "new", "--like", sample)
    assert said.out.startswith("format: new/order\n")


def test_json_has_the_table_and_how_much_is_sure(gateway, sample):
    data = gateway("mapping", "new", "--json", "--like", sample).json["data"]
    assert data["rows"] == 8
    assert data["unsure"] == 0
    assert "root:" in data["table"]


def test_sample_that_cannot_be_read_is_a_finding(gateway, tmp_path):
    broken = tmp_path / "broken"
    broken.write_text("{")
    said = gateway("mapping", "new", "--json", "--like", broken)
    assert said.code == 1
    assert said.codes == ["MAP502"]


def test_samples_of_two_syntaxes_are_no_format(gateway, tmp_path, sample):
    other = tmp_path / "order.xml"
    other.write_text("<a><b>1</b></a>")
    assert gateway("mapping", "new", "--json", "--like", sample, other).codes == ["MAP504"]
