"""The installed wheel away from the checkout: tables found, an overlay adds to them, a partner is a few lines."""

import json
import zipfile
from datetime import UTC, datetime, timedelta

NEW_FORMAT = """\
format: example/parcel-list-1
title: Parcel list of an example carrier
basis: made up for this test
syntax: xml
record: Message
root: parcels[@version='1']
fields:
  carrier: sender
  parcel:
    is: consignments
    fields:
      barcode:   {is: item_id, required: true, check: s10}
      posted:    {is: posted_at, date: iso}
      sold:      nature
      kilograms: {is: gross_mass, unit: KGM}
      shipping:  {is: postage, currency: "@currency"}
      from:
        is: consignor
        fields: &party
          name:     name
          street:   address.lines
          postcode: address.postcode
          city:     address.city
          country:  {is: address.country, check: iso3166}
          phone:    "communications[type=TE].value"
      to: {is: consignee, fields: *party}
      line:
        is: goods_items
        fields:
          text:   {is: description, check: description}
          pieces: quantity
          weight: {is: net_mass, unit: KGM}
          price:  {is: value, currency: "@currency"}
          code:   {is: hs_code, check: hs}
          made:   {is: origin, check: iso3166}
"""

NEW_PARCEL = """\
  <parcel>
    <barcode>{barcode}</barcode><posted>{posted}</posted><sold>11</sold><kilograms>0.620</kilograms>
    <shipping currency="EUR">6.40</shipping>
    <from>
      <name>Loja Exemplo Lda</name><street>Rua Exemplo 5</street><postcode>1000-001</postcode><city>Lisboa</city>
      <country>PT</country><phone>+351 210 000 000</phone>
    </from>
    <to>
      <name>Ana Example</name><street>1 Example Street</street><postcode>BT1 1AA</postcode><city>Belfast</city>
      <country>GB</country><phone>+44 28 9000 0000</phone>
    </to>
    <line>
      <text>T-shirt, cotton, knitted</text><pieces>2</pieces><weight>0.300</weight><price currency="EUR">24.00</price>
      <code>61091000</code><made>PT</made>
    </line>
    <line>
      <text>Mug, ceramic</text><pieces>1</pieces><weight>0.280</weight><price currency="EUR">11.50</price>
      <code>69120025</code><made>PT</made>
    </line>
  </parcel>
"""

NEW_PARTNER = """\
partner: new-post
party: {name: New Post, role: post, country: PT, ids: {upu: PTA}}
timezone: Europe/Lisbon
connections:
  live: {environment: production, sftp: gw@edi.example.org:2222, key: credential:sftp.new-post, host_keys: [KEY]}
  test: {environment: test, sftp: gw@edi-test.example.org, key: credential:sftp.new-post-test, host_keys: [KEY]}
sends:
  upu/itmatt-1.5: {from: out/*.xml, complete: stable 2 polls 30s, after: delete}
receives:
  upu/cusrsp-1: {to: in, name: "{control_reference}.xml", per_file: 200}
quiet: {warn: 12h}
"""
BARCODES = ("RR473124829PT", "RR473124832PT")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtt9BeozASVxdqCC/sAVBaE3IWgFPT+FD1dhH7egtl9"


def test_wheel_holds_tables_configuration_and_nothing_of_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"gateway", "adapters"}
    for needed in (
        "_mappings/upu/itmatt-1.5.yaml",
        "_mappings/customs/uk/h7.yaml",
        "_config/demo/uk-customs/script.yaml",
        "locale/fr/LC_MESSAGES/gateway.mo",
        "locale/es/LC_MESSAGES/gateway.mo",
        "workbench/propose/synonyms.csv",
        "workbench/document/page.css",
        "workbench/document/search.js",
    ):
        assert f"gateway/{needed}" in names


def test_tables_are_found_in_the_wheel(installed):
    names = {head["format"] for head in installed.json("formats")["formats"]}
    assert {"upu/itmatt-1.5", "upu/cusrsp-1", "customs/uk/h7", "customs/uk/response"} <= names
    asked = "from gateway.mapping.registry import shipped; print(shipped())"
    assert installed.run("-c", asked, program="python").stdout.strip() == str(installed.site / "gateway" / "_mappings")


def test_the_wheel_speaks_french_and_documents_its_formats(installed, tmp_path):
    done = installed.run("mapping", "document", "upu/cusrsp-1", "--out", tmp_path / "pages", "--language", "fr")
    assert done.returncode == 0, done.stderr
    assert "Éléments du message" in (tmp_path / "pages" / "upu-cusrsp-1.html").read_text("utf-8")


def test_a_new_format_is_one_file_in_the_overlay(installed, tmp_path):
    tables = tmp_path / "tables"
    (tables / "example").mkdir(parents=True)
    (tables / "example" / "parcel-list-1.yaml").write_text(NEW_FORMAT)
    message = tmp_path / "parcels.xml"
    posted = datetime.now(UTC).date() - timedelta(days=2)
    parcels = "".join(NEW_PARCEL.format(barcode=barcode, posted=posted) for barcode in BARCODES)
    message.write_text(f'<parcels version="1">\n  <carrier>EXAMPLE</carrier>\n{parcels}</parcels>\n')
    done = installed.run("read", message, "--tables", tables)
    assert (done.returncode, done.stderr) == (0, "")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["item_id"] for record in records] == list(BARCODES)
    assert [goods["description"] for goods in records[0]["goods_items"]] == ["T-shirt, cotton, knitted", "Mug, ceramic"]
    assert "example/parcel-list-1" in installed.run("formats", "--tables", tables).stdout


def test_a_new_partner_is_at_most_fifteen_lines(installed, tmp_path):
    site = tmp_path / "site"
    assert installed.run("init", site).returncode == 0
    (site / "partners" / "new-post.yaml").write_text(NEW_PARTNER.replace("KEY", KEY))
    assert len(NEW_PARTNER.splitlines()) <= 15
    done = installed.run("config", "validate", site)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_partner_of_the_sample_is_at_most_fifteen_lines(installed, tmp_path):
    installed.run("init", tmp_path / "site")
    partners = list((tmp_path / "site" / "partners").glob("*.yaml"))
    assert partners
    assert all(len(file.read_text().splitlines()) <= 15 for file in partners)


def test_the_demonstration_runs_on_the_wheel(installed, tmp_path):
    data = installed.json("demo", "--items", "12", "--state", tmp_path / "demo")
    assert data["journal"]["items"] == 12
    assert data["partners"]["customs"] == data["journal"]["filings"] > 0
